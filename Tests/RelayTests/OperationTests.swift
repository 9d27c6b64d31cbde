import Relay
import STUN
import STUNCodec
import SansIO
import Sockets
import TLS
import TURN
import Testing
import TransportAddress

/// What an operator does to a server that runs.
@Suite(.timeLimit(.minutes(1))) struct OperationTests {
  /// The configuration of a server at 127.0.0.1, with these peers and limits.
  private func configuration(
    _ allowed: [PeerPolicy.Block] = [], _ limits: TURNServer.Limits = .init()
  ) throws -> TURNServer.Configuration {
    try TURNServer.Configuration(
      ipv4: .init("127.0.0.1"), policy: PeerPolicy(allowed: allowed), limits: limits)
  }

  private func users(_ passwords: [String: String]) throws -> Authenticator {
    Authenticator(
      .longTerm(try .init(realm: "example.org", passwords: passwords, secret: Array(1...16))))
  }

  @Test("A new certificate is shown to new connections, and one that exists goes on")
  func certificate() throws {
    let (old, new) = (
      try TLSIdentity(selfSignedFor: ["127.0.0.1"]), try TLSIdentity(selfSignedFor: ["127.0.0.1"])
    )
    let server = try RunningServer(
      secure: .init(at: ["127.0.0.1:0"], TLSContext(server: old)))
    let address = server.secureAddresses[0]
    let before = try RawClient(address, TLSContext(clientTrusting: old.chain))
    before.send(bindingRequest())
    #expect(try before.message().xorMappedAddress == before.localAddress)

    let context = try TLSContext(server: new)
    server.change { $0.renew(context) }
    before.send(bindingRequest())
    #expect(try before.message().xorMappedAddress == before.localAddress)
    let after = try RawClient(address, TLSContext(clientTrusting: new.chain))
    after.send(bindingRequest())
    #expect(try after.message().xorMappedAddress == after.localAddress)
    let late = try RawClient(address, TLSContext(clientTrusting: old.chain))
    guard case .tls(let failure) = try late.end() else {
      Issue.record("the old certificate is shown")
      return
    }
    #expect(failure.reason == .unknownIssuer)
    server.stop()
    #expect(server.failure == nil)
  }

  @Test("A user who is removed is refused, one who is added gets in, and no allocation ends")
  func newUsers() throws {
    let server = try RunningServer()
    var alice = try client(of: server.addresses[0])
    _ = try alice.allocated()
    let (configuration, users) = (try configuration(), try users(["bob": "word"]))
    server.change { $0.reconfigure(configuration, authenticator: users) }
    var bob = try client(of: server.addresses[0], user: "bob", password: "word")
    _ = try bob.allocated()
    var late = try client(of: server.addresses[0])
    late.allocate()
    #expect(
      try late.wait { if case .turn(.ended(let end)) = $0 { end } else { nil } }
        == TURNClient.End.failed(.refused(.unauthenticated)))
    #expect(server.figures.allocations == 2)
    server.stop()
  }

  @Test("A peer that is denied from now on is refused at the next request")
  func newPolicy() throws {
    let server = try RunningServer(allowed: [RelayServerTests.peers])
    var alice = try client(of: server.addresses[0])
    _ = try alice.allocated()
    alice.permit(["127.0.0.2"])
    _ = try alice.wait { if case .turn(.permitted) = $0 { true } else { nil } }
    let (configuration, users) = (try configuration(), try users(["alice": "pass"]))
    server.change { $0.reconfigure(configuration, authenticator: users) }
    var other = try client(of: server.addresses[0])
    _ = try other.allocated()
    other.permit(["127.0.0.2"])
    let why = try other.wait { event -> TURNClient.PeerFailure? in
      if case .turn(.refused(_, let why)) = event { why } else { nil }
    }
    #expect(why == .error(.forbidden))
    server.stop()
  }

  @Test("A quota that shrinks refuses the next allocation, and keeps those that there are")
  func newQuota() throws {
    let server = try RunningServer()
    var clients = try (1...2).map { _ in try BoxedClient(server.addresses[0]) }
    for client in clients { _ = try client.socket.allocated() }
    let configuration = try configuration([], .init(allocationsPerUser: 1))
    let users = try users(["alice": "pass"])
    server.change { $0.reconfigure(configuration, authenticator: users) }
    clients.append(try BoxedClient(server.addresses[0]))
    clients[2].socket.allocate()
    #expect(
      try clients[2].socket.wait { if case .turn(.ended(let end)) = $0 { end } else { nil } }
        == TURNClient.End.failed(.refused(.allocationQuotaReached)))
    #expect(server.figures.allocations == 2)
    server.stop()
  }

  @Test("A client is sent on to another server, and allocates there")
  func alternate() throws {
    let (full, free) = (try RunningServer(), try RunningServer())
    let address = free.addresses[0]
    full.change { $0.alternateServer = address }
    var alice = try client(of: full.addresses[0])
    _ = try alice.allocated()
    #expect(full.figures.allocations == 0)
    #expect(free.figures.allocations == 1)
    full.change { $0.alternateServer = nil }
    var bob = try client(of: full.addresses[0])
    _ = try bob.allocated()
    #expect(full.figures.allocations == 1)
    full.stop()
    free.stop()
  }

  @Test("A server that is drained makes no allocations, and ends with the last that it has")
  func drain() throws {
    let server = try RunningServer(allowed: [RelayServerTests.peers])
    var alice = try client(of: server.addresses[0])
    let relayed = try alice.allocated()
    server.change { $0.drain(for: .seconds(60)) }
    var late = try client(of: server.addresses[0])
    late.allocate()
    #expect(
      try late.wait { if case .turn(.ended(let end)) = $0 { end } else { nil } }
        == TURNClient.End.failed(.refused(.insufficientCapacity)))
    let peer = try alice.open("127.0.0.2:0")
    let socket = try #require(alice[peer])
    try alice.send([7], to: socket.localAddress)
    let there: [UInt8] = try alice.wait {
      if case .datagram(let bytes, relayed, peer) = $0 { bytes } else { nil }
    }
    #expect(there == [7])
    alice.release()
    _ = try alice.wait { if case .turn(.ended) = $0 { true } else { nil } }
    try server.wait()
    #expect(server.pause == .drained && server.failure == nil)
  }

  @Test("A server that is drained ends when its time is up, whatever allocations there are")
  func drainDeadline() throws {
    let server = try RunningServer()
    var alice = try client(of: server.addresses[0])
    _ = try alice.allocated()
    server.change { $0.drain(for: .milliseconds(10)) }
    try server.wait()
    #expect(server.pause == .drained)
  }
}

/// A client in an array.
private final class BoxedClient {
  var socket: RelayedSocket
  init(_ server: TransportAddress) throws { socket = try client(of: server) }
}
