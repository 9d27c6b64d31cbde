import Glibc
import Relay
import STUN
import STUNCodec
import SansIO
import Sockets
import TLS
import TURN
import Testing
import TransportAddress

/// TCP allocations on real sockets: our client, our server, and peers.
@Suite(.timeLimit(.minutes(1))) struct RelayedStreamTests {
  private func secureServer() throws -> (RunningServer, TLSContext) {
    let identity = try TLSIdentity(selfSignedFor: ["127.0.0.1"])
    let server = try RunningServer(
      secure: .init(at: ["127.0.0.1:0"], TLSContext(server: identity)),
      allowed: [RelayServerTests.peers])
    return (server, try TLSContext(clientTrusting: identity.chain))
  }

  private func server() throws -> RunningServer {
    try RunningServer(allowed: [RelayServerTests.peers])
  }

  @Test(
    "A client connects to a peer, and bytes go both ways over TCP and TLS",
    arguments: [false, true])
  func connect(isSecure: Bool) throws {
    let (server, context) = try secureServer()
    var alice = try streams(
      of: isSecure ? server.secureAddresses[0] : server.streamAddresses[0],
      over: isSecure ? .tls(context, name: "127.0.0.1") : .tcp)
    let relayed = try alice.allocated()
    let listener = try StreamListener(listeningAt: "127.0.0.2:0")
    #expect(alice.connect(to: listener.localAddress) == nil)
    #expect(alice.connect(to: listener.localAddress) == .underWay)
    let id = try alice.opened(listener.localAddress)
    let bob = try RawClient(acceptedBy: listener)
    #expect(bob.remoteAddress == relayed)
    try alice.bound(id)
    alice.send([1, 2, 3], on: id)
    #expect(try bob.bytes(3) == [1, 2, 3])
    bob.send([4, 5])
    #expect(try alice.data(2, on: id) == [4, 5])
    server.stop()
    #expect(server.failure == nil && server.drops.total == 0)
    #expect(server.traffic.sentByteCount == 3 && server.traffic.receivedByteCount == 2)
  }

  // Field report T7.
  @Test("What a peer has sent before its connection is bound arrives first")
  func early() throws {
    let server = try server()
    var alice = try streams(of: server.streamAddresses[0])
    let relayed = try alice.allocated()
    try alice.permitted("127.0.0.2")
    let bob = try RawClient(relayed, from: "127.0.0.2:0")
    bob.send(Array("hello, ".utf8))
    let id = try alice.attempted(bob.localAddress)
    bob.send(Array("Alice".utf8))
    try alice.bound(id)
    #expect(try alice.data(12, on: id) == Array("hello, Alice".utf8))
    server.stop()
  }

  @Test("A peer without a permission is closed at once, and its connection not indicated")
  func unpermitted() throws {
    let server = try server()
    var alice = try streams(of: server.streamAddresses[0])
    let relayed = try alice.allocated()
    let bob = try RawClient(relayed, from: "127.0.0.2:0")
    _ = try bob.end()
    #expect(try alice.next(before: alice.now.advanced(by: .milliseconds(50))) == .deadline)
    server.stop()
    #expect(server.drops[.noPermission] == 1)
  }

  @Test("A peer that nobody listens at is refused with 447, one that the policy refuses with 403")
  func refused() throws {
    let server = try server()
    var alice = try streams(of: server.streamAddresses[0])
    _ = try alice.allocated()
    let closed: TransportAddress = "127.0.0.2:1"
    alice.connect(to: closed)
    #expect(try alice.failed(closed) == .error(.connectionTimeoutOrFailure))
    guard case .tooEarly? = alice.connect(to: closed) else {
      Issue.record("it may be asked for at once")
      return
    }
    let refused: TransportAddress = "127.0.0.3:80"
    alice.connect(to: refused)
    #expect(try alice.failed(refused) == .error(.forbidden))
    server.stop()
  }

  @Test("From one relayed address go connections to several peers, and to another relayed address")
  func several() throws {
    let server = try server()
    var alice = try streams(of: server.streamAddresses[0])
    var carol = try streams(of: server.streamAddresses[0])
    let (first, second) = (try alice.allocated(), try carol.allocated())
    let listeners = try (0..<3).map { _ in try StreamListener(listeningAt: "127.0.0.2:0") }
    for (number, listener) in listeners.enumerated() {
      alice.connect(to: listener.localAddress)
      let id = try alice.opened(listener.localAddress)
      let bob = try RawClient(acceptedBy: listener)
      #expect(bob.remoteAddress == first)
      try alice.bound(id)
      alice.send([UInt8(number)], on: id)
      #expect(try bob.bytes(1) == [UInt8(number)])
    }
    try carol.permitted(first.address)
    alice.connect(to: second)
    let here = try alice.opened(second)
    let there = try carol.attempted(first)
    try carol.bound(there)
    try alice.bound(here)
    alice.send([42], on: here)
    #expect(try carol.data(1, on: there) == [42])
    server.stop()
  }

  @Test(
    "A mebibyte both ways arrives whole and in order, over TCP and TLS", arguments: [false, true])
  func bulk(isSecure: Bool) throws {
    let (server, context) = try secureServer()
    var alice = try streams(
      of: isSecure ? server.secureAddresses[0] : server.streamAddresses[0],
      over: isSecure ? .tls(context, name: "127.0.0.1") : .tcp)
    _ = try alice.allocated()
    let (bob, id) = try alice.connected()
    let data = (0..<1 << 20).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) }
    let isTaken = alice.send(data, on: id)
    #expect(isTaken)
    bob.send(data)
    // Bob's end is only looked at while he waits; the kernel and the relay hold the rest meanwhile.
    var back: [UInt8] = []
    let end = alice.now.advanced(by: .seconds(20))
    var there: [UInt8] = []
    while back.count < data.count || there.count < data.count {
      guard alice.now < end else { throw Failure("\(back.count), \(there.count)") }
      there += try bob.available(before: .milliseconds(1))
      if case .data(let bytes, id) = try alice.next(
        before: alice.now.advanced(by: .milliseconds(1)))
      {
        back += bytes
      }
    }
    #expect(back == data && there == data)
    server.stop()
  }

  @Test("A reader that does not read makes the sender wait, and gets all when it reads again")
  func backPressure() throws {
    let server = try server()
    var alice = try streams(of: server.streamAddresses[0])
    _ = try alice.allocated()
    let (bob, id) = try alice.reached()
    let data = try RawClient(server.streamAddresses[0])
    try data.bind(id)
    let count = 64 << 20
    data.send([UInt8](repeating: 7, count: count))
    data.finish()
    // Two kernels' buffers and what the relay holds.
    #expect(try data.sentWhileUnread() < count / 2)
    var arrived = 0
    let end = ContinuousClock.now.advanced(by: .seconds(30))
    while arrived < count, ContinuousClock.now < end {
      for _ in 0..<32 { arrived += try bob.available(before: .milliseconds(1)).count }
      _ = try data.available(before: .milliseconds(1))
    }
    #expect(arrived == count)
    server.stop()
  }

  @Test(
    "When one side says that nothing follows, the other may still answer", arguments: [false, true])
  func halfClose(byClient: Bool) throws {
    let server = try server()
    var alice = try streams(of: server.streamAddresses[0])
    _ = try alice.allocated()
    let (bob, id) = try alice.connected()
    bob.outlivesEnd()
    if byClient {
      alice.send([1, 2, 3], on: id)
      alice.finish(id)
      #expect(try bob.rest() == [1, 2, 3])
      bob.send([4, 5])
      bob.finish()
      #expect(try alice.data(2, on: id) == [4, 5])
      #expect(try alice.closed(id) == .closed)
    } else {
      bob.send([1, 2, 3])
      bob.finish()
      #expect(try alice.data(3, on: id) == [1, 2, 3])
      try alice.finished(id)
      alice.send([4, 5], on: id)
      alice.finish(id)
      #expect(try bob.rest() == [4, 5])
    }
    server.stop()
    #expect(server.connectionEnds[.closedByClient] == 1)
  }

  /// What ends a connection.
  enum End: CaseIterable { case peer, client, allocation, control }

  @Test("Whatever ends, both sides of the connection end", arguments: End.allCases)
  func ends(_ end: End) throws {
    let server = try server()
    var alice = try streams(of: server.streamAddresses[0])
    _ = try alice.allocated()
    let (bob, id) = try alice.connected()
    switch end {
    case .peer:
      bob.finish()
      try alice.finished(id)
      alice.finish(id)
      #expect(try alice.closed(id) == .closed)
    case .client:
      alice.close(id)
      _ = try bob.end()
    case .allocation:
      alice.release()
      _ = try alice.ended(id)
      _ = try bob.end()
    case .control:
      _ = consume alice
      _ = try bob.end()
    }
    server.stop()
    #expect(server.failure == nil)
  }

  @Test("A control connection whose end a write finds is told as disconnected, once")
  func endFoundByWriting() throws {
    let server = try server()
    let listener = try StreamListener(listeningAt: "127.0.0.1:0")
    var alice = try streams(of: listener.localAddress)
    // Whatever passes between the two goes through the test's hands.
    var front: RawClient? = try RawClient(acceptedBy: listener)
    let back = try RawClient(server.streamAddresses[0])
    alice.allocate()
    try waitUntil {
      _ = try? alice.next(before: alice.now.advanced(by: .milliseconds(1)))
      if let bytes = try? front?.available(before: .milliseconds(1)) { back.send(bytes) }
      if let bytes = try? back.available(before: .milliseconds(1)) { front?.send(bytes) }
      return alice.allocated != nil
    }
    while try alice.next(before: alice.now) != .deadline {}
    // What the closed end has not read makes its kernel reset the connection.
    alice.permit(["127.0.0.2"])
    #expect(try alice.next(before: alice.now) == .deadline)
    front = nil
    alice.permit(["127.0.0.3"])
    let end = try alice.wait("end") {
      if case .disconnected(let end) = $0 { end } else { nil }
    }
    guard case .socket = end else {
      Issue.record("the write has not found it: \(end)")
      return
    }
    #expect(try alice.next(before: alice.now.advanced(by: .milliseconds(20))) == .deadline)
    server.stop()
  }

  // MARK: - Hostile clients

  @Test("What follows a ConnectionBind request is the peer's, though it looks like a message")
  func smuggled() throws {
    let server = try server()
    var alice = try streams(of: server.streamAddresses[0])
    _ = try alice.allocated()
    let (bob, id) = try alice.reached()
    let raw = try RawClient(server.streamAddresses[0])
    let request = bindingRequest()
    // In one segment with the request, and behind it: STUN, ChannelData, and neither.
    try raw.bind(id, with: request)
    raw.send(request + [0x40, 0, 0, 4, 1, 2, 3, 4] + Array("GET / HTTP/1.1\r\n".utf8))
    #expect(
      try bob.bytes(2 * request.count + 24)
        == request + request + [0x40, 0, 0, 4, 1, 2, 3, 4] + Array("GET / HTTP/1.1\r\n".utf8))
    bob.send(request)
    // Nothing of the server's comes before it.
    #expect(try raw.bytes(request.count) == request)
    server.stop()
  }

  @Test("A foreign ID and another user get an error, and the connection stays its user's")
  func thieves() throws {
    let users = try Authenticator(
      .longTerm(
        .init(
          realm: "example.org", passwords: ["alice": "pass", "eve": "word"],
          secret: Array(1...16))))
    let server = try RunningServer(
      allowed: [RelayServerTests.peers], authenticator: users)
    var alice = try streams(of: server.streamAddresses[0])
    _ = try alice.allocated()
    let (bob, id) = try alice.reached()
    for (user, password, id, code) in [
      ("alice", "pass", id ^ 1, ErrorCode.badRequest), ("eve", "word", id, .wrongCredentials),
      ("alice", "word", id, .unauthenticated),
    ] {
      let thief = try RawClient(server.streamAddresses[0])
      #expect(throws: Refused(code: code)) {
        try thief.bind(id, user: user, password: password)
      }
      // It is an ordinary connection still.
      thief.send(bindingRequest())
      #expect(try thief.message().type == .bindingSuccessResponse)
    }
    try alice.bound(id)
    alice.send([1], on: id)
    #expect(try bob.bytes(1) == [1])
    server.stop()
  }
}

/// The error code of a response.
struct Refused: Error, Equatable { let code: ErrorCode }

/// A client with a TCP allocation.
func streams(
  of server: TransportAddress, over transport: RelayedSocket.Transport = .tcp,
  from local: TransportAddress = "127.0.0.1:0"
) throws -> RelayedStreams {
  var options = TURNClient.Options()
  options.transport = .tcp
  return try RelayedStreams(
    TURNClient(
      server: server, username: "alice", password: "pass", options: options, over: .stream()),
    from: local, over: transport)
}

extension RelayedStreams {
  /// Waits for the event that `choose` finds something in.
  mutating func wait<Value>(
    _ what: String, _ choose: (Event) -> Value?
  ) throws -> Value {
    let end = now.advanced(by: .seconds(10))
    var seen: [Event] = []
    while true {
      let event = try next(before: end)
      if let value = choose(event) { return value }
      seen.append(event)
      if case .deadline = event { throw Failure("no \(what) among \(seen)") }
    }
  }

  mutating func allocated() throws -> TransportAddress {
    allocate()
    return try wait("allocation") {
      if case .turn(.allocated(let addresses)) = $0 { addresses.relayed[0] } else { nil }
    }
  }

  mutating func permitted(_ address: IPAddress) throws {
    permit([address])
    try wait("permission") { if case .turn(.permitted(address)) = $0 { () } else { nil } }
  }

  mutating func opened(_ peer: TransportAddress) throws -> UInt32 {
    try wait("connection") {
      if case .turn(.connection(.opened(let id, peer))) = $0 { id } else { nil }
    }
  }

  mutating func attempted(_ peer: TransportAddress) throws -> UInt32 {
    try wait("attempt") {
      if case .turn(.connection(.attempted(let id, peer))) = $0 { id } else { nil }
    }
  }

  mutating func failed(_ peer: TransportAddress) throws -> TURNClient.PeerFailure {
    try wait("failure") {
      if case .turn(.connection(.failed(peer, let failure))) = $0 { failure } else { nil }
    }
  }

  mutating func bound(_ id: UInt32) throws {
    try bind(id)
    try wait("binding") { if case .bound(id) = $0 { () } else { nil } }
  }

  mutating func finished(_ id: UInt32) throws {
    try wait("end") { if case .finished(id) = $0 { () } else { nil } }
  }

  /// Waits until nothing comes on a connection any more.
  mutating func ended(_ id: UInt32) throws {
    try wait("end") {
      switch $0 {
      case .finished(id), .closed(id, _): ()
      default: nil
      }
    }
  }

  mutating func closed(_ id: UInt32) throws -> StreamEnd {
    try wait("close") { if case .closed(id, let end) = $0 { end } else { nil } }
  }

  /// The next bytes of a connection, so many.
  mutating func data(_ count: Int, on id: UInt32) throws -> [UInt8] {
    var data: [UInt8] = []
    while data.count < count {
      data += try wait("data after \(data)") {
        if case .data(let bytes, id) = $0 { bytes } else { nil }
      }
    }
    return data
  }

  /// A peer that it has connected to, and the ID of the connection, which is not bound yet.
  mutating func reached() throws -> (RawClient, UInt32) {
    let listener = try StreamListener(listeningAt: "127.0.0.2:0")
    connect(to: listener.localAddress)
    let id = try opened(listener.localAddress)
    return (try RawClient(acceptedBy: listener), id)
  }

  /// A peer that it has connected to, and the connection's ID.
  mutating func connected() throws -> (RawClient, UInt32) {
    let (peer, id) = try reached()
    try bound(id)
    return (peer, id)
  }
}

extension RawClient {
  /// Binds this connection by hand, with bytes behind the request in the same segment.
  ///
  /// - Throws: ``Refused`` where the server refuses.
  func bind(
    _ id: UInt32, user: String = "alice", password: String = "pass", with early: [UInt8] = []
  ) throws {
    var session = try LongTermSession(username: user, password: password)
    var attempt = LongTermSession.Attempt()
    var generator = SystemRandomNumberGenerator()
    for early in [[], early] {
      session.began(&attempt)
      let request = try STUNMessage.encode(
        MessageType(.request, .connectionBind), transactionID: .random(using: &generator)
      ) { message in
        try message.append(connectionID: id)
        try session.protect(&message)
      }
      send(request + early)
      let response = try message()
      guard let code = try response.errorCode else { return }
      guard session.challenged(by: response.view, code, &attempt) == .retry else {
        throw Refused(code: code)
      }
    }
    throw Refused(code: .staleNonce)
  }
}
