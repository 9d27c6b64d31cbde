import STUN
import STUNCodec
import SansIO
import Testing
import TransportAddress

@testable import TURN

/// Where alice comes from after she has left `alice`, and after that.
let aliceElsewhere = FiveTuple(.udp, local: serverAddress, remote: "192.0.2.99:7000")
let aliceFarther = FiveTuple(.udp, local: serverAddress, remote: "192.0.2.200:7100")

/// A server that allows mobility.
func mobileServer(_ limits: TURNServer.Limits = .init()) throws -> TestServer {
  var configuration = try configuration(limits: limits)
  configuration.allowsMobility = true
  return try TestServer(configuration)
}

extension RawClient {
  /// Allocates with a ticket.
  mutating func allocateWithTicket(
    _ server: inout TestServer
  ) throws -> (relayed: TransportAddress, ticket: [UInt8]) {
    let response = try ask(&server, .allocate) {
      try $0.append(requestedTransport: 17)
      try $0.append(.mobilityTicket, bytes: [])
    }
    guard response.type.class == .successResponse else { throw Failure(try response.errorCode!) }
    return (
      try #require(try response.xorRelayedAddress), try #require(response.mobilityTicket)
    )
  }

  /// Moves an allocation to this client's 5-tuple.
  ///
  /// - Returns: the new ticket.
  mutating func move(_ server: inout TestServer, with ticket: [UInt8]) throws -> [UInt8] {
    let response = try ask(&server, .refresh) { try $0.append(.mobilityTicket, bytes: ticket) }
    guard response.type.class == .successResponse else { throw Failure(try response.errorCode!) }
    return try #require(response.mobilityTicket)
  }

  /// What a move is refused with.
  mutating func refusalOfMove(
    _ server: inout TestServer, with ticket: [UInt8]
  ) throws -> ErrorCode? {
    try refusal(&server, .refresh) { try $0.append(.mobilityTicket, bytes: ticket) }
  }
}

/// Mobility (RFC 8016) at the server.
@Suite struct MobilityTests {
  var server: TestServer
  var client: RawClient
  var elsewhere: RawClient
  let relayed: TransportAddress
  let ticket: [UInt8]

  init() throws {
    server = try mobileServer()
    client = try RawClient()
    elsewhere = try RawClient(aliceElsewhere)
    (relayed, ticket) = try client.allocateWithTicket(&server)
    try client.permit(&server, peer)
    #expect(try client.bind(&server, 0x4000, to: peer) == nil)
  }

  /// The 5-tuple that a peer's data go to.
  private mutating func destination() throws -> FiveTuple {
    guard case .deliver(_, let tuple) = server.fromPeer([1], peer, to: relayed).verdict else {
      throw Failure("not delivered")
    }
    return tuple
  }

  @Test("No byte of a ticket is zero, so that coturn's client can keep it as text")
  func text() {
    var generator = SystemRandomNumberGenerator()
    for _ in 0..<1000 {
      let ticket = MobilityTicket(using: &generator) { _ in false }
      #expect(ticket.bytes.count == 24 && !ticket.bytes.contains(0))
    }
  }

  // MARK: - Tickets

  @Test("Who asks for no ticket gets none")
  func noTicket() throws {
    var server = server
    var other = try RawClient(bob, user: "bob", password: "word")
    let response = try other.ask(&server, .allocate) { try $0.append(requestedTransport: 17) }
    #expect(response.type.class == .successResponse && response.mobilityTicket == nil)
  }

  @Test("A server that forbids mobility says 405 to Allocate and to Refresh")
  func forbidden() throws {
    var server = try TestServer()
    var client = try RawClient()
    #expect(
      try client.refusal(&server, .allocate) {
        try $0.append(requestedTransport: 17)
        try $0.append(.mobilityTicket, bytes: [])
      } == .mobilityForbidden)
    try client.allocate(&server)
    var elsewhere = elsewhere
    #expect(try elsewhere.refusalOfMove(&server, with: ticket) == .mobilityForbidden)
  }

  @Test("A ticket in Allocate must be empty, and one in Refresh must not")
  mutating func wrongPlaces() throws {
    #expect(
      try elsewhere.refusal(&server, .allocate) {
        try $0.append(requestedTransport: 17)
        try $0.append(.mobilityTicket, bytes: ticket)
      } == .badRequest)
    #expect(try elsewhere.refusalOfMove(&server, with: []) == .badRequest)
  }

  @Test("A retransmitted Allocate gets the same ticket again")
  func retransmittedAllocate() throws {
    var server = try mobileServer()
    var client = try RawClient()
    _ = try client.refusal(&server, .refresh)
    let request = try client.request(.allocate) {
      try $0.append(requestedTransport: 17)
      try $0.append(.mobilityTicket, bytes: [])
    }
    let first = try server.response(to: request, on: alice)
    #expect(first?.mobilityTicket != nil)
    #expect(try server.response(to: request, on: alice) == first)
  }

  // MARK: - A move

  @Test("After a Refresh with the ticket data go to the old 5-tuple, until the new one is used")
  mutating func makeBeforeBreak() throws {
    server.now = .seconds(100)
    let response = try elsewhere.ask(&server, .refresh) {
      try $0.append(.mobilityTicket, bytes: ticket)
      try $0.append(lifetime: 1000)
    }
    #expect(try response.lifetime == 1000)
    #expect(response.mobilityTicket?.isEmpty == false && response.mobilityTicket != ticket)
    #expect(try destination() == alice)
    // The old one still sends, too.
    let data = [0x40, 0, 0, 1, 9] as [UInt8]
    let (verdict, _) = try server.receive(data, on: alice)
    #expect(verdict == .relay(4..<5, to: peer, from: relayed))
    #expect(try destination() == alice)
    // ChannelData from the new one.
    let (second, _) = try server.receive(data, on: aliceElsewhere)
    #expect(second == .relay(4..<5, to: peer, from: relayed))
    #expect(try destination() == aliceElsewhere)
  }

  @Test(
    "Data and requests alike say that the new 5-tuple is used",
    arguments: ["ChannelData", "Send", "Refresh", "CreatePermission", "ChannelBind"])
  func uses(what: String) throws {
    var test = self
    _ = try test.elsewhere.move(&test.server, with: ticket)
    switch what {
    case "ChannelData": _ = try test.server.receive([0x40, 0, 0, 1, 9], on: aliceElsewhere)
    case "Send":
      _ = try test.server.receive(test.elsewhere.send([1], to: peer), on: aliceElsewhere)
    case "Refresh": #expect(try test.elsewhere.refusal(&test.server, .refresh) == nil)
    case "CreatePermission": try test.elsewhere.permit(&test.server, peer)
    default: #expect(try test.elsewhere.bind(&test.server, 0x4000, to: peer) == nil)
    }
    #expect(try test.destination() == aliceElsewhere)
  }

  @Test("Permissions, channels and the relayed transport address come along")
  mutating func belongings() throws {
    let before = try #require(server.server.allocation(of: alice, at: .zero))
    _ = try elsewhere.move(&server, with: ticket)
    _ = try server.receive([0x40, 0, 0, 1, 9], on: aliceElsewhere)
    let after = try #require(server.server.allocation(of: aliceElsewhere, at: .zero))
    #expect(after == before)
    #expect(server.fromPeer([7], peer, to: relayed).bytes.prefix(5) == [0x40, 0, 0, 1, 7])
  }

  @Test("What was on its way from the old 5-tuple is relayed for 10 s, and requests get 437")
  mutating func late() throws {
    _ = try elsewhere.move(&server, with: ticket)
    let data = [0x40, 0, 0, 1, 9] as [UInt8]
    _ = try server.receive(data, on: aliceElsewhere)
    #expect(try server.receive(data, on: alice).verdict == .relay(4..<5, to: peer, from: relayed))
    #expect(try destination() == aliceElsewhere)
    #expect(try client.refusal(&server, .refresh) == .allocationMismatch)
    try server.advance(to: .seconds(10))
    #expect(try server.receive(data, on: alice).verdict == .drop(.noAllocation))
    #expect(!server.server.hasAllocation(on: alice))
    #expect(server.server.hasAllocation(on: aliceElsewhere))
  }

  @Test("A client that comes back before it has used the new 5-tuple finds all as it was")
  mutating func back() throws {
    _ = try elsewhere.move(&server, with: ticket)
    #expect(try client.refusal(&server, .refresh) == nil)
    #expect(try destination() == alice)
  }

  @Test("A client can move on and on, and back to where it was")
  mutating func onAndOn() throws {
    var ticket = ticket
    for tuple in [aliceElsewhere, aliceFarther, alice, aliceElsewhere, alice, aliceFarther] {
      var place = try RawClient(tuple)
      ticket = try place.move(&server, with: ticket)
      _ = try server.receive([0x40, 0, 0, 1, 9], on: tuple)
      #expect(try destination() == tuple)
    }
    #expect(server.server.allocationCount == 1)
  }

  @Test("A move to TCP and back: ChannelData are padded where they must be")
  mutating func toStream() throws {
    var stream = try RawClient(aliceOverTCP)
    let next = try stream.move(&server, with: ticket)
    _ = try server.receive([0x40, 0, 0, 1, 9, 0, 0, 0], on: aliceOverTCP)
    #expect(server.fromPeer([7], peer, to: relayed).bytes == [0x40, 0, 0, 1, 7, 0, 0, 0])
    _ = try elsewhere.move(&server, with: next)
    _ = try server.receive([0x40, 0, 0, 1, 9], on: aliceElsewhere)
    #expect(server.fromPeer([7], peer, to: relayed).bytes == [0x40, 0, 0, 1, 7])
  }

  @Test("LIFETIME 0 with a ticket ends the allocation from the new place")
  mutating func ending() throws {
    let response = try elsewhere.ask(&server, .refresh) {
      try $0.append(.mobilityTicket, bytes: ticket)
      try $0.append(lifetime: 0)
    }
    #expect(try response.lifetime == 0)
    #expect(server.server.allocationCount == 0 && server.sockets.isEmpty)
    #expect(try elsewhere.refusalOfMove(&server, with: ticket) == .allocationMismatch)
  }

  @Test("A ticket from a 5-tuple that has an allocation, this one or another, gets 400")
  mutating func samePlace() throws {
    #expect(try client.refusalOfMove(&server, with: ticket) == .badRequest)
    try elsewhere.allocate(&server)
    #expect(try elsewhere.refusalOfMove(&server, with: ticket) == .badRequest)
  }

  @Test("The server's owner hears of a move once the new 5-tuple is used")
  mutating func event() throws {
    server.server.reportsEvents = true
    _ = try elsewhere.move(&server, with: ticket)
    #expect(server.server.nextEvent() == nil)
    _ = try server.receive([0x40, 0, 0, 1, 9], on: aliceElsewhere)
    #expect(
      server.server.nextEvent() == .moved(user: "alice", from: alice, to: aliceElsewhere))
  }

  // MARK: - Lost responses

  @Test("A retransmitted Refresh gets the same response again, also when the move is over")
  mutating func retransmission() throws {
    _ = try elsewhere.refusal(&server, .refresh)
    let request = try elsewhere.request(.refresh) {
      try $0.append(.mobilityTicket, bytes: ticket)
    }
    let first = try server.response(to: request, on: aliceElsewhere)
    #expect(first?.type.class == .successResponse)
    #expect(try server.response(to: request, on: aliceElsewhere) == first)
    _ = try server.receive([0x40, 0, 0, 1, 9], on: aliceElsewhere)
    #expect(try server.response(to: request, on: aliceElsewhere) == first)
    #expect(try destination() == aliceElsewhere)
  }

  @Test("Who has not got the new ticket moves once more with the old one")
  mutating func lostTicket() throws {
    let lost = try elsewhere.move(&server, with: ticket)
    var farther = try RawClient(aliceFarther)
    _ = try farther.move(&server, with: ticket)
    #expect(!server.server.hasAllocation(on: aliceElsewhere))
    #expect(try elsewhere.refusalOfMove(&server, with: lost) == .allocationMismatch)
    _ = try server.receive([0x40, 0, 0, 1, 9], on: aliceFarther)
    #expect(try destination() == aliceFarther)
  }

  // MARK: - Theft

  @Test("Another user with the ticket gets 441, and nothing has moved")
  mutating func otherUser() throws {
    var thief = try RawClient(bob, user: "bob", password: "word")
    #expect(try thief.refusalOfMove(&server, with: ticket) == .wrongCredentials)
    // Nor with an allocation of its own.
    try thief.allocate(&server)
    #expect(try thief.refusalOfMove(&server, with: ticket) == .badRequest)
    var there = try RawClient(alice, user: "bob", password: "word")
    #expect(try there.refusalOfMove(&server, with: ticket) == .wrongCredentials)
    #expect(try destination() == alice)
    // The ticket is still its owner's.
    _ = try elsewhere.move(&server, with: ticket)
  }

  @Test("A ticket without credentials is challenged, and with a wrong password refused")
  mutating func noCredentials() throws {
    let bare = try STUNMessage.encode(
      MessageType(.request, .refresh), transactionID: TransactionID(high: 1, low: 1)
    ) { try $0.append(.mobilityTicket, bytes: ticket) }
    #expect(try server.response(to: bare, on: bob)?.errorCode == .unauthenticated)
    var thief = try RawClient(bob, user: "alice", password: "wrong")
    #expect(try thief.refusalOfMove(&server, with: ticket) == .unauthenticated)
    #expect(try destination() == alice)
  }

  @Test("A recorded move is worth nothing from another address")
  mutating func recordedMove() throws {
    _ = try elsewhere.refusal(&server, .refresh)
    let request = try elsewhere.request(.refresh) {
      try $0.append(.mobilityTicket, bytes: ticket)
    }
    _ = try server.response(to: request, on: aliceElsewhere)
    // The nonce is for the address that it was given to.
    #expect(try server.response(to: request, on: aliceFarther)?.errorCode == .staleNonce)
    #expect(!server.server.hasAllocation(on: aliceFarther))
  }

  @Test("A ticket with any bit changed, cut or extended is no ticket: 437")
  mutating func forgedTickets() throws {
    for bit in 0..<ticket.count * 8 {
      var forged = ticket
      forged[bit / 8] ^= 1 << (bit % 8)
      #expect(try elsewhere.refusalOfMove(&server, with: forged) == .allocationMismatch)
    }
    for forged in [Array(ticket.dropLast()), ticket + [0], [1]] {
      #expect(try elsewhere.refusalOfMove(&server, with: forged) == .allocationMismatch)
    }
    #expect(try destination() == alice)
  }

  @Test("An old ticket is void once the client has used the new 5-tuple, and after the end")
  mutating func replay() throws {
    let next = try elsewhere.move(&server, with: ticket)
    _ = try server.receive([0x40, 0, 0, 1, 9], on: aliceElsewhere)
    var farther = try RawClient(aliceFarther)
    #expect(try farther.refusalOfMove(&server, with: ticket) == .allocationMismatch)
    #expect(try destination() == aliceElsewhere)
    _ = try elsewhere.refusal(&server, .refresh) { try $0.append(lifetime: 0) }
    #expect(try farther.refusalOfMove(&server, with: next) == .allocationMismatch)
  }

  @Test("No two tickets are the same, and none is a part of another")
  func differentTickets() throws {
    var server = try mobileServer(.init(allocationsPerUser: 64))
    var words: Set<[UInt8]> = []
    for port in UInt16(1)...40 {
      var client = try RawClient(
        FiveTuple(.udp, local: serverAddress, remote: TransportAddress("192.0.2.50", port: port)))
      let ticket = try client.allocateWithTicket(&server).ticket
      for start in [0, 8, 16] { words.insert(Array(ticket[start..<start + 8])) }
    }
    #expect(words.count == 120)
  }
}
