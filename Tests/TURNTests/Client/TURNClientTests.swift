import STUN
import STUNCodec
import SansIO
import TURN
import Testing
import TransportAddress

@Suite struct TURNClientTests {
  let secondPeer: TransportAddress = "203.0.113.6:7000"

  /// A world whose client has its allocation.
  func allocated(
    _ options: TURNClient.Options = .init(), server: TestServer? = nil
  ) throws -> World {
    var world = try World(server: server, options: options)
    try world.start()
    try world.run(until: .seconds(1))
    _ = try #require(world.client.allocated)
    return world
  }

  @Test(
    "It allocates after the challenge, whatever the algorithms",
    arguments: [[PasswordAlgorithm.sha256, .md5], [.md5], []])
  func allocate(algorithms: [PasswordAlgorithm]) throws {
    let world = try allocated(
      server: TestServer(authenticator: authenticator(algorithms)))
    let addresses = try #require(world.client.allocated)
    #expect(world.events == [.allocated(addresses)])
    #expect(addresses.mapped == clientAddress)
    #expect(Set(addresses.relayed) == world.server.sockets)
    #expect(world.requests.map(\.message.type.method) == [.allocate, .allocate])
  }

  @Test("It gets one address of each family where it wants both")
  func both() throws {
    let world = try allocated(.init(families: .both))
    #expect(
      world.client.allocated?.relayed.map(\.address) == [relayAddress, relayAddress6])
    let narrow = try allocated(
      .init(families: .both), server: TestServer(configuration(hasIPv6: false)))
    #expect(
      narrow.client.allocated?.addressError
        == AddressErrorCode(family: .ipv6, errorCode: .addressFamilyNotSupported))
    var world6 = try allocated(.init(families: .one(.ipv6)))
    #expect(world6.client.allocated?.relayed.map(\.address) == [relayAddress6])
    #expect(try world6.send([1], to: peer) == .dropped(.familyMismatch))
  }

  @Test("Data go out as indications until the channel is bound, and come back from their peer")
  func data() throws {
    var world = try allocated()
    #expect(try world.send([1], to: peer) == .held)
    try world.run(until: .seconds(2))
    #expect(world.relayed.map(\.data) == [[1]] && world.received.map(\.data) == [[1]])
    try world.send([2], to: peer)
    #expect(world.channelDataCount == 0)
    try world.run(until: .seconds(3))
    try world.send([3, 3, 3], to: peer)
    #expect(world.channelDataCount == 1)
    try world.run(until: .seconds(4))
    #expect(world.received.map(\.data) == [[1], [2], [3, 3, 3]])
    #expect(world.received.allSatisfy { $0.peer == peer })
    #expect(
      world.events.dropFirst() == [
        .permitted(peer.address), .bound(ChannelNumber(rawValue: 0x4000), peer),
      ])
    #expect(world.client.drops.total == 0)
  }

  @Test("Without channels everything goes by indications")
  func withoutChannels() throws {
    var world = try allocated(.init(bindsChannels: false))
    for byte in 0..<5 as Range<UInt8> {
      try world.send([byte], to: peer)
      try world.run(until: world.now.advanced(by: .seconds(1)))
    }
    #expect(world.received.map(\.data) == [[0], [1], [2], [3], [4]])
    #expect(world.channelDataCount == 0)
  }

  @Test("Sixteen datagrams are held for an address, in their order; what is more is dropped")
  func held() throws {
    var world = try allocated()
    for byte in 0..<16 as Range<UInt8> { #expect(try world.send([byte], to: peer) == .held) }
    #expect(try world.send([99], to: peer) == .dropped(.tooManyHeld))
    #expect(try world.send([7], to: secondPeer) == .held)
    try world.run(until: .seconds(2))
    #expect(world.relayed.filter { $0.peer == peer }.map(\.data) == (0..<16).map { [$0] })
    #expect(world.relayed.contains { $0.peer == secondPeer })
  }

  @Test("A peer that is permitted by name may speak first; another one is not heard")
  func permit() throws {
    var world = try allocated()
    world.client.permit([peer.address], at: world.now, using: &world.generator)
    try world.run(until: .seconds(2))
    #expect(world.events.last == .permitted(peer.address))
    let relayed = try #require(world.client.allocated?.relayed.first)
    for source in [secondPeer, peer] {
      let (verdict, bytes) = world.server.fromPeer([5], source, to: relayed)
      guard source == peer else {
        #expect(verdict == .drop(.noPermission))
        continue
      }
      let incoming = world.client.received(
        bytes.span, from: serverAddress, at: world.now, using: &world.generator)
      guard case .data(let range, peer) = incoming else { throw Failure(incoming) }
      #expect(Array(bytes[range]) == [5])
    }
  }

  // Field report T18.
  @Test("A peer that the policy refuses has failed at once, and no other one")
  func refusedPeer() throws {
    var world = try allocated()
    let refused: TransportAddress = "10.0.0.1:9"
    try world.send([1], to: refused)
    try world.send([2], to: peer)
    try world.run(until: .milliseconds(1100))
    #expect(world.events.contains(.refused(refused.address, .error(.forbidden))))
    #expect(world.events.contains(.permitted(peer.address)))
    #expect(try world.send([1], to: refused) == .dropped(.refused))
    #expect(world.client.allocated != nil)
    try world.run(until: .seconds(2))
    #expect(world.relayed.map(\.peer) == [peer])
  }

  // MARK: - Failing

  @Test("Wrong credentials, a quota and no capacity end it with their code (486, 508, 401)")
  func refused() throws {
    var wrong = try World(password: "word")
    try wrong.start()
    try wrong.run(until: .seconds(60))
    #expect(wrong.events == [.ended(.failed(.refused(.unauthenticated)))])
    #expect(wrong.requests.count == 2)

    var limits = TURNServer.Limits()
    limits.allocationsPerUser = 1
    for (settings, user, code) in [
      (try configuration(limits: limits), "alice", ErrorCode.allocationQuotaReached),
      (try configuration(ports: 50000...50000), "bob", .insufficientCapacity),
    ] {
      var server = try TestServer(settings)
      var other = try RawClient(bob, user: user, password: user == "bob" ? "word" : "pass")
      try other.allocate(&server)
      var world = try World(server: server)
      try world.start()
      try world.run(until: .seconds(60))
      #expect(world.events == [.ended(.failed(.refused(code)))])
      #expect(world.client.nextDeadline == nil && world.client.end != nil)
    }
  }

  @Test("A server that never answers ends it after 39.5 s")
  func silent() throws {
    var world = try World()
    world.loss = 100
    try world.start()
    try world.run(until: .milliseconds(39_499))
    #expect(world.events.isEmpty)
    try world.run(until: .milliseconds(39_500))
    #expect(world.events == [.ended(.failed(.timedOut))])
    #expect(try world.send([1], to: peer) == .dropped(.noAllocation))
  }

  @Test("437 on Allocate: it goes on from another 5-tuple, from three at most")
  func mismatch() throws {
    func world(occupying count: UInt16) throws -> World {
      var server = try TestServer()
      for index in 0..<count {
        let tuple = FiveTuple(
          .udp, local: serverAddress,
          remote: TransportAddress(clientAddress.address, port: clientAddress.port + index))
        var other = try RawClient(tuple, user: "bob", password: "word")
        try other.allocate(&server)
      }
      var world = try World(server: server)
      try world.start()
      try world.run(until: .seconds(5))
      return world
    }
    let second = try world(occupying: 2)
    #expect(second.tuple.remote.port == clientAddress.port + 2)
    #expect(second.client.allocated != nil)
    let none = try world(occupying: 3)
    #expect(none.events == [.ended(.failed(.refused(.allocationMismatch)))])
  }

  @Test("300: it asks the other server, as one of which it knows nothing; never the same twice")
  func redirected() throws {
    var generator = SeededGenerator(seed: 3)
    let other: TransportAddress = "198.51.100.9:3478"
    var first = try TestServer()
    var second = try TestServer(seed: 2)
    first.server.alternateServer = other
    second.server.alternateServer = serverAddress
    var client = try TURNClient(server: serverAddress, username: "alice", password: "pass")
    client.started(at: .zero, using: &generator)
    var destinations: [TransportAddress] = []
    var end: TURNClient.End?
    while let action = client.nextAction() {
      switch action {
      case .send(let bytes, let to):
        destinations.append(to)
        let tuple = FiveTuple(.udp, local: to, remote: clientAddress)
        let sent =
          to == other
          ? try second.receive(bytes, on: tuple).sent : try first.receive(bytes, on: tuple).sent
        for (bytes, _) in sent {
          _ = client.received(bytes.span, from: to, at: .zero, using: &generator)
        }
      case .report(.ended(let reason)): end = reason
      default: throw Failure(action)
      }
    }
    #expect(destinations == [serverAddress, serverAddress, other, other])
    #expect(end == .failed(.refused(.tryAlternate)))
  }

  @Test("A stream's client asks its driver to connect to the other server")
  func redirectedStream() throws {
    var generator = SeededGenerator(seed: 3)
    var server = try TestServer()
    server.server.alternateServer = "198.51.100.9:3478"
    var client = try TURNClient(
      server: serverAddress, username: "alice", password: "pass", over: .stream())
    client.started(at: .zero, using: &generator)
    for _ in 0..<2 {
      guard case .send(let bytes, _) = client.nextAction() else { throw Failure("nothing sent") }
      for (bytes, _) in try server.receive(bytes, on: aliceOverTCP).sent {
        _ = client.received(bytes.span, from: serverAddress, at: .zero, using: &generator)
      }
    }
    #expect(
      client.nextAction() == .changeFiveTuple(server: "198.51.100.9:3478", domain: nil))
    client.fiveTupleChanged(at: .zero, using: &generator)
    guard case .send(_, to: "198.51.100.9:3478") = client.nextAction() else {
      throw Failure("nothing sent to the other server")
    }
  }

  @Test("A success with something unknown that counts is a failure")
  func unusable() throws {
    var generator = SeededGenerator(seed: 1)
    var client = try TURNClient(server: serverAddress, username: "alice", password: "pass")
    client.started(at: .zero, using: &generator)
    guard case .send(let request, _) = client.nextAction() else { throw Failure("nothing sent") }
    let response = try STUNMessage.encode(
      MessageType(.successResponse, .allocate),
      transactionID: STUNMessage(request).transactionID
    ) {
      try $0.append(xorRelayedAddress: peer)
      try $0.append(AttributeType(rawValue: 0x7F00), bytes: [])
    }
    #expect(
      client.received(response.span, from: serverAddress, at: .zero, using: &generator)
        == .handled)
    #expect(client.end == .failed(.malformedResponse))
  }

  @Test(
    "An allocation without a relayed address that can be used is given back, and is a failure",
    arguments: [[], [0, 9, 1, 2, 3, 4, 5, 6]] as [[UInt8]])
  func unusableAddress(address: [UInt8]) throws {
    var generator = SeededGenerator(seed: 1)
    var client = try TURNClient(server: serverAddress, username: "alice", password: "pass")
    func answer(_ body: (inout STUNMessageBuilder) throws -> Void) throws -> STUNMessage {
      guard case .send(let bytes, _) = client.nextAction() else { throw Failure("nothing sent") }
      let request = try STUNMessage(bytes)
      let response = try STUNMessage.encode(
        MessageType(.successResponse, request.type.method),
        transactionID: request.transactionID, body)
      #expect(
        client.received(response.span, from: serverAddress, at: .zero, using: &generator)
          == .handled)
      return request
    }
    client.started(at: .zero, using: &generator)
    _ = try answer {
      if !address.isEmpty { try $0.append(.xorRelayedAddress, bytes: address) }
    }
    #expect(client.allocated == nil && client.end == nil)
    let release = try answer { try $0.append(lifetime: 0) }
    #expect(release.type.method == .refresh)
    #expect(try release.lifetime == 0)
    #expect(client.end == .failed(.malformedResponse))
    #expect(client.nextAction() == .report(.ended(.failed(.malformedResponse))))
    #expect(client.nextAction() == nil)
  }

  @Test("Requests do not say which software sends them")
  func noSoftware() throws {
    var world = try allocated()
    try world.run(until: .seconds(600))
    #expect(Set(world.requests.map(\.message.type.method)) == [.allocate, .refresh])
    for (message, _) in world.requests { #expect(try message.software == nil) }
  }

  @Test("A ChannelBind that is refused with 400 costs the channel, not the allocation")
  func refusedChannel() throws {
    var world = try allocated()
    // The number that the client will take is another peer's at the server.
    var other = try RawClient()
    #expect(try other.bind(&world.server, 0x4000, to: secondPeer) == nil)
    for second: Int64 in 2...10 {
      try world.send([1], to: peer)
      try world.run(until: .seconds(second))
    }
    #expect(world.requests.count { $0.message.type.method == .channelBind } == 1)
    #expect(world.channelDataCount == 0 && world.relayed.count == 9)
    #expect(world.client.end == nil)
  }

  @Test("What a client cannot be made of is thrown")
  func configurationErrors() throws {
    #expect(throws: TURNConfigurationError.lifetimeOutOfRange(.zero)) {
      try TURNClient(
        server: serverAddress, username: "a", password: "b", options: .init(lifetime: 0))
    }
    #expect(throws: TURNConfigurationError.transport(.streamTimeoutOutOfRange(.zero))) {
      try TURNClient(
        server: serverAddress, username: "a", password: "b", over: .stream(timeout: .zero))
    }
    #expect(throws: TURNConfigurationError.self) {
      try TURNClient(server: serverAddress, username: "a\u{AD}", password: "b")
    }
  }

  // MARK: - Living

  @Test("For six hours everything is kept alive, by few requests, and no datagram is lost")
  func hours() throws {
    var world = try allocated()
    var count = 0
    while world.now < .seconds(6 * 3600) {
      try world.send([UInt8(count & 0xFF)], to: count % 2 == 0 ? peer : secondPeer)
      count += 1
      try world.run(until: world.now.advanced(by: .seconds(20)))
    }
    #expect(world.relayed.count == count && world.received.count == count)
    #expect(world.client.drops.total == 0 && world.server.server.drops.total == 0)
    #expect(world.events.count == 5)
    // Each hour: 7 refreshes, 15 permissions for each peer, 7 channels for each.
    #expect(world.requests.count < 6 * 60 + 20)
  }

  // Pitfall 21, field report T17.
  @Test("438 to every request there is: each is asked again with the new nonce")
  func staleNonces() throws {
    let authenticator = Authenticator(
      .longTerm(
        try .init(
          realm: "example.org", passwords: ["alice": "pass"], secret: [UInt8](1...16),
          nonceLifetime: .seconds(1))))
    var world = try allocated(server: TestServer(authenticator: authenticator))
    var stale: Set<STUNMethod> = []
    world.isLost = { packet in
      for method in [STUNMethod.refresh, .createPermission, .channelBind]
      where try packet.isMessage(.errorResponse, method) {
        stale.insert(method)
      }
      return false
    }
    for _ in 0..<400 {
      try world.send([1], to: peer)
      try world.run(until: world.now.advanced(by: .seconds(5)))
    }
    #expect(stale == [.refresh, .createPermission, .channelBind])
    #expect(world.relayed.count == 400)
    world.client.released(at: world.now, using: &world.generator)
    try world.run(until: world.now.advanced(by: .seconds(1)))
    #expect(world.events.last == .ended(.released))
    #expect(world.server.server.allocationCount == 0)
  }

  @Test("Nonces that are always stale do not keep both sides busy for ever")
  func alwaysStale() throws {
    var sent = 0
    var generator = SeededGenerator(seed: 1)
    var client = try TURNClient(server: serverAddress, username: "alice", password: "pass")
    client.started(at: .zero, using: &generator)
    while let action = client.nextAction() {
      guard case .send(let bytes, _) = action else {
        #expect(action == .report(.ended(.failed(.refused(.staleNonce)))))
        break
      }
      sent += 1
      let request = try STUNMessage(bytes)
      let response = try STUNMessage.encode(
        MessageType(.errorResponse, .allocate), transactionID: request.transactionID
      ) {
        try $0.append(errorCode: sent == 1 ? .unauthenticated : .staleNonce)
        try $0.append(realm: "example.org")
        try $0.append(nonce: "nonce \(sent)")
      }
      _ = client.received(response.span, from: serverAddress, at: .zero, using: &generator)
    }
    #expect(sent == 4)
  }

  // Field report T23.
  @Test(
    "A refresh goes out well before the end, with time for a request to fail",
    arguments: [600, 1800, 3600] as [UInt32])
  func refreshTime(lifetime: UInt32) throws {
    var world = try allocated(.init(lifetime: lifetime))
    try world.run(until: .seconds(Int64(lifetime) * 3))
    let times = world.requests.filter { $0.message.type.method == .refresh }.map(\.time)
    #expect(times.count >= 2)
    var last = Instant.zero
    // A refresh with a stale nonce is followed by another one at once.
    for time in times where last.duration(to: time) > .seconds(1) {
      #expect(last.duration(to: time) < .seconds(Int64(lifetime) - 40))
      #expect(last.duration(to: time) > .seconds(Int64(lifetime) / 2))
      last = time
    }
    #expect(world.client.allocated != nil)
  }

  @Test(
    "A lost response to anything costs nothing but time",
    arguments: [STUNMethod.allocate, .refresh, .createPermission, .channelBind])
  func lostResponses(method: STUNMethod) throws {
    var world = try World()
    // Of three responses the first two are lost.
    var lost = 0
    world.isLost = { packet in
      guard try packet.isMessage(.successResponse, method) else { return false }
      lost += 1
      return lost % 3 != 0
    }
    try world.start()
    try world.run(until: .seconds(30))
    for _ in 0..<200 {
      try world.send([1], to: peer)
      try world.run(until: world.now.advanced(by: .seconds(10)))
    }
    #expect(lost >= 3)
    #expect(world.count { if case .ended = $0 { true } else { false } } == 0)
    #expect(world.received.count == 200)
    #expect(world.server.server.allocationCount == 1)
  }

  // Pitfall 20, field report T5.
  @Test("A ChannelBind that got no response at all is repeated with the same number")
  func sameNumber() throws {
    var world = try allocated()
    var isDeaf = true
    world.isLost = { packet in
      guard case .toClient = packet else { return false }
      return try isDeaf && packet.isMessage(.successResponse, .channelBind)
    }
    try world.send([1], to: peer)
    try world.run(until: .seconds(2))
    try world.send([1], to: peer)
    try world.run(until: .seconds(60))
    isDeaf = false
    try world.send([1], to: peer)
    try world.run(until: .seconds(62))
    let binds = world.requests.filter { $0.message.type.method == .channelBind }
    #expect(binds.count == 2)
    #expect(try Set(binds.map { try $0.message.channelNumber }).count == 1)
    try world.send([1], to: peer)
    #expect(world.channelDataCount == 1)
  }

  @Test("A server that has been started anew: the allocation is lost, said once, and why")
  func restart() throws {
    for (secret, bindsChannels) in [
      ([UInt8](1...16), false), ([UInt8](2...17), false), ([UInt8](2...17), true),
    ] {
      var world = try allocated(.init(bindsChannels: bindsChannels))
      try world.send([1], to: peer)
      try world.run(until: .seconds(2))
      world.server = try TestServer(authenticator: authenticator(secret: secret))
      world.server.now = world.now
      try world.send([1], to: peer)
      // The first request tells it: to bind a channel, or to refresh the permission.
      try world.run(until: .seconds(300))
      #expect(world.client.end != nil)
      try world.run(until: .seconds(1000))
      let ends = world.events.filter { if case .ended = $0 { true } else { false } }
      #expect(ends == [.ended(.lost(.unknownToServer))])
      #expect(world.client.nextDeadline == nil)
      #expect(try world.send([1], to: peer) == .dropped(.noAllocation))
    }
  }

  @Test("A server that falls silent: the allocation is lost when its time is over")
  func expired() throws {
    var world = try allocated()
    world.loss = 100
    try world.run(until: .seconds(2000))
    #expect(world.events.last == .ended(.lost(.expired)))
    #expect(world.now == .seconds(2000) && world.server.server.allocationCount == 0)
  }

  @Test("Given up, it tells the server, and ends even where that does not answer")
  func released() throws {
    var world = try allocated()
    world.client.released(at: world.now, using: &world.generator)
    try world.run(until: .seconds(2))
    #expect(world.server.server.allocationCount == 0)
    #expect(world.events.last == .ended(.released))
    var deaf = try allocated()
    deaf.loss = 100
    deaf.client.released(at: deaf.now, using: &deaf.generator)
    try deaf.run(until: .seconds(60))
    #expect(deaf.events.last == .ended(.released))
  }

  // MARK: - What is not believed

  @Test("Data from off the path, of unpermitted peers and unbound channels are dropped and counted")
  func offPath() throws {
    var world = try allocated()
    try world.send([1], to: peer)
    try world.run(until: .seconds(2))
    try world.send([1], to: peer)
    try world.run(until: .seconds(3))
    let channelData: [UInt8] = [0x40, 0, 0, 1, 7]
    func indication(_ body: (inout STUNMessageBuilder) throws -> Void) throws -> [UInt8] {
      try STUNMessage.encode(
        MessageType(.indication, .data), transactionID: TransactionID(high: 1, low: 1), body)
    }
    let cases: [([UInt8], TransportAddress, TURNClient.Incoming)] = [
      (channelData, serverAddress, .data(4..<5, from: peer)),
      (channelData, "198.51.100.1:3479", .dropped(.unexpectedSource)),
      ([0x40, 1, 0, 1, 7], serverAddress, .dropped(.unboundChannel)),
      ([0x40, 0, 0, 9, 7], serverAddress, .dropped(.notSTUN)),
      ([], serverAddress, .dropped(.notSTUN)),
      (
        try indication {
          try $0.append(xorPeerAddress: secondPeer)
          try $0.append(.data, bytes: [1])
        }, serverAddress, .dropped(.noPermission)
      ),
      (
        try indication { try $0.append(xorPeerAddress: peer) }, serverAddress,
        .dropped(.malformedIndication)
      ),
      (
        try indication { try $0.append(.data, bytes: [1]) }, serverAddress,
        .dropped(.malformedIndication)
      ),
      (
        try indication {
          try $0.append(xorPeerAddress: peer)
          try $0.append(.data, bytes: [1])
          try $0.append(AttributeType(rawValue: 0x7F00), bytes: [])
        }, serverAddress, .dropped(.malformedIndication)
      ),
      (
        STUNMessage.encode(
          MessageType(.request, .binding), transactionID: TransactionID(high: 1, low: 1)),
        serverAddress, .dropped(.notForClients)
      ),
      (
        STUNMessage.encode(
          MessageType(.successResponse, .refresh), transactionID: TransactionID(high: 1, low: 1)),
        serverAddress, .dropped(.unknownTransaction)
      ),
    ]
    for (bytes, source, expected) in cases {
      #expect(
        world.client.received(bytes.span, from: source, at: world.now, using: &world.generator)
          == expected)
    }
    #expect(world.client.drops.total == 10)
  }

  @Test("An ICMP error is reported with its peer")
  func icmp() throws {
    var world = try allocated()
    try world.send([1], to: peer)
    try world.run(until: .seconds(2))
    let error = ICMPAttribute(type: 3, code: 3, data: 0)
    world.server.server.receivedICMP(
      error, about: peer, from: world.client.allocated!.relayed[0], at: world.now,
      using: &world.generator)
    for (bytes, _) in try world.server.drain() {
      #expect(
        world.client.received(
          bytes.span, from: serverAddress, at: world.now, using: &world.generator) == .handled)
    }
    #expect(world.client.nextAction() == .report(.unreachable(peer, error)))
  }

  @Test("A forged response is dropped, and the true one that follows counts")
  func forged() throws {
    var world = try allocated()
    world.isLost = { try $0.isMessage(.request, .createPermission) }
    try world.send([1], to: peer)
    let request = try #require(world.requests.last).message
    for code in [nil, ErrorCode.forbidden, .allocationMismatch] {
      let forged = try STUNMessage.encode(
        MessageType(code == nil ? .successResponse : .errorResponse, .createPermission),
        transactionID: request.transactionID
      ) { if let code { try $0.append(errorCode: code) } }
      #expect(
        world.client.received(
          forged.span, from: serverAddress, at: world.now, using: &world.generator)
          == .dropped(.notAuthentic))
    }
    world.isLost = { _ in false }
    try world.run(until: .seconds(5))
    #expect(world.events.contains(.permitted(peer.address)))
  }
}
