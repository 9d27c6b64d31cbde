import STUN
import STUNCodec
import SansIO
import TURN
import Testing
import TransportAddress

/// TCP allocations and their connections with peers (RFC 6062 §5).
@Suite struct TCPAllocationTests {
  var server: TestServer
  var client: RawClient
  let dataConnection = FiveTuple(.tcp, local: serverAddress, remote: "192.0.2.7:5001")

  init() throws {
    var limits = TURNServer.Limits()
    limits.connectionsPerAllocation = 3
    server = try TestServer(streamConfiguration(limits: limits))
    client = try RawClient(aliceOverTCP)
  }

  // MARK: - Allocate (§5.1)

  @Test("A TCP allocation listens at its relayed address, and closes it at its end")
  mutating func allocate() throws {
    let relayed = try client.allocateTCP(&server)
    #expect(server.sockets == [relayed])
    #expect(try client.ask(&server, .refresh) { try $0.append(lifetime: 0) }.lifetime == 0)
    #expect(server.sockets.isEmpty && server.server.allocationCount == 0)
  }

  @Test("A TCP allocation has a relayed address of the family that is asked for, or of both")
  mutating func families() throws {
    let relayed = try client.allocateTCP(&server) {
      try $0.append(additionalAddressFamily: .ipv6)
    }
    #expect(relayed.address == relayAddress && server.sockets.count == 2)
    var other = try RawClient(dataConnection)
    let relayed6 = try other.allocateTCP(&server) {
      try $0.append(requestedAddressFamily: .ipv6)
    }
    #expect(relayed6.address == relayAddress6)
  }

  @Test("Over UDP a TCP allocation is refused with 400")
  mutating func overDatagrams() throws {
    var client = try RawClient(alice)
    let code = try client.refusal(&server, .allocate) { try $0.append(requestedTransport: 6) }
    #expect(code == .badRequest && server.sockets.isEmpty)
  }

  @Test(
    "With what is for UDP alone a TCP allocation is refused with 400",
    arguments: [AttributeType.evenPort, .reservationToken, .dontFragment])
  mutating func foreignAttributes(type: AttributeType) throws {
    let code = try client.refusal(&server, .allocate) {
      try $0.append(requestedTransport: 6)
      switch type {
      case .evenPort: try $0.append(evenPortReservesNext: false)
      case .reservationToken: try $0.append(reservationToken: 1)
      default: try $0.appendDontFragment()
      }
    }
    #expect(code == .badRequest && server.sockets.isEmpty)
  }

  @Test(
    "A server that relays no TCP, and a protocol that none relays, get 442",
    arguments: [(false, UInt8(6)), (true, 1), (true, 33), (true, 0)])
  func unsupported(relaysTCP: Bool, number: UInt8) throws {
    var configuration = try configuration()
    configuration.relaysTCP = relaysTCP
    var server = try TestServer(configuration)
    var client = client
    let code = try client.refusal(&server, .allocate) {
      try $0.append(requestedTransport: number)
    }
    #expect(code == .unsupportedTransportProtocol)
  }

  @Test("Where no TCP is relayed, Connect and ConnectionBind are unknown methods")
  func unknownMethods() throws {
    var server = try TestServer()
    var client = client
    for method in [STUNMethod.connect, .connectionBind] {
      let verdict = try server.receive(client.request(method), on: aliceOverTCP).verdict
      #expect(verdict == .drop(.unknownMethod))
    }
  }

  @Test("Datagrams and channels are not for a TCP allocation")
  mutating func datagrams() throws {
    try client.allocateTCP(&server)
    try client.permit(&server, peer)
    #expect(try client.bind(&server, 0x4000, to: peer) == .forbidden)
    let verdict = try server.receive(client.send([1], to: peer), on: aliceOverTCP).verdict
    #expect(verdict == .drop(.noDatagrams))
  }

  // MARK: - Connect (§5.2)

  @Test("Connect opens a connection from the relayed address; once it is open its ID is told")
  mutating func connect() throws {
    let relayed = try client.allocateTCP(&server)
    let id = try client.beginConnect(&server, peer)
    #expect(server.connectionActions == [.connect(id, from: relayed, to: peer)])
    server.server.connected(id, at: server.now)
    let sent = try server.drain()
    let response = try STUNMessage(#require(sent.first).bytes)
    #expect(sent.count == 1 && sent[0].tuple == aliceOverTCP)
    #expect(response.type == MessageType(.successResponse, .connect))
    #expect(try response.connectionID == id)
    let isProtected = client.session.protection.isSatisfied(by: response.view)
    #expect(isProtected)
  }

  @Test("A connection that cannot be opened is refused with 447, and may be asked for again")
  mutating func connectFailed() throws {
    try client.allocateTCP(&server)
    for _ in 0..<2 {
      let id = try client.beginConnect(&server, peer)
      server.server.peerConnectionClosed(id)
      #expect(try server.drainedError() == .connectionTimeoutOrFailure)
      #expect(server.server.peerConnectionCount == 0)
    }
  }

  @Test("A connection that is not open after 30 seconds is given up with 447, and not before")
  mutating func connectTimeout() throws {
    try client.allocateTCP(&server)
    let id = try client.beginConnect(&server, peer)
    server.now = .seconds(29)
    server.server.timerFired(at: server.now)
    #expect(try server.drain().isEmpty)
    server.now = .seconds(30)
    server.server.timerFired(at: server.now)
    #expect(try server.drainedError() == .connectionTimeoutOrFailure)
    #expect(server.connectionActions.last == .close(id))
    // What the driver says later changes nothing.
    server.server.connected(id, at: server.now)
    server.server.peerConnectionClosed(id)
    #expect(try server.drain().isEmpty)
  }

  @Test("A second connection with the same peer is refused with 446 while the first lives")
  mutating func connectionExists() throws {
    try client.allocateTCP(&server)
    let id = try client.beginConnect(&server, peer)
    #expect(try client.connectRefusal(&server, peer) == .connectionAlreadyExists)
    server.server.connected(id, at: server.now)
    try server.drain()
    #expect(try client.connectRefusal(&server, peer) == .connectionAlreadyExists)
    #expect(try client.bindConnection(&server, id, on: dataConnection) == nil)
    #expect(try client.connectRefusal(&server, peer) == .connectionAlreadyExists)
    server.server.peerConnectionClosed(id)
    _ = try client.beginConnect(&server, peer)
    // Another port is another peer.
    _ = try client.beginConnect(&server, TransportAddress(peer.address, port: 4001))
  }

  @Test("Connect without an allocation gets 437, and with one of UDP 403")
  mutating func connectWithout() throws {
    #expect(try client.connectRefusal(&server, peer) == .allocationMismatch)
    try client.allocate(&server)
    #expect(try client.connectRefusal(&server, peer) == .forbidden)
  }

  @Test("Connect without a peer, or with one that cannot be read, gets 400")
  mutating func connectToNobody() throws {
    try client.allocateTCP(&server)
    #expect(try client.refusal(&server, .connect) == .badRequest)
    let code = try client.refusal(&server, .connect) {
      try $0.append(.xorPeerAddress, bytes: [0, 1, 0, 80])
    }
    #expect(code == .badRequest)
  }

  @Test(
    "A peer that the policy refuses is refused with 403, and nothing is opened",
    arguments: [
      "127.0.0.1:80", "10.0.0.1:80", "169.254.169.254:80", "0.0.0.0:80", "224.0.0.1:80",
      "203.0.113.5:0",
      // Ports of the relay's own host that are no relayed addresses.
      "198.51.100.1:22", "198.51.100.1:3478",
    ] as [TransportAddress])
  mutating func policy(peer: TransportAddress) throws {
    try client.allocateTCP(&server)
    #expect(try client.connectRefusal(&server, peer) == .forbidden)
    #expect(server.connectionActions.isEmpty)
  }

  @Test(
    "An IPv6 address that carries a refused one is refused like it",
    arguments: ["[::ffff:127.0.0.1]:80", "[64:ff9b::7f00:1]:80", "[2002:7f00:1::]:80"]
      as [TransportAddress])
  mutating func embeddings(peer: TransportAddress) throws {
    try client.allocateTCP(&server) { try $0.append(requestedAddressFamily: .ipv6) }
    #expect(try client.connectRefusal(&server, peer) == .forbidden)
  }

  @Test("A peer of a family that the allocation has no address of gets 443")
  mutating func family() throws {
    try client.allocateTCP(&server)
    #expect(try client.connectRefusal(&server, peer6) == .peerAddressFamilyMismatch)
  }

  @Test("Of the relay's own ports those of TCP allocations can be connected to, those of UDP not")
  mutating func ownRelays() throws {
    try client.allocateTCP(&server)
    var tcp = try RawClient(dataConnection)
    let stream = try tcp.allocateTCP(&server)
    var udp = try RawClient(bob, user: "bob", password: "word")
    let datagrams = try udp.allocate(&server)
    _ = try client.beginConnect(&server, stream)
    #expect(try client.connectRefusal(&server, datagrams) == .forbidden)
    // Nor do datagrams go to a port of TCP, where a program beside the relay may have that of UDP.
    try udp.permit(&server, stream)
    let verdict = try server.receive(udp.send([1], to: stream), on: bob).verdict
    #expect(verdict == .drop(.refusedPeer))
  }

  @Test("More connections than an allocation may have are refused with 508")
  mutating func limit() throws {
    let relayed = try client.allocateTCP(&server)
    try client.permit(&server, peer)
    for port in [4000, 4001] as [UInt16] {
      _ = try client.beginConnect(&server, TransportAddress(peer.address, port: port))
    }
    let other = TransportAddress(peer.address, port: 9)
    #expect(server.accept(peer, at: relayed) == nil, "the peer has a connection already")
    let id = try server.taken(other, at: relayed)
    try server.drain()
    #expect(
      try client.connectRefusal(&server, TransportAddress(peer.address, port: 4002))
        == .insufficientCapacity)
    #expect(server.accept(TransportAddress(peer.address, port: 10), at: relayed) == nil)
    #expect(server.server.drops[.tooManyConnections] == 2)
    server.server.peerConnectionClosed(id)
    _ = try client.beginConnect(&server, TransportAddress(peer.address, port: 4002))
  }

  @Test("Another user cannot connect by the allocation of a 5-tuple")
  mutating func otherUser() throws {
    try client.allocateTCP(&server)
    var thief = try RawClient(aliceOverTCP, user: "bob", password: "word")
    #expect(try thief.connectRefusal(&server, peer) == .wrongCredentials)
  }

  // MARK: - ConnectionAttempt (§5.3)

  @Test("A permitted peer's connection is indicated with its ID and the peer's address")
  mutating func attempt() throws {
    let relayed = try client.allocateTCP(&server)
    try client.permit(&server, TransportAddress(peer.address, port: 0))
    let id = try server.taken(peer, at: relayed)
    let sent = try server.drain()
    #expect(sent.count == 1 && sent[0].tuple == aliceOverTCP)
    let message = try STUNMessage(sent[0].bytes)
    #expect(message.type == MessageType(.indication, .connectionAttempt))
    #expect(try message.connectionID == id && message.xorPeerAddress == peer)
    #expect(server.connectionActions.isEmpty)
  }

  @Test(
    "Without a permission, or when it is over, a peer's connection is closed, and nothing is said")
  mutating func unpermitted() throws {
    let relayed = try client.allocateTCP(&server)
    #expect(server.accept(peer, at: relayed) == nil)
    try client.permit(&server, peer)
    try server.advance(to: .seconds(300))
    #expect(server.accept(peer, at: relayed) == nil)
    #expect(server.server.drops[.noPermission] == 2)
    #expect(try server.drain().isEmpty && server.server.peerConnectionCount == 0)
  }

  @Test("Where there is no TCP allocation, or no more, no connection is taken")
  mutating func noAllocation() throws {
    let relayed = try client.allocateTCP(&server)
    try client.permit(&server, peer)
    #expect(server.accept(peer, at: "198.51.100.1:49999") == nil)
    server.server.connectionClosed(aliceOverTCP)
    #expect(server.accept(peer, at: relayed) == nil)
    var udp = try RawClient(bob, user: "bob", password: "word")
    let datagrams = try udp.allocate(&server)
    try udp.permit(&server, peer)
    #expect(server.accept(peer, at: datagrams) == nil)
  }

  // MARK: - ConnectionBind (§5.4)

  @Test("ConnectionBind joins both connections, and after it no message is looked for")
  mutating func bind() throws {
    let id = try client.connected(&server, peer)
    #expect(try client.bindConnection(&server, id, on: dataConnection) == nil)
    #expect(server.connectionActions.last == .splice(id, with: dataConnection))
    #expect(server.server.isDataConnection(dataConnection))
    #expect(!server.server.isDataConnection(aliceOverTCP))
  }

  @Test("The success response leaves before anything of the peer's")
  mutating func bindOrder() throws {
    let id = try client.connected(&server, peer)
    var binder = try RawClient(dataConnection)
    #expect(try binder.refusal(&server, .refresh) == .allocationMismatch)
    let request = try binder.request(.connectionBind) { try $0.append(connectionID: id) }
    _ = server.server.received(
      request.span, on: dataConnection, at: server.now, using: &server.generator)
    guard case .send(let bytes, dataConnection)? = server.server.nextAction() else {
      Issue.record("no response first")
      return
    }
    #expect(try STUNMessage(bytes).type == MessageType(.successResponse, .connectionBind))
    #expect(
      server.server.nextAction() == .connection(.splice(id, with: dataConnection)))
  }

  @Test("A peer's connection that is not bound within 30 seconds is closed, and not before")
  mutating func bindingTimeout() throws {
    let relayed = try client.allocateTCP(&server)
    try client.permit(&server, peer)
    let attempted = try server.taken(peer, at: relayed)
    try server.drain()
    let other = TransportAddress(peer.address, port: 4001)
    let connected = try client.beginConnect(&server, other)
    try server.advance(to: .seconds(20))
    server.server.connected(connected, at: server.now)
    try server.advance(to: .milliseconds(29_999))
    #expect(server.server.peerConnectionCount == 2)
    try server.advance(to: .seconds(30))
    #expect(server.connectionActions.last == .close(attempted))
    #expect(
      try client.bindConnection(&server, attempted, on: dataConnection) == .badRequest)
    try server.advance(to: .seconds(50))
    #expect(server.connectionActions.last == .close(connected))
    #expect(server.server.peerConnectionCount == 0)
  }

  @Test("A bound connection lives as long as its allocation")
  mutating func lives() throws {
    let id = try client.connected(&server, peer)
    #expect(try client.bindConnection(&server, id, on: dataConnection) == nil)
    try server.advance(to: .seconds(599))
    #expect(server.server.peerConnectionCount == 1)
    try server.advance(to: .seconds(600))
    #expect(server.connectionActions.last == .close(id))
    #expect(server.server.peerConnectionCount == 0 && server.server.nextDeadline == nil)
  }

  @Test("An ID that is none, is not open yet or is taken gets 400")
  mutating func badIDs() throws {
    let id = try client.connected(&server, peer)
    #expect(try client.bindConnection(&server, id ^ 1, on: dataConnection) == .badRequest)
    #expect(try client.bindConnection(&server, nil, on: dataConnection) == .badRequest)
    let opening = try client.beginConnect(&server, "203.0.113.9:1")
    #expect(try client.bindConnection(&server, opening, on: dataConnection) == .badRequest)
    #expect(try client.bindConnection(&server, id, on: dataConnection) == nil)
    let second = FiveTuple(.tcp, local: serverAddress, remote: "192.0.2.7:5002")
    #expect(try client.bindConnection(&server, id, on: second) == .badRequest)
    #expect(server.server.isDataConnection(dataConnection))
  }

  @Test("ConnectionBind by UDP, and over a connection with an allocation, gets 400")
  mutating func badConnection() throws {
    let id = try client.connected(&server, peer)
    #expect(try client.bindConnection(&server, id, on: alice) == .badRequest)
    #expect(try client.bindConnection(&server, id, on: aliceOverTCP) == .badRequest)
    #expect(try client.bindConnection(&server, id, on: dataConnection) == nil)
  }

  @Test(
    "Another user's ConnectionBind gets 441, a stranger's 401, and the connection stays its user's")
  mutating func thief() throws {
    let id = try client.connected(&server, peer)
    let thief = try RawClient(dataConnection, user: "bob", password: "word")
    #expect(try thief.bindConnection(&server, id, on: dataConnection) == .wrongCredentials)
    let stranger = try RawClient(dataConnection, user: "alice", password: "wrong")
    #expect(try stranger.bindConnection(&server, id, on: dataConnection) == .unauthenticated)
    #expect(!server.server.isDataConnection(dataConnection))
    #expect(try client.bindConnection(&server, id, on: dataConnection) == nil)
  }

  @Test(
    "ConnectionBind is taken with the control connection's nonce, from the client's address alone",
    arguments: [
      ("192.0.2.7:5001", nil), ("192.0.2.8:5001", .staleNonce),
    ] as [(TransportAddress, ErrorCode?)])
  mutating func controlNonce(remote: TransportAddress, code: ErrorCode?) throws {
    let id = try client.connected(&server, peer)
    let tuple = FiveTuple(.tcp, local: serverAddress, remote: remote)
    let request = try client.request(.connectionBind) { try $0.append(connectionID: id) }
    #expect(try #require(try server.response(to: request, on: tuple)).errorCode == code)
    #expect(server.server.isDataConnection(tuple) == (code == nil))
    // An ID that is none says of no control connection.
    let other = FiveTuple(.tcp, local: serverAddress, remote: "192.0.2.7:5002")
    let foreign = try client.request(.connectionBind) { try $0.append(connectionID: id ^ 1) }
    #expect(try #require(try server.response(to: foreign, on: other)).errorCode == .staleNonce)
  }

  @Test("The control connection's nonce is taken as long as it is fresh")
  mutating func staleControlNonce() throws {
    try client.allocateTCP(&server)
    try server.advance(to: .seconds(590))
    #expect(try client.refusal(&server, .refresh) == nil)
    let id = try client.beginConnect(&server, peer)
    server.server.connected(id, at: server.now)
    try server.drain()
    try server.advance(to: .seconds(601))
    let request = try client.request(.connectionBind) { try $0.append(connectionID: id) }
    let response = try #require(try server.response(to: request, on: dataConnection))
    #expect(try response.errorCode == .staleNonce)
  }

  // MARK: - Ends (§5.5)

  /// How an allocation or a connection can end.
  enum End: CaseIterable { case released, expired, controlClosed, dataClosed }

  @Test(
    "However allocation or data connection end, the peer's connection is closed",
    arguments: End.allCases)
  mutating func ends(_ end: End) throws {
    let id = try client.connected(&server, peer)
    #expect(try client.bindConnection(&server, id, on: dataConnection) == nil)
    switch end {
    case .released: _ = try client.ask(&server, .refresh) { try $0.append(lifetime: 0) }
    case .expired: try server.advance(to: .seconds(600))
    case .controlClosed: server.server.connectionClosed(aliceOverTCP)
    case .dataClosed: server.server.connectionClosed(dataConnection)
    }
    try server.drain()
    #expect(server.connectionActions.last == .close(id))
    #expect(server.server.peerConnectionCount == 0)
    #expect(!server.server.isDataConnection(dataConnection))
    #expect(server.server.allocationCount == (end == .dataClosed ? 1 : 0))
  }

  @Test("One of two relayed addresses ends with its own connections alone")
  mutating func oneFamily() throws {
    try client.allocateTCP(&server) { try $0.append(additionalAddressFamily: .ipv6) }
    let first = try client.beginConnect(&server, peer)
    let second = try client.beginConnect(&server, peer6)
    for id in [first, second] { server.server.connected(id, at: server.now) }
    try server.drain()
    _ = try client.ask(&server, .refresh) {
      try $0.append(lifetime: 0)
      try $0.append(requestedAddressFamily: .ipv4)
    }
    #expect(server.connectionActions.last == .close(first))
    #expect(server.server.peerConnectionCount == 1)
  }

  // MARK: - Hostile clients

  @Test(
    "Whatever clients say, connections are theirs, few, and over with their allocations",
    arguments: 0..<20 as Range<UInt64>)
  func random(seed: UInt64) throws {
    var limits = TURNServer.Limits()
    (limits.connectionsPerAllocation, limits.allocationsPerUser) = (2, 2)
    var server = try TestServer(streamConfiguration(limits: limits), seed: seed)
    var generator = SeededGenerator(seed: seed &* 6062)
    let tuples = (1...4).map {
      FiveTuple(.tcp, local: serverAddress, remote: TransportAddress("192.0.2.7", port: UInt16($0)))
    }
    var owners: [FiveTuple: String] = [:]
    var made: [UInt32: String] = [:]
    for _ in 0..<400 {
      let tuple = tuples.randomElement(using: &generator) ?? alice
      let (user, password) = Bool.random(using: &generator) ? ("alice", "pass") : ("bob", "word")
      var client = try RawClient(tuple, user: user, password: password)
      client.number = generator.next() >> 1
      let target = TransportAddress(
        Bool.random(using: &generator) ? peer.address : "10.0.0.1",
        port: .random(in: 1...3, using: &generator))
      guard !server.server.isDataConnection(tuple) else {
        server.server.connectionClosed(tuple)
        try server.drain()
        continue
      }
      _ = try client.ask(&server, .refresh) { try $0.append(lifetime: 600) }
      switch Int.random(in: 0..<8, using: &generator) {
      case 0:
        let response = try client.ask(&server, .allocate) { try $0.append(requestedTransport: 6) }
        if response.type.class == .successResponse { owners[tuple] = user }
      case 1:
        server.server.connectionClosed(tuple)
        owners[tuple] = nil
      case 2, 3: _ = try? client.beginConnect(&server, target)
      case 4:
        for action in server.connectionActions {
          if case .connect(let id, _, let to) = action {
            #expect(server.server.configuration.policy.allows(to.address))
            server.server.connected(id, at: server.now)
          }
        }
      case 5:
        _ = try client.ask(&server, .createPermission) { try $0.append(xorPeerAddress: target) }
        if let relayed = server.sockets.randomElement(using: &generator) {
          _ = server.accept(target, at: relayed)
        }
      case 6:
        let id = made.keys.sorted().randomElement(using: &generator) ?? 0
        let binder = FiveTuple(
          .tcp, local: serverAddress,
          remote: TransportAddress("192.0.2.7", port: .random(in: 5...6, using: &generator)))
        guard !server.server.isDataConnection(binder) else {
          server.server.connectionClosed(binder)
          break
        }
        if try client.bindConnection(&server, id, on: binder) == nil { #expect(made[id] == user) }
      default:
        try server.advance(
          to: server.now.advanced(by: .seconds(.random(in: 0...20, using: &generator))))
      }
      for (bytes, to) in try server.drain() {
        let message = try STUNMessage(bytes)
        if let id = try message.connectionID { made[id] = owners[to] }
      }
      for (tuple, _) in owners where !server.server.hasAllocation(on: tuple) { owners[tuple] = nil }
      #expect(server.server.peerConnectionCount <= 2 * server.server.allocationCount)
    }
    for tuple in tuples { server.server.connectionClosed(tuple) }
    try server.drain()
    #expect(server.server.peerConnectionCount == 0 && server.sockets.isEmpty)
    try server.advance(to: server.now.advanced(by: .seconds(3600)))
    #expect(server.server.nextDeadline == nil)
  }
}

/// A configuration of a server that relays TCP, too.
func streamConfiguration(
  limits: TURNServer.Limits = .init()
) throws -> TURNServer.Configuration {
  var configuration = try configuration(limits: limits, canSetDontFragment: true)
  configuration.relaysTCP = true
  return configuration
}

extension TestServer {
  /// A peer connects to a relayed transport address.
  mutating func accept(_ peer: TransportAddress, at relayed: TransportAddress) -> UInt32? {
    server.accepted(from: peer, at: relayed, at: now, using: &generator)
  }

  /// The ID of a connection that a peer has made to a relayed transport address.
  mutating func taken(_ peer: TransportAddress, at relayed: TransportAddress) throws -> UInt32 {
    guard let id = accept(peer, at: relayed) else { throw Failure("\(peer) is not taken") }
    return id
  }

  /// The error code of the one message that is sent.
  mutating func drainedError() throws -> ErrorCode? {
    let sent = try drain()
    guard sent.count == 1 else { throw Failure(sent) }
    return try STUNMessage(sent[0].bytes).errorCode
  }
}

extension RawClient {
  /// Allocates for TCP, and gives the first relayed transport address.
  @discardableResult
  mutating func allocateTCP(
    _ server: inout TestServer, _ body: (inout STUNMessageBuilder) throws -> Void = { _ in }
  ) throws -> TransportAddress {
    let response = try ask(&server, .allocate) {
      try $0.append(requestedTransport: 6)
      try body(&$0)
    }
    guard response.type.class == .successResponse else { throw Failure(try response.errorCode!) }
    return try #require(try response.xorRelayedAddress)
  }

  /// Sends a Connect request that is carried out, and gives the ID of its connection.
  mutating func beginConnect(
    _ server: inout TestServer, _ peer: TransportAddress
  ) throws -> UInt32 {
    let before = server.connectionActions.count
    let request = try request(.connect) { try $0.append(xorPeerAddress: peer) }
    let sent = try server.receive(request, on: tuple).sent
    guard sent.isEmpty, server.connectionActions.count == before + 1,
      case .connect(let id, _, peer)? = server.connectionActions.last
    else { throw Failure("no connection to \(peer)") }
    return id
  }

  /// The error code of a Connect request.
  mutating func connectRefusal(
    _ server: inout TestServer, _ peer: TransportAddress
  ) throws -> ErrorCode? {
    try refusal(&server, .connect) { try $0.append(xorPeerAddress: peer) }
  }

  /// Allocates for TCP, unless there is an allocation, and connects to a peer.
  mutating func connected(
    _ server: inout TestServer, _ peer: TransportAddress
  ) throws -> UInt32 {
    try allocateTCP(&server)
    let id = try beginConnect(&server, peer)
    server.server.connected(id, at: server.now)
    try server.drain()
    return id
  }

  /// Binds over another connection of the same user's.
  ///
  /// - Returns: the error code; nil where it has succeeded.
  func bindConnection(
    _ server: inout TestServer, _ id: UInt32?, on tuple: FiveTuple
  ) throws -> ErrorCode? {
    var binder = RawClient(tuple, session, number: number + 1000)
    return try binder.refusal(&server, .connectionBind) {
      if let id { try $0.append(connectionID: id) }
    }
  }
}
