import STUN
import STUNCodec
import SansIO
import TURN
import Testing
import TransportAddress

/// Servers of several threads, which share their quotas and know each other's relayed addresses.
@Suite struct SharedAllocationTests {
  private let shared = SharedAllocations()

  /// One of two servers.
  private func server(
    _ index: Int, _ configuration: TURNServer.Configuration
  ) throws -> TestServer {
    try TestServer(
      configuration.part(index, of: 2), sharing: shared, seed: UInt64(index + 1))
  }

  private func tuple(_ port: UInt16) -> FiveTuple {
    FiveTuple(.udp, local: serverAddress, remote: TransportAddress("192.0.2.7", port: port))
  }

  private func refusal(_ server: inout TestServer, _ port: UInt16) throws -> ErrorCode? {
    var client = try RawClient(tuple(port))
    return try client.refusal(&server, .allocate) { try $0.append(requestedTransport: 17) }
  }

  @Test("A user's quota is that of both servers, and what ends at one is free at the other")
  func quota() throws {
    var limits = TURNServer.Limits()
    limits.allocationsPerUser = 3
    var (first, second) = (
      try server(0, configuration(limits: limits)), try server(1, configuration(limits: limits))
    )
    var alice = try RawClient(tuple(1))
    try alice.allocate(&first)
    #expect(try refusal(&second, 2) == nil)
    #expect(try refusal(&first, 3) == nil)
    #expect(try refusal(&second, 4) == .allocationQuotaReached)
    #expect(try refusal(&first, 5) == .allocationQuotaReached)
    #expect(shared.allocationCount == 3)
    _ = try alice.ask(&first, .refresh) { try $0.append(lifetime: 0) }
    #expect(try refusal(&second, 6) == nil)
    #expect(shared.allocationCount == 3)
    try first.advance(to: .seconds(600))
    try second.advance(to: .seconds(600))
    #expect(shared.allocationCount == 0)
  }

  @Test("A reserved port counts at both, and a refusal for want of ports takes nothing")
  func reservation() throws {
    let limits = TURNServer.Limits(allocationsPerUser: 2)
    let configuration = try configuration(ports: 50000...50003, limits: limits)
    var (first, second) = (try server(0, configuration), try server(1, configuration))
    var alice = try RawClient(tuple(1))
    try alice.allocate(&first) { try $0.append(evenPortReservesNext: true) }
    #expect(try refusal(&second, 2) == .allocationQuotaReached)
    _ = try alice.ask(&first, .refresh) { try $0.append(lifetime: 0) }
    try first.advance(to: .seconds(30))
    var bob = try RawClient(tuple(3))
    try bob.allocate(&second) { try $0.append(evenPortReservesNext: false) }
    // An odd port alone is left, so it is 508 each time, and not 486 in the end.
    var other = try RawClient(tuple(4))
    for _ in 0..<4 {
      let code = try other.refusal(&second, .allocate) {
        try $0.append(requestedTransport: 17)
        try $0.append(evenPortReservesNext: false)
      }
      #expect(code == .insufficientCapacity)
    }
    #expect(shared.allocationCount == 1)
  }

  @Test("Data go to a relayed address of the other server, and to no other port of the host")
  func peers() throws {
    var (first, second) = (
      try server(0, configuration()), try server(1, configuration())
    )
    var (alice, bob) = (try RawClient(tuple(1)), try RawClient(tuple(2)))
    let own = try alice.allocate(&first)
    let relayed = try bob.allocate(&second)
    try alice.permit(&first, relayed)
    let data = try alice.send([1], to: relayed)
    guard
      case .relay(_, to: relayed, from: own, dontFragment: false) = try first.receive(
        data, on: alice.tuple
      ).verdict
    else {
      Issue.record("not relayed")
      return
    }
    let port = TransportAddress(relayed.address, port: relayed.port ^ 1)
    let nowhere = try alice.send([1], to: port)
    #expect(try first.receive(nowhere, on: alice.tuple).verdict == .drop(.refusedPeer))
    _ = try bob.ask(&second, .refresh) { try $0.append(lifetime: 0) }
    #expect(try first.receive(data, on: alice.tuple).verdict == .drop(.refusedPeer))
  }

  @Test(
    "The parts of a range are all of it, have no port twice, and leave pairs together",
    arguments: [(50000...50007), (50001...50008), (50001...50021), (1...65535)], 1...4)
  func parts(range: ClosedRange<Int>, count: Int) throws {
    let ports = UInt16(range.lowerBound)...UInt16(range.upperBound)
    let whole = try configuration(ports: ports)
    let parts = try (0..<count).map { try #require(whole.part($0, of: count).ipv4?.ports) }
    #expect(
      parts.first?.lowerBound == ports.lowerBound && parts.last?.upperBound == ports.upperBound)
    for (part, next) in zip(parts, parts.dropFirst()) {
      #expect(part.upperBound + 1 == next.lowerBound && next.lowerBound % 2 == 0)
    }
  }
  @Test("A server that is alone has the whole range, be it one port", arguments: [1, 50001])
  func whole(port: UInt16) throws {
    let range = try configuration(ports: port...port)
    #expect(range.part(0, of: 1).ipv4?.ports == port...port)
  }
}
