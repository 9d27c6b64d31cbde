import Relay
import STUN
import STUNCodec
import SansIO
import Sockets
import TURN
import Testing
import TransportAddress

/// A server of several threads is one server for its clients.
@Suite(.timeLimit(.minutes(1))) struct ThreadTests {
  @Test("Clients come to all threads, each with relayed ports of its own", arguments: 1...3)
  func both(count: Int) throws {
    let server = try RunningThreads(count)
    let clients = try server.clients(32)
    #expect(Set(clients.map(\.relayed)).count == 32)
    #expect(server.threads.allocationCount == 32)
    server.threads.finish()
    let figures = server.threads.figures
    #expect(figures.threads == count && figures.allocations == 32 && figures.allocated == 32)
  }

  @Test("A client's packets stay at one thread, and go to a peer and back")
  func data() throws {
    let server = try RunningThreads(2)
    for client in try server.clients(16) {
      let peer = try UDPSocket(boundTo: "127.0.0.2:0")
      try client.permit("127.0.0.2")
      for number: UInt8 in 1...4 {
        try peer.send([number].span, to: client.relayed)
        #expect(try client.socket.data().data == [number])
      }
    }
    server.threads.finish()
    #expect(server.threads.figures.traffic.receivedCount == 64)
    #expect(server.threads.figures.drops.isEmpty)
  }

  @Test("Clients of two threads talk to each other, and not to what is no relayed address")
  func together() throws {
    let server = try RunningThreads(2)
    let clients = try server.clients(32)
    let alice = try #require(clients.first { $0.thread == 0 })
    let bob = try #require(clients.first { $0.thread == 1 })
    try bob.permit("127.0.0.1")
    try alice.permit("127.0.0.1")
    try alice.socket.send(Array("hello".utf8), to: bob.relayed)
    let (data, peer) = try bob.socket.data()
    #expect(data == Array("hello".utf8) && peer == alice.relayed)

    let other = try UDPSocket(boundTo: "127.0.0.1:0")
    try alice.socket.send([1], to: other.localAddress)
    try bob.release()
    try alice.socket.send([2], to: bob.relayed)
    // An answer to what was sent after them.
    try alice.permit("127.0.0.2")
    server.threads.finish()
    let refused = server.threads.figures.drops.filter { $0.key.contains("policy refuses") }
    #expect(refused.values.reduce(0, +) == 2)
  }

  @Test("A user's quota and that of an address hold over all threads", arguments: [true, false])
  func quota(isUsers: Bool) throws {
    let limits = TURNServer.Limits(
      allocationsPerUser: isUsers ? 12 : 256, allocationsPerAddress: isUsers ? 256 : 12)
    let server = try RunningThreads(2, limits: limits)
    let clients = try server.clients(12)
    for _ in 0..<8 { #expect(try server.refusal() == .allocationQuotaReached) }
    for client in clients.prefix(2) { try client.release() }
    #expect(try server.refusal() == nil)
    #expect(try server.refusal() == nil)
    #expect(try server.refusal() == .allocationQuotaReached)
    server.threads.finish()
    #expect(server.threads.figures.allocations == 12)
  }

  @Test("A nonce of one thread is good at another")
  func nonce() throws {
    let server = try RunningThreads(2, listeningAt: ["127.0.0.1:0", "127.0.0.1:0"])
    var crossings = 0
    // They stay: the port of one that is gone may be given to the next, and its 5-tuple has an allocation.
    var clients: [NonceClient] = []
    for _ in 0..<32 {
      var client = try NonceClient()
      defer { clients.append(client) }
      let challenge = try client.allocate(at: server.threads.addresses[0])
      #expect(try challenge.errorCode == .unauthenticated)
      var attempt = LongTermSession.Attempt()
      #expect(client.session.challenged(by: challenge.view, .unauthenticated, &attempt) == .retry)
      let relayed = try server.threads.addresses.map { address in
        try #require(try client.allocate(at: address).xorRelayedAddress)
      }
      let threads = try relayed.map { try server.thread(of: $0) }
      if threads[0] != threads[1] { crossings += 1 }
    }
    #expect(crossings > 0)
    server.threads.finish()
  }

  @Test("Other users and limits count in all threads once the change returns")
  func reload() throws {
    let server = try RunningThreads(2)
    let clients = try server.clients(16)
    server.threads.reconfigure(
      try RunningThreads.configuration(.init(allocationsPerUser: 3)),
      authenticator: try RunningThreads.users(["bob": "word"]))
    for _ in 0..<8 { #expect(try server.refusal() == .unauthenticated) }
    var codes: [ErrorCode?] = []
    for _ in 0..<8 { codes.append(try server.refusal("bob", "word")) }
    #expect(
      codes == Array(repeating: nil, count: 3) + Array(repeating: .allocationQuotaReached, count: 5)
    )
    #expect(server.threads.allocationCount == clients.count + 3)
    server.threads.setAlternateServer("192.0.2.1:3478")
    server.threads.finish()
  }

  @Test("A drain ends with the last allocation of all threads; till then each serves its clients")
  func drain() throws {
    let server = try RunningThreads(3)
    var clients = try server.clients(48)
    server.threads.drain(for: .seconds(60))
    for _ in 0..<6 { #expect(try server.refusal() == .insufficientCapacity) }
    for client in clients where client.thread == 1 { try client.release() }
    clients.removeAll { $0.thread == 1 }
    for _ in 0..<6 { #expect(try server.refusal() == .insufficientCapacity) }
    for client in clients { try client.permit("127.0.0.2") }
    for client in clients { try client.release() }
    #expect(try server.threads.wait() == .drained)
    server.threads.finish()
    #expect(server.threads.figures.isDraining)
    let ends = server.reports.count { report in
      if case .turn(.ended(_, _, _, .released), _) = report { true } else { false }
    }
    #expect(ends == 48)
  }

  @Test("A drain whose time is up ends, though there are allocations")
  func impatience() throws {
    let server = try RunningThreads(2)
    let clients = try server.clients(16)
    server.threads.drain(for: .milliseconds(50))
    #expect(try server.threads.wait() == .drained)
    server.threads.finish()
    #expect(server.threads.figures.allocations == clients.count)
  }

  @Test("Figures are those of all threads, as often as was said")
  func figures() throws {
    let server = try RunningThreads(2, figuresInterval: .milliseconds(10))
    let clients = try server.clients(16)
    try waitUntil {
      server.reports.contains { report in
        guard case .figures(let figures) = report else { return false }
        return figures.allocations == clients.count && figures.threads == 2
      }
    }
    server.threads.finish()
  }

  @Test("A second server at the same address is refused, whatever its number of threads")
  func taken() throws {
    let server = try RunningThreads(2)
    for count in 1...2 {
      #expect(throws: SocketError.self) {
        _ = try RunningThreads(count, listeningAt: server.threads.addresses)
      }
    }
    server.threads.finish()
  }

  @Test("The connections of one address are at one thread, and addresses at all of them")
  func connections() throws {
    let server = try RunningThreads(2)
    let address = server.threads.streamAddresses[0]
    var seen: Set<Int> = []
    for host in 1...24 {
      let local = IPAddress.v4(IPv4Address(rawValue: 0x7F00_0100 + UInt32(host)))
      var threads: Set<Int> = []
      var sockets: [StreamBox] = []
      for _ in 0..<2 {
        let box = try StreamBox(address, from: TransportAddress(local, port: 0))
        threads.insert(try server.thread(of: box.relayed))
        sockets.append(box)
      }
      #expect(threads.count == 1)
      seen.formUnion(threads)
    }
    #expect(seen.count == 2)
    server.threads.finish()
    #expect(server.threads.figures.allocated == 48)
  }

  private final class StreamBox {
    var socket: RelayedSocket
    let relayed: TransportAddress

    init(_ server: TransportAddress, from local: TransportAddress) throws {
      socket = try RelayedSocket(
        TURNClient(
          server: server, username: "alice", password: "pass",
          over: .stream(timeout: .seconds(10))), boundTo: local, over: .tcp)
      relayed = try socket.allocated()
    }
  }

  @Test("A TCP allocation's data connections find it, whichever thread it is at")
  func dataConnections() throws {
    let server = try RunningThreads(2)
    let listener = try StreamListener(listeningAt: "127.0.0.2:0")
    for host in 1...6 {
      let local = TransportAddress(
        .v4(IPv4Address(rawValue: 0x7F00_0200 + UInt32(host))), port: 0)
      var alice = try streams(of: server.threads.streamAddresses[0], from: local)
      let relayed = try alice.allocated()
      #expect(alice.connect(to: listener.localAddress) == nil)
      let id = try alice.opened(listener.localAddress)
      let bob = try RawClient(acceptedBy: listener)
      #expect(bob.remoteAddress == relayed)
      try alice.bound(id)
      alice.send([1, 2, 3], on: id)
      #expect(try bob.bytes(3) == [1, 2, 3])
    }
    server.threads.finish()
  }
}

/// A client that asks at several addresses of a server from one port.
private struct NonceClient {
  let socket: UDPSocket
  var session: LongTermSession

  init() throws {
    socket = try UDPSocket(boundTo: "127.0.0.1:0")
    session = try LongTermSession(username: "alice", password: "pass")
  }

  /// The first response to an Allocate request.
  mutating func allocate(at server: TransportAddress) throws -> STUNMessage {
    var generator = SystemRandomNumberGenerator()
    let request = try STUNMessage.encode(
      MessageType(.request, .allocate), transactionID: .random(using: &generator)
    ) { message in
      try message.append(requestedTransport: 17)
      try session.protect(&message)
    }
    try socket.send(request.span, to: server)
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 2048, alignment: 16)
    defer { buffer.deallocate() }
    var response: STUNMessage?
    try waitUntil {
      guard let arrival = (try? socket.receive(into: buffer)) ?? nil else { return false }
      response = try? STUNMessage(Array(buffer[..<arrival.count]))
      return true
    }
    guard let response else { throw Failure("no response") }
    return response
  }
}
