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

/// Clients over TCP and TLS.
@Suite(.timeLimit(.minutes(1))) struct StreamTests {
  private func secureServer() throws -> (RunningServer, TLSContext) {
    let identity = try TLSIdentity(selfSignedFor: ["127.0.0.1"])
    let server = try RunningServer(
      secure: .init(at: ["127.0.0.1:0"], TLSContext(server: identity)),
      allowed: [RelayServerTests.peers])
    return (server, try TLSContext(clientTrusting: identity.chain))
  }

  @Test(
    "Data of every length go to a peer and back over TCP and TLS, as indications and by a channel",
    arguments: [false, true])
  func relays(isSecure: Bool) throws {
    // Lengths that are no multiples of four: their padding is not the peer's (T3).
    let (server, context) = try secureServer()
    var alice =
      if isSecure {
        try streamClient(
          of: server.secureAddresses[0], over: .tls(context, name: "127.0.0.1"))
      } else {
        try streamClient(of: server.addresses[0])
      }
    let peer = try alice.open("127.0.0.2:0")
    let socket = try #require(alice[peer])
    let relayed = try alice.allocated()
    for count in Array(0...9) + [1200, 40_000] {
      let data = [UInt8](repeating: UInt8(count % 251), count: count)
      #expect(try alice.send(data, to: socket.localAddress) == nil)
      let there = try alice.wait {
        if case .datagram(let bytes, relayed, peer) = $0 { bytes } else { nil }
      }
      #expect(there == data)
      try socket.send(data.span, to: relayed)
      #expect(try alice.data().data == data)
    }
    alice.release()
    _ = try alice.wait { if case .turn(.ended(.released)) = $0 { true } else { nil } }
    server.stop()
    #expect(server.failure == nil && server.drops.total == 0)
  }

  @Test("A client over TCP and one over UDP talk to each other")
  func mixed() throws {
    let server = try RunningServer()
    var alice = try streamClient(of: server.addresses[0])
    var bob = try client(of: server.addresses[0])
    let (first, second) = (try alice.allocated(), try bob.allocated())
    bob.permit([first.address])
    _ = try bob.wait { if case .turn(.permitted) = $0 { true } else { nil } }
    try alice.send([1, 2, 3, 4, 5], to: second)
    _ = try alice.wait { if case .turn(.permitted) = $0 { true } else { nil } }
    _ = try alice.next(before: alice.now)
    let (data, peer) = try bob.data()
    #expect(data == [1, 2, 3, 4, 5] && peer == first)
    server.stop()
  }

  @Test("However a request is cut into segments, it is answered; and several at once, each")
  func segments() throws {
    let server = try RunningServer()
    let raw = try RawClient(server.streamAddresses[0])
    let request = bindingRequest()
    for split in 1..<request.count {
      raw.send(Array(request[..<split]))
      raw.send(Array(request[split...]))
      #expect(try raw.message().xorMappedAddress == raw.localAddress)
    }
    raw.send(request + request + request)
    for _ in 0..<3 { #expect(try raw.message().type == .bindingSuccessResponse) }
    server.stop()
  }

  @Test("An allocation is over with its connection")
  func connectionClosed() throws {
    let server = try RunningServer()
    do {
      var alice = try streamClient(of: server.addresses[0])
      _ = try alice.allocated()
    }
    try waitUntil {
      server.hasReported {
        if case .ended(_, _, _, .connectionClosed) = $0 { true } else { false }
      }
    }
    server.stop()
    #expect(server.connectionEnds[.closedByClient] >= 1)
  }

  /// Bytes after which nothing can be told apart, and the reason that is counted.
  static let foreign: [(bytes: [UInt8], reason: STUNDecodingError.Code)] = [
    (Array("SSH-2.0-OpenSSH_9.2\r\n".utf8), .notAFrame),
    // Its first bytes would be channel 0x4745, and a length that never comes.
    (Array("GET / HTTP/1.1\r\n".utf8), .notAFrame),
    ([0x40], .notAFrame), ([0x40, 0, 0, 4, 1, 2, 3, 4], .notAFrame),
    ([0x80, 0, 0, 0], .notAFrame),
    ([0, 1, 0, 3], .lengthNotMultipleOfFour),
    ([0, 1, 0, 0, 1, 2, 3, 4], .wrongMagicCookie),
  ]

  /// The same behind a sound message, when ChannelData may come.
  static let foreignLater: [(bytes: [UInt8], reason: STUNDecodingError.Code)] = [
    ([0x80], .notAFrame), ([0xFF, 0, 0, 0], .notAFrame),
    // Channel numbers that RFC 5766 had, and `POST / HTTP/1.1`.
    ([0x50], .notAFrame), ([0x7F, 0xFF, 0, 0], .notAFrame),
    (Array("POST / HTTP/1.1\r\n".utf8), .notAFrame),
    // T4: with 16 bits the padded length would wrap, and what follows be read as messages.
    ([0x40, 0, 0xFF, 0xFD], .frameTooLong), ([0x40, 0, 0xFF, 0xFF], .frameTooLong),
  ]

  @Test("Junk ends the connection for a named reason, and is not searched", arguments: foreign)
  func junk(bytes: [UInt8], reason: STUNDecodingError.Code) throws {
    let server = try RunningServer()
    let raw = try RawClient(server.streamAddresses[0])
    // A sound request after it is not answered.
    raw.send(bytes + bindingRequest())
    switch try raw.end() {
    case .closed, .socket: break
    case let other: Issue.record("\(other)")
    }
    server.stop()
    #expect(server.connectionEnds[.framing(reason)] == 1, "\(server.connectionEnds)")
  }

  @Test("Junk behind a sound message ends the connection, too", arguments: foreignLater)
  func laterJunk(bytes: [UInt8], reason: STUNDecodingError.Code) throws {
    // Also where former channel numbers may be bound, as none is.
    let server = try RunningServer(channelNumbers: ChannelNumber.formerValues)
    let raw = try RawClient(server.streamAddresses[0])
    raw.send(bindingRequest())
    #expect(try raw.message().type == .bindingSuccessResponse)
    raw.send(bytes + bindingRequest())
    switch try raw.end() {
    case .closed, .socket: break
    case let other: Issue.record("\(other)")
    }
    server.stop()
    #expect(server.connectionEnds[.framing(reason)] == 1, "\(server.connectionEnds)")
  }

  @Test("A client that has bound a former channel number may send by it, on its stream too")
  func formerNumber() throws {
    let server = try RunningServer(
      allowed: [.init("127.0.0.0", prefixLength: 8)],
      channelNumbers: ChannelNumber.formerValues)
    let raw = try RawClient(server.streamAddresses[0])
    var session = try LongTermSession(username: "alice", password: "pass")
    func ask(
      _ method: STUNMethod, _ body: (inout STUNMessageBuilder) throws -> Void
    ) throws -> STUNMessage {
      var generator = SystemRandomNumberGenerator()
      raw.send(
        try STUNMessage.encode(
          MessageType(.request, method), transactionID: .random(using: &generator)
        ) {
          try body(&$0)
          try session.protect(&$0)
        })
      return try raw.message()
    }
    let challenge = try ask(.allocate) { try $0.append(requestedTransport: 17) }
    var attempt = LongTermSession.Attempt()
    let reaction = session.challenged(by: challenge.view, .unauthenticated, &attempt)
    #expect(reaction == .retry)
    #expect(
      try ask(.allocate) { try $0.append(requestedTransport: 17) }.type.class == .successResponse)
    let bound = try ask(.channelBind) {
      try $0.append(.channelNumber, bytes: [0x50, 0x4F, 0, 0])
      // The relay itself has the first address there.
      try $0.append(xorPeerAddress: "127.0.0.2:9")
    }
    #expect(bound.type.class == .successResponse)
    raw.send([0x50, 0x4F, 0, 4, 1, 2, 3, 4] + bindingRequest())
    #expect(try raw.message().type == .bindingSuccessResponse)
    server.stop()
    #expect(server.drops.total == 0)
  }

  @Test("TLS handshakes of one address are limited by rate")
  func handshakes() throws {
    let identity = try TLSIdentity(selfSignedFor: ["127.0.0.1"])
    let server = try RunningServer(
      secure: .init(at: ["127.0.0.1:0"], TLSContext(server: identity)),
      connections: ConnectionLimits(handshakesPerSecond: 1, handshakesAtOnce: 2))
    let context = try TLSContext(clientTrusting: identity.chain)
    for _ in 0..<2 {
      let client = try RawClient(server.secureAddresses[0], context)
      client.send(bindingRequest())
      _ = try client.message()
    }
    _ = try RawClient(server.secureAddresses[0], context).end()
    // Without TLS nothing is shaken.
    let plain = try RawClient(server.streamAddresses[0])
    plain.send(bindingRequest())
    _ = try plain.message()
    server.stop()
    #expect(server.connectionEnds[.tooManyHandshakes] == 1)
  }

  @Test("A client that does not speak TLS, or not TURN inside it, is told from one that closes")
  func notTLS() throws {
    let (server, context) = try secureServer()
    let plain = try RawClient(server.secureAddresses[0])
    plain.send(bindingRequest())
    _ = try plain.end()
    let junk = try RawClient(server.secureAddresses[0], context)
    junk.send([0x80])
    _ = try junk.end()
    let sound = try RawClient(server.secureAddresses[0], context)
    sound.send(bindingRequest())
    _ = try sound.message()
    server.stop()
    #expect(server.connectionEnds[.tls(.notTLS)] == 1)
    #expect(server.connectionEnds[.framing(.notAFrame)] == 1)
  }

  @Test("Whoever sends no whole message in time is closed, also in the middle of a handshake")
  func slow() throws {
    let identity = try TLSIdentity(selfSignedFor: ["127.0.0.1"])
    let server = try RunningServer(
      secure: .init(at: ["127.0.0.1:0"], TLSContext(server: identity)),
      connections: ConnectionLimits(firstMessage: .milliseconds(200)))
    let silent = try RawClient(server.streamAddresses[0])
    let half = try RawClient(server.streamAddresses[0])
    half.send(Array(bindingRequest()[..<19]))
    let shaking = try RawClient(server.secureAddresses[0])
    // The first bytes of a ClientHello.
    shaking.send([0x16, 3, 1, 2, 0, 1, 0, 1])
    _ = (try silent.end(), try half.end(), try shaking.end())
    server.stop()
    #expect(server.connectionEnds[.noMessage] == 3)
  }

  @Test("An idle connection without an allocation is closed, one with an allocation is not")
  func idle() throws {
    let server = try RunningServer(connections: ConnectionLimits(idle: .milliseconds(300)))
    var alice = try streamClient(of: server.addresses[0])
    _ = try alice.allocated()
    let idle = try RawClient(server.streamAddresses[0])
    idle.send(bindingRequest())
    _ = try idle.message()
    _ = try idle.end()
    // By now the other is past the limit, too.
    alice.permit(["127.0.0.1"])
    _ = try alice.wait { if case .turn(.permitted) = $0 { true } else { nil } }
    server.stop()
    #expect(server.connectionEnds[.idle] == 1)
  }

  @Test("Connections are limited, from one address and in all")
  func limits() throws {
    for (limits, reason) in [
      (ConnectionLimits(perAddress: 3), ConnectionEnd.tooManyFromAddress),
      (ConnectionLimits(total: 3), .tooMany),
    ] {
      let server = try RunningServer(connections: limits)
      let first = try RawClient(server.streamAddresses[0])
      let second = try RawClient(server.streamAddresses[0])
      let third = try RawClient(server.streamAddresses[0])
      let fourth = try RawClient(server.streamAddresses[0])
      _ = try fourth.end()
      first.send(bindingRequest())
      second.send(bindingRequest())
      _ = (try first.message(), try second.message())
      _ = consume third
      server.stop()
      #expect(server.connectionEnds[reason] == 1)
    }
  }

  /// Fills what may wait for a client that reads nothing.
  private func flood(_ server: RunningServer, _ relayed: TransportAddress) throws {
    let peer = try UDPSocket(boundTo: "127.0.0.2:0")
    let other = try RawClient(server.streamAddresses[0])
    let data = [UInt8](repeating: 7, count: 60_000)
    // The kernel's buffers of both ends have some megabytes.
    for _ in 0..<150 {
      for _ in 0..<10 { try peer.send(data.span, to: relayed) }
      // The server has taken what came before this, and serves others meanwhile.
      other.send(bindingRequest())
      _ = try other.message()
    }
  }

  /// A client with an allocation that the peer of `flood` may send to.
  private func permissive(_ server: RunningServer) throws -> RelayedSocket {
    var alice = try streamClient(of: server.addresses[0])
    _ = try alice.allocated()
    alice.permit(["127.0.0.2"])
    _ = try alice.wait { if case .turn(.permitted) = $0 { true } else { nil } }
    return alice
  }

  @Test("Data for a client that reads nothing are dropped and counted, and others are served")
  func slowReader() throws {
    let server = try RunningServer(
      connections: ConnectionLimits(waitingByteCount: 100_000),
      allowed: [RelayServerTests.peers])
    var alice = try permissive(server)
    try flood(server, try #require(alice.allocated?.relayed.first))
    // What was taken comes whole and in order once it is read.
    for _ in 0..<20 { #expect(try alice.data().data.count == 60_000) }
    server.stop()
    #expect(server.undelivered > 0)
    #expect(server.failure == nil)
  }

  @Test("A client that takes nothing of what waits for it is ended")
  func stalled() throws {
    let server = try RunningServer(
      connections: ConnectionLimits(
        idle: .milliseconds(200), stalled: .milliseconds(200), waitingByteCount: 100_000),
      allowed: [RelayServerTests.peers])
    let alice = try permissive(server)
    try flood(server, try #require(alice.allocated?.relayed.first))
    try waitUntil {
      server.hasReported {
        if case .ended(_, _, _, .connectionClosed) = $0 { true } else { false }
      }
    }
    server.stop()
    #expect(server.connectionEnds[.stalled] == 1)
    _ = consume alice
  }

  @Test("Whatever comes, the server goes on: bytes by chance, cut anywhere, over TCP and TLS")
  func chance() throws {
    let (server, context) = try secureServer()
    var generator = SeededGenerator(seed: 7)
    let sound = bindingRequest()
    for round in 0..<120 {
      let isSecure = round % 3 == 0
      let client =
        isSecure
        ? try RawClient(server.secureAddresses[0], context)
        : try RawClient(round % 3 == 1 ? server.streamAddresses[0] : server.secureAddresses[0])
      for _ in 0..<Int.random(in: 1...5, using: &generator) {
        var bytes = sound
        switch Int.random(in: 0..<4, using: &generator) {
        case 0: bytes = []
        case 1:
          bytes[Int.random(in: 0..<20, using: &generator)] ^=
            1 << UInt8.random(in: 0..<8, using: &generator)
        case 2: bytes.removeLast(Int.random(in: 0..<20, using: &generator))
        default: break
        }
        let count = Int.random(in: 0..<200, using: &generator)
        bytes += (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }
        client.send(bytes)
      }
    }
    for (address, context) in [
      (server.streamAddresses[0], nil), (server.secureAddresses[0], context),
    ] {
      let client = try RawClient(address, context)
      client.send(sound)
      #expect(try client.message().type == .bindingSuccessResponse)
    }
    server.stop()
    #expect(server.failure == nil)
  }
}
