import STUN
import STUNCodec
import SansIO
import TURN
import Testing
import TransportAddress

/// TCP connections with peers at the client, against our server (RFC 6062 §4).
@Suite struct ClientConnectionTests {
  var server: TestServer
  var client: TURNClient
  var generator = SeededGenerator(seed: 6062)
  var events: [TURNClient.Event] = []
  let control = aliceOverTCP
  let dataTuple = FiveTuple(.tcp, local: serverAddress, remote: "192.0.2.7:5001")

  init() throws {
    server = try TestServer(streamConfiguration())
    var options = TURNClient.Options()
    options.transport = .tcp
    client = try TURNClient(
      server: serverAddress, username: "alice", password: "pass", options: options,
      over: .stream())
  }

  /// Carries messages both ways until neither says anything.
  mutating func exchange() throws {
    while true {
      var isIdle = true
      while let action = client.nextAction() {
        isIdle = false
        switch action {
        case .send(let bytes, _):
          for (bytes, _) in try server.receive(bytes, on: control).sent { deliver(bytes) }
        case .report(let event): events.append(event)
        case .changeFiveTuple, .sendOnAdded, .useAdded: throw Failure("another 5-tuple")
        }
      }
      for (bytes, _) in try server.drain() {
        isIdle = false
        deliver(bytes)
      }
      if isIdle { return }
    }
  }

  @discardableResult
  mutating func deliver(_ bytes: [UInt8]) -> TURNClient.Incoming {
    client.received(bytes.span, from: serverAddress, at: server.now, using: &generator)
  }

  mutating func allocate() throws {
    client.started(at: server.now, using: &generator)
    try exchange()
    _ = try #require(client.allocated)
    events = []
  }

  /// Connects, as a driver whose connection is open at once.
  mutating func opened() throws -> UInt32 {
    #expect(client.connect(to: peer, at: server.now, using: &generator) == nil)
    try exchange()
    guard case .connect(let id, _, _)? = server.connectionActions.last else {
      throw Failure(server.connectionActions)
    }
    server.server.connected(id, at: server.now)
    try exchange()
    return id
  }

  /// Carries a data connection's messages both ways; what becomes of it.
  mutating func bind(
    _ data: inout TURNDataConnection, spoil: ([UInt8]) -> [UInt8] = { $0 }
  ) throws -> TURNDataConnection.Action? {
    data.started(at: server.now, using: &generator)
    while let action = data.nextAction() {
      guard case .send(let bytes) = action else { return action }
      for (bytes, tuple) in try server.receive(bytes, on: dataTuple).sent {
        #expect(tuple == dataTuple)
        data.received(spoil(bytes).span.bytes, at: server.now, using: &generator)
      }
    }
    return nil
  }

  @Test("A TCP allocation over datagrams is an error of the caller's")
  func datagrams() {
    var options = TURNClient.Options()
    options.transport = .tcp
    #expect(throws: TURNConfigurationError.needsStream) {
      try TURNClient(
        server: serverAddress, username: "alice", password: "pass", options: options)
    }
  }

  @Test("Connect is answered with the ID to bind")
  mutating func connect() throws {
    try allocate()
    let id = try opened()
    #expect(events == [.connection(.opened(id, peer))])
  }

  @Test("Without a TCP allocation, and for a peer of another family, the server is not asked")
  mutating func misuse() throws {
    #expect(client.connect(to: peer, at: .zero, using: &generator) == .noAllocation)
    try allocate()
    #expect(client.connect(to: peer6, at: .zero, using: &generator) == .familyMismatch)
    var buffer: [UInt8] = []
    #expect(
      client.send(copying: [1], into: &buffer, to: peer, at: .zero, using: &generator)
        == .dropped(.noDatagrams))
    #expect(client.dataConnection(1) != nil)
  }

  @Test("The server is asked for a peer once at a time")
  mutating func once() throws {
    try allocate()
    #expect(client.connect(to: peer, at: server.now, using: &generator) == nil)
    #expect(client.connect(to: peer, at: server.now, using: &generator) == .underWay)
    let other = TransportAddress(peer.address, port: 1)
    #expect(client.connect(to: other, at: server.now, using: &generator) == nil)
    try exchange()
    #expect(server.server.peerConnectionCount == 2)
  }

  @Test("After 447 a peer is asked for again after ten seconds, and not before")
  mutating func pause() throws {
    try allocate()
    #expect(client.connect(to: peer, at: server.now, using: &generator) == nil)
    try exchange()
    guard case .connect(let id, _, _)? = server.connectionActions.last else {
      throw Failure(server.connectionActions)
    }
    server.server.peerConnectionClosed(id)
    try exchange()
    #expect(events == [.connection(.failed(peer, .error(.connectionTimeoutOrFailure)))])
    server.now = .seconds(9)
    #expect(
      client.connect(to: peer, at: server.now, using: &generator)
        == .tooEarly(until: .seconds(10)))
    server.now = .seconds(10)
    #expect(client.connect(to: peer, at: server.now, using: &generator) == nil)
  }

  @Test("A peer that the policy refuses has failed, and the allocation lives")
  mutating func refused() throws {
    try allocate()
    let refused: TransportAddress = "10.0.0.1:80"
    #expect(client.connect(to: refused, at: server.now, using: &generator) == nil)
    try exchange()
    #expect(events == [.connection(.failed(refused, .error(.forbidden)))])
    #expect(client.allocated != nil)
  }

  @Test("A permitted peer's connection is reported with its ID")
  mutating func attempt() throws {
    try allocate()
    client.permit([peer.address], at: server.now, using: &generator)
    try exchange()
    let relayed = try #require(client.allocated?.relayed.first)
    let id = try server.taken(peer, at: relayed)
    try exchange()
    #expect(events == [.permitted(peer.address), .connection(.attempted(id, peer))])
  }

  @Test(
    "ConnectionAttempt without a permission, an ID or a peer, and with more that counts, is dropped"
  )
  mutating func badAttempts() throws {
    func attempt(
      _ body: (inout STUNMessageBuilder) throws -> Void
    ) throws -> [UInt8] {
      try STUNMessage.encode(
        MessageType(.indication, .connectionAttempt), transactionID: TransactionID(high: 1, low: 1),
        body)
    }
    let sound = try attempt {
      try $0.append(connectionID: 1)
      try $0.append(xorPeerAddress: peer)
    }
    #expect(deliver(sound) == .dropped(.notForClients))
    try allocate()
    #expect(deliver(sound) == .dropped(.noPermission))
    client.permit([peer.address], at: server.now, using: &generator)
    try exchange()
    #expect(
      deliver(try attempt { try $0.append(connectionID: 1) }) == .dropped(.malformedIndication))
    #expect(
      deliver(try attempt { try $0.append(xorPeerAddress: peer) })
        == .dropped(.malformedIndication))
    let unknown = try attempt {
      try $0.append(connectionID: 1)
      try $0.append(xorPeerAddress: peer)
      try $0.append(AttributeType(rawValue: 0x7FFF), bytes: [])
    }
    #expect(deliver(unknown) == .dropped(.malformedIndication))
    #expect(deliver(sound) == .handled)
  }

  // Scenario N3.
  @Test("A data connection takes up a fresh nonce, and is bound")
  mutating func bind() throws {
    try allocate()
    let id = try opened()
    // The client's nonce is stale by then.
    server.now = .seconds(25)
    var data = try #require(client.dataConnection(id))
    #expect(try bind(&data) == .bound([]))
    #expect(data.isBound && data.nextDeadline == nil)
    #expect(server.server.isDataConnection(dataTuple))
  }

  @Test("However the success response is cut, what is behind it is the peer's, message or not")
  mutating func early() throws {
    try allocate()
    let id = try opened()
    let connection = try #require(client.dataConnection(id))
    let early = STUNMessage.encode(
      .bindingRequest, transactionID: TransactionID(high: 1, low: 2))
    var copy = connection
    _ = try bind(&copy)
    server.server.connectionClosed(dataTuple)
    var second = try #require(client.dataConnection(try opened()))
    var first: [TURNDataConnection.Action] = []
    second.started(at: server.now, using: &generator)
    while let action = second.nextAction() {
      guard case .send(let bytes) = action else {
        first.append(action)
        continue
      }
      for (bytes, _) in try server.receive(bytes, on: dataTuple).sent {
        let isSuccess = try STUNMessage(bytes).type.class == .successResponse
        for byte in isSuccess ? bytes + early : bytes {
          guard !second.isBound else { break }
          second.received([byte].span.bytes, at: server.now, using: &generator)
        }
      }
    }
    // Byte by byte, nothing is behind it; at once, all is.
    #expect(first == [.bound([])])
    server.server.connectionClosed(dataTuple)
    var third = try #require(client.dataConnection(try opened()))
    let bound = try bind(&third) {
      ((try? STUNMessage($0))?.type.class == .successResponse) ? $0 + early : $0
    }
    #expect(bound == .bound(early))
  }

  @Test("An ID that is over fails with 400, no response with a timeout, junk as what it is")
  mutating func failures() throws {
    try allocate()
    var gone = try #require(client.dataConnection(7))
    #expect(try bind(&gone) == .failed(.refused(.badRequest)))
    var silent = try #require(client.dataConnection(7))
    silent.started(at: .zero, using: &generator)
    guard case .send? = silent.nextAction() else { throw Failure("nothing sent") }
    let deadline = try #require(silent.nextDeadline)
    silent.timerFired(at: deadline)
    #expect(silent.nextAction() == .failed(.timedOut))
    for junk: [UInt8] in [Array("HTTP/1.1 400 Bad Request\r\n".utf8), [0x40, 0, 0, 0]] {
      var data = try #require(client.dataConnection(7))
      data.started(at: .zero, using: &generator)
      _ = data.nextAction()
      data.received(junk.span.bytes, at: .zero, using: &generator)
      #expect(data.nextAction() == .failed(.malformedResponse))
    }
  }

  @Test("A success response that is not the server's fails")
  mutating func forged() throws {
    try allocate()
    let id = try opened()
    var data = try #require(client.dataConnection(id))
    let end = try bind(&data) { bytes in
      guard let message = try? STUNMessage(bytes), message.type.class == .successResponse else {
        return bytes
      }
      return STUNMessage.encode(message.type, transactionID: message.transactionID)
    }
    #expect(end == .failed(.integrityViolation))
  }
}
