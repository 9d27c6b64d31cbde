import STUN
import STUNCodec
import SansIO
import TURN
import Testing
import TransportAddress

/// What an allocation counts for while its client moves: no trick frees a quota.
@Suite struct MobilityQuotaTests {
  @Test("A user's quota is held at each stage of a move, and free at the end")
  func userQuota() throws {
    var server = try mobileServer(.init(allocationsPerUser: 1))
    var client = try RawClient()
    var elsewhere = try RawClient(aliceElsewhere)
    var farther = try RawClient(aliceFarther)
    func isFull(_ server: inout TestServer) throws -> Bool {
      try farther.refusal(&server, .allocate) { try $0.append(requestedTransport: 17) }
        == .allocationQuotaReached
    }
    let ticket = try client.allocateWithTicket(&server).ticket
    #expect(try isFull(&server))
    _ = try elsewhere.move(&server, with: ticket)
    #expect(try isFull(&server))
    #expect(try elsewhere.refusal(&server, .refresh) == nil)
    #expect(try isFull(&server))
    try server.advance(to: .seconds(11))
    #expect(try isFull(&server))
    #expect(try elsewhere.refusal(&server, .refresh) { try $0.append(lifetime: 0) } == nil)
    #expect(try !isFull(&server))
  }

  @Test("An allocation counts at both addresses during a move, and at the new one after it")
  func addressQuota() throws {
    var server = try mobileServer(.init(allocationsPerAddress: 1))
    var client = try RawClient()
    var elsewhere = try RawClient(aliceElsewhere)
    /// Whether a stranger at the address of a 5-tuple gets no allocation; one that it gets it gives back.
    func isFull(_ tuple: FiveTuple, _ server: inout TestServer) throws -> Bool {
      var tuple = tuple
      tuple.remote.port = 9
      var stranger = try RawClient(tuple, user: "bob", password: "word")
      let code = try stranger.refusal(&server, .allocate) {
        try $0.append(requestedTransport: 17)
      }
      _ = try stranger.refusal(&server, .refresh) { try $0.append(lifetime: 0) }
      return code == .allocationQuotaReached
    }
    let ticket = try client.allocateWithTicket(&server).ticket
    #expect(try isFull(alice, &server) && !isFull(aliceElsewhere, &server))
    _ = try elsewhere.move(&server, with: ticket)
    #expect(try isFull(alice, &server) && isFull(aliceElsewhere, &server))
    #expect(try elsewhere.refusal(&server, .refresh) == nil)
    #expect(try isFull(alice, &server) && isFull(aliceElsewhere, &server))
    try server.advance(to: .seconds(11))
    #expect(try !isFull(alice, &server) && isFull(aliceElsewhere, &server))
    #expect(try elsewhere.refusal(&server, .refresh) { try $0.append(lifetime: 0) } == nil)
    #expect(try !isFull(alice, &server) && !isFull(aliceElsewhere, &server))
  }

  @Test("A move to an address that has its quota gets 486; one to another port there does not")
  func fullAddress() throws {
    var server = try mobileServer(.init(allocationsPerAddress: 1))
    var client = try RawClient()
    var elsewhere = try RawClient(aliceElsewhere)
    try elsewhere.allocate(&server)
    let ticket = try client.allocateWithTicket(&server).ticket
    var beside = aliceElsewhere
    beside.remote.port = 7001
    var full = try RawClient(beside)
    #expect(try full.refusalOfMove(&server, with: ticket) == .allocationQuotaReached)
    var near = alice
    near.remote.port = 5001
    var neighbor = try RawClient(near)
    _ = try neighbor.move(&server, with: ticket)
  }

  @Test("A move to a tunnel's address gets 403, as an allocation from there does")
  func tunnel() throws {
    var server = try mobileServer()
    var client = try RawClient()
    let ticket = try client.allocateWithTicket(&server).ticket
    var tunneled = try RawClient(
      FiveTuple(.udp, local: "[2001:db8:1::1]:3478", remote: "[2002:c000:207::1]:5000"))
    #expect(try tunneled.refusalOfMove(&server, with: ticket) == .forbidden)
  }

  @Test("Whatever moves, ends and breaks off, all is free in the end", arguments: 0..<40)
  func everythingEnds(seed: Int) throws {
    var generator = SeededGenerator(seed: UInt64(seed) &+ 8016)
    var server = try mobileServer(.init(allocationsPerUser: 3, allocationsPerAddress: 3))
    let tuples = (0..<UInt8(8)).map { number -> FiveTuple in
      let address = IPv4Address(192, 0, 2, 16 + number / 3)
      let remote = TransportAddress(.v4(address), port: 5000 + UInt16(number))
      return FiveTuple(number % 4 == 0 ? .tcp : .udp, local: serverAddress, remote: remote)
    }
    var clients = try tuples.map { try RawClient($0) }
    var tickets: [[UInt8]] = []
    for _ in 0..<300 {
      let number = Int.random(in: 0..<clients.count, using: &generator)
      switch Int.random(in: 0..<9, using: &generator) {
      case 0, 1:
        let response = try clients[number].ask(&server, .allocate) {
          try $0.append(requestedTransport: 17)
          try $0.append(.mobilityTicket, bytes: [])
        }
        if let ticket = response.mobilityTicket { tickets.append(ticket) }
      case 2, 3, 4:
        guard let ticket = tickets.randomElement(using: &generator) else { continue }
        let response = try clients[number].ask(&server, .refresh) {
          try $0.append(.mobilityTicket, bytes: ticket)
        }
        if let ticket = response.mobilityTicket { tickets.append(ticket) }
      case 5: _ = try server.receive([0x40, 0, 0, 0], on: tuples[number])
      case 6: _ = try clients[number].refusal(&server, .refresh) { try $0.append(lifetime: 0) }
      case 7:
        guard tuples[number].protocol == .tcp else { continue }
        server.server.connectionClosed(tuples[number])
        try server.drain()
      default:
        let seconds = Int64.random(in: 0...60, using: &generator)
        try server.advance(to: server.now.advanced(by: .seconds(seconds)))
      }
      #expect(server.sockets.count == server.server.allocationCount)
    }
    try server.advance(to: server.now.advanced(by: .seconds(4000)))
    #expect(server.server.allocationCount == 0 && server.sockets.isEmpty)
    #expect(server.server.nextDeadline == nil)
    for tuple in tuples { #expect(!server.server.hasAllocation(on: tuple)) }
    // The whole quota, of the user and of an address.
    for client in 0..<3 { try clients[client].allocate(&server) }
  }
}

/// Connections that are closed while their client may come back.
@Suite struct MobileConnectionTests {
  @Test("An allocation with a ticket outlives its connection, and its client comes back by another")
  func comesBack() throws {
    var server = try mobileServer()
    var client = try RawClient(aliceOverTCP)
    let (relayed, ticket) = try client.allocateWithTicket(&server)
    try client.permit(&server, peer)
    server.server.connectionClosed(aliceOverTCP)
    try server.drain()
    #expect(server.server.allocationCount == 1 && server.sockets == [relayed])
    #expect(server.fromPeer([1], peer, to: relayed).verdict == .drop(.clientAway))
    var elsewhere = try RawClient(
      FiveTuple(.tcp, local: serverAddress, remote: aliceElsewhere.remote))
    _ = try elsewhere.move(&server, with: ticket)
    // There is no old one that works.
    guard case .deliver(_, elsewhere.tuple) = server.fromPeer([1], peer, to: relayed).verdict
    else { throw Failure("not delivered") }
    #expect(try elsewhere.refusal(&server, .refresh) == nil)
    guard case .deliver(_, elsewhere.tuple) = server.fromPeer([1], peer, to: relayed).verdict
    else { throw Failure("not delivered") }
  }

  @Test("Who comes to the 5-tuple of a closed connection gets nothing of what was there")
  func nextOwner() throws {
    var server = try mobileServer()
    var client = try RawClient(aliceOverTCP)
    let (relayed, _) = try client.allocateWithTicket(&server)
    server.server.connectionClosed(aliceOverTCP)
    var other = try RawClient(aliceOverTCP, user: "bob", password: "word")
    #expect(try other.refusal(&server, .refresh) == .allocationMismatch)
    let own = try other.allocate(&server)
    #expect(own != relayed)
    // The first one ends, and the second stays.
    try server.advance(to: .seconds(599))
    #expect(try other.refusal(&server, .refresh) == nil)
    try server.advance(to: .seconds(601))
    #expect(server.sockets == [own])
    #expect(server.server.hasAllocation(on: aliceOverTCP))
  }

  @Test("An allocation without a ticket ends with its connection, as ever")
  func noTicket() throws {
    var server = try mobileServer()
    var client = try RawClient(aliceOverTCP)
    try client.allocate(&server)
    server.server.connectionClosed(aliceOverTCP)
    try server.drain()
    #expect(server.server.allocationCount == 0 && server.sockets.isEmpty)
  }

  @Test("The old connection is closed before the new 5-tuple is used: data go there at once")
  func oldOneCloses() throws {
    var server = try mobileServer()
    var client = try RawClient(aliceOverTCP)
    let (relayed, ticket) = try client.allocateWithTicket(&server)
    try client.permit(&server, peer)
    var elsewhere = try RawClient(aliceElsewhere)
    _ = try elsewhere.move(&server, with: ticket)
    server.server.connectionClosed(aliceOverTCP)
    guard case .deliver(_, aliceElsewhere) = server.fromPeer([1], peer, to: relayed).verdict
    else { throw Failure("not delivered") }
  }

  @Test("A new connection that is closed again leaves all as it was")
  func newOneCloses() throws {
    var server = try mobileServer()
    var client = try RawClient()
    let (relayed, ticket) = try client.allocateWithTicket(&server)
    try client.permit(&server, peer)
    var stream = try RawClient(aliceOverTCP)
    let next = try stream.move(&server, with: ticket)
    server.server.connectionClosed(aliceOverTCP)
    guard case .deliver(_, alice) = server.fromPeer([1], peer, to: relayed).verdict else {
      throw Failure("not delivered")
    }
    var elsewhere = try RawClient(aliceElsewhere)
    _ = try elsewhere.move(&server, with: next)
  }
}
