import STUN
import STUNCodec
import SansIO
import TURN
import Testing
import TransportAddress

/// What may change while a server runs, and what goes on as it was.
@Suite struct ReconfigurationTests {
  var server: TestServer
  var client: RawClient

  init() throws {
    server = try TestServer()
    client = try RawClient()
    try client.allocate(&server)
  }

  private mutating func reconfigure(
    policy: PeerPolicy = .init(), limits: TURNServer.Limits = .init()
  ) throws {
    server.server.reconfigure(
      try configuration(ports: 40000...40001, policy: policy, limits: limits))
  }

  @Test("A denied peer keeps its permission, which is not refreshed: after 300 s it is over")
  mutating func policy() throws {
    try client.permit(&server, peer)
    let relayed = try #require(server.sockets.first)
    try reconfigure(
      policy: PeerPolicy(denied: [try .init(peer.address, prefixLength: 32)]))
    guard case .deliver = server.fromPeer([1], peer, to: relayed).verdict else {
      Issue.record("the permission is over at once")
      return
    }
    #expect(
      try client.refusal(&server, .createPermission) { try $0.append(xorPeerAddress: peer) }
        == .forbidden)
    try server.advance(to: .seconds(300))
    #expect(server.fromPeer([1], peer, to: relayed).verdict == .drop(.noPermission))
  }

  @Test("A quota below what there is refuses one more, and ends nothing")
  mutating func quota() throws {
    var other = try RawClient(FiveTuple(.udp, local: serverAddress, remote: "192.0.2.7:5001"))
    try other.allocate(&server)
    try reconfigure(limits: .init(allocationsPerUser: 1))
    var third = try RawClient(FiveTuple(.udp, local: serverAddress, remote: "192.0.2.7:5002"))
    #expect(
      try third.refusal(&server, .allocate) { try $0.append(requestedTransport: 17) }
        == .allocationQuotaReached)
    #expect(server.server.allocationCount == 2)
    #expect(try client.ask(&server, .refresh).type.class == .successResponse)
  }

  @Test("Where it relays from does not change")
  mutating func ports() throws {
    try reconfigure()
    var other = try RawClient(bob, user: "bob", password: "word")
    #expect(try (50000...50063).contains(other.allocate(&server).port))
  }

  @Test("Another authenticator counts from the next request on, for an allocation's user, too")
  mutating func users() throws {
    server.server.authenticator = Authenticator(
      .longTerm(
        try .init(realm: "example.org", passwords: ["bob": "word"], secret: [UInt8](1...16))))
    #expect(try client.refusal(&server, .refresh) == .unauthenticated)
    #expect(server.server.allocationCount == 1)
    var other = try RawClient(bob, user: "bob", password: "word")
    try other.allocate(&server)
  }

  @Test("A server that admits no allocations refuses new ones with 508, and refreshes the others")
  mutating func admission() throws {
    server.server.admitsAllocations = false
    var other = try RawClient(bob, user: "bob", password: "word")
    #expect(
      try other.refusal(&server, .allocate) { try $0.append(requestedTransport: 17) }
        == .insufficientCapacity)
    #expect(try client.ask(&server, .refresh).type.class == .successResponse)
    server.server.admitsAllocations = true
    try other.allocate(&server)
  }
}
