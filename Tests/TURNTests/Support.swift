import STUN
import STUNCodec
import SansIO
import TURN
import Testing
import TransportAddress

let serverAddress: TransportAddress = "198.51.100.1:3478"
let clientAddress: TransportAddress = "192.0.2.7:5000"
let alice = FiveTuple(.udp, local: serverAddress, remote: clientAddress)
let aliceOverTCP = FiveTuple(.tcp, local: serverAddress, remote: clientAddress)
let bob = FiveTuple(.udp, local: serverAddress, remote: "192.0.2.8:6000")
let peer: TransportAddress = "203.0.113.5:4000"
let peer6: TransportAddress = "[2001:db8::5]:4000"
let relayAddress: IPAddress = "198.51.100.1"
let relayAddress6: IPAddress = "2001:db8:1::1"

/// Something that should have happened and has not.
struct Failure: Error, CustomStringConvertible {
  let description: String
  init(_ what: Any) { description = "\(what)" }
}

/// A configuration with both families and few ports.
func configuration(
  ports: ClosedRange<UInt16> = 50000...50063, hasIPv6: Bool = true,
  policy: PeerPolicy = .init(), limits: TURNServer.Limits = .init(),
  canSetDontFragment: Bool = false
) throws -> TURNServer.Configuration {
  try TURNServer.Configuration(
    ipv4: .init(relayAddress, ports: ports),
    ipv6: hasIPv6 ? .init(relayAddress6, ports: ports) : nil, policy: policy, limits: limits,
    canSetDontFragment: canSetDontFragment)
}

/// Two users, `alice` and `bob`.
func authenticator(
  _ algorithms: [PasswordAlgorithm] = [.sha256, .md5], secret: [UInt8] = [UInt8](1...16)
) throws -> Authenticator {
  Authenticator(
    .longTerm(
      try .init(
        realm: "example.org", passwords: ["alice": "pass", "bob": "word"], secret: secret,
        algorithms: algorithms)))
}

/// A server with a driver that opens its sockets at once.
struct TestServer {
  var server: TURNServer
  var generator: SeededGenerator
  /// The relayed transport addresses whose sockets are open.
  var sockets: Set<TransportAddress> = []
  /// What is to be done for TCP connections with peers, in order.
  var connectionActions: [TURNServer.ConnectionAction] = []
  /// Ports that another program has.
  var occupied: Set<UInt16> = []
  var now = Instant.zero

  init(
    _ configuration: TURNServer.Configuration? = nil, authenticator: Authenticator? = nil,
    sharing shared: SharedAllocations? = nil, seed: UInt64 = 8656
  ) throws {
    generator = SeededGenerator(seed: seed)
    server = TURNServer(
      try configuration ?? TURNTests.configuration(),
      authenticator: try authenticator ?? TURNTests.authenticator(), sharing: shared,
      using: &generator)
  }

  /// What the server says to a datagram, and what it sends because of it.
  mutating func receive(
    _ bytes: [UInt8], on tuple: FiveTuple
  ) throws -> (verdict: TURNServer.Verdict, sent: [(bytes: [UInt8], tuple: FiveTuple)]) {
    let verdict = server.received(bytes.span, on: tuple, at: now, using: &generator)
    return (verdict, try drain())
  }

  /// Carries out what the server wants.
  @discardableResult
  mutating func drain() throws -> [(bytes: [UInt8], tuple: FiveTuple)] {
    var sent: [(bytes: [UInt8], tuple: FiveTuple)] = []
    while let action = server.nextAction() {
      switch action {
      case .send(let bytes, let tuple): sent.append((bytes, tuple))
      case .open(let address), .connection(.listen(let address)):
        guard !occupied.contains(address.port) else {
          server.openFailed(address, at: now, using: &generator)
          continue
        }
        guard sockets.insert(address).inserted else { throw Failure("\(address) opened twice") }
        server.opened(address)
      case .close(let address):
        guard sockets.remove(address) != nil || occupied.contains(address.port) else {
          throw Failure("\(address) closed and not open")
        }
      case .connection(let action): connectionActions.append(action)
      }
    }
    return sent
  }

  /// Lets time pass, and the timers with it.
  mutating func advance(to time: Instant) throws {
    while let deadline = server.nextDeadline, deadline <= time {
      now = max(now, deadline)
      server.timerFired(at: now)
      try drain()
    }
    now = time
  }

  /// The response to a request; nil where there is none.
  mutating func response(to request: [UInt8], on tuple: FiveTuple) throws -> STUNMessage? {
    let (_, sent) = try receive(request, on: tuple)
    guard let first = sent.first else { return nil }
    guard sent.count == 1, first.tuple == tuple else { throw Failure(sent) }
    return try STUNMessage(first.bytes)
  }

  /// The verdict on a peer's datagram, and the bytes that the client gets.
  mutating func fromPeer(
    _ data: [UInt8], _ peer: TransportAddress, to relayed: TransportAddress,
    headroom: Int = TURNServer.headroom, tailroom: Int = TURNServer.tailroom
  ) -> (verdict: TURNServer.Verdict, bytes: [UInt8]) {
    var buffer =
      [UInt8](repeating: 0xEE, count: headroom) + data + [UInt8](repeating: 0xEE, count: tailroom)
    var span = buffer.mutableSpan
    let verdict = server.receivedFromPeer(
      &span, payload: headroom..<headroom + data.count, from: peer, to: relayed, at: now,
      using: &generator)
    guard case .deliver(let range, _) = verdict else { return (verdict, []) }
    return (verdict, Array(buffer[range]))
  }
}

/// A client that says exactly what a test wants to be said.
struct RawClient {
  let tuple: FiveTuple
  var session: LongTermSession
  var number: UInt64 = 0

  init(_ tuple: FiveTuple = alice, user: String = "alice", password: String = "pass") throws {
    self.tuple = tuple
    session = try LongTermSession(username: user, password: password)
  }

  /// The same user on another 5-tuple.
  init(_ tuple: FiveTuple, _ session: LongTermSession, number: UInt64) {
    (self.tuple, self.session, self.number) = (tuple, session, number)
  }

  /// A protected request with a fresh transaction ID.
  mutating func request(
    _ method: STUNMethod, id: TransactionID? = nil,
    _ body: (inout STUNMessageBuilder) throws -> Void = { _ in }
  ) throws -> [UInt8] {
    number += 1
    let id = id ?? TransactionID(high: UInt32(tuple.remote.port), low: number)
    return try STUNMessage.encode(MessageType(.request, method), transactionID: id) { message in
      try body(&message)
      try session.protect(&message)
    }
  }

  /// The response to a request, after a challenge if there is one.
  mutating func ask(
    _ server: inout TestServer, _ method: STUNMethod,
    _ body: (inout STUNMessageBuilder) throws -> Void = { _ in }
  ) throws -> STUNMessage {
    var attempt = LongTermSession.Attempt()
    for _ in 0..<3 {
      let response = try #require(
        try server.response(to: request(method, body), on: tuple), "no response to \(method)")
      let code = try response.errorCode
      guard code == .unauthenticated || code == .staleNonce else { return response }
      guard session.challenged(by: response.view, code!, &attempt) == .retry else {
        return response
      }
    }
    throw Failure("challenged for ever")
  }

  /// The error code of the response to a request.
  mutating func refusal(
    _ server: inout TestServer, _ method: STUNMethod,
    _ body: (inout STUNMessageBuilder) throws -> Void = { _ in }
  ) throws -> ErrorCode? {
    try ask(&server, method, body).errorCode
  }

  /// Allocates, and gives the first relayed transport address.
  @discardableResult
  mutating func allocate(
    _ server: inout TestServer, _ body: (inout STUNMessageBuilder) throws -> Void = { _ in }
  ) throws -> TransportAddress {
    let response = try ask(&server, .allocate) {
      try $0.append(requestedTransport: 17)
      try body(&$0)
    }
    guard response.type.class == .successResponse else { throw Failure(try response.errorCode!) }
    return try #require(try response.xorRelayedAddress)
  }

  /// Installs permissions.
  mutating func permit(_ server: inout TestServer, _ peers: TransportAddress...) throws {
    let response = try ask(&server, .createPermission) {
      for peer in peers { try $0.append(xorPeerAddress: peer) }
    }
    guard response.type.class == .successResponse else { throw Failure(try response.errorCode!) }
  }

  /// Binds a channel.
  mutating func bind(
    _ server: inout TestServer, _ number: UInt16, to peer: TransportAddress
  ) throws -> ErrorCode? {
    try ask(&server, .channelBind) {
      try $0.append(.channelNumber, bytes: [UInt8(number >> 8), UInt8(number & 0xFF), 0, 0])
      try $0.append(xorPeerAddress: peer)
    }.errorCode
  }

  /// A Send indication.
  mutating func send(
    _ data: [UInt8], to peer: TransportAddress, dontFragment: Bool = false
  ) throws -> [UInt8] {
    number += 1
    return try STUNMessage.encode(
      MessageType(.indication, .send), transactionID: TransactionID(high: 9, low: number)
    ) { message in
      try message.append(xorPeerAddress: peer)
      try message.append(data: data.span.bytes)
      if dontFragment { try message.appendDontFragment() }
    }
  }
}
