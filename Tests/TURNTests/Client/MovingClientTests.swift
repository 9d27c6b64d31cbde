import STUN
import STUNCodec
import SansIO
import TURN
import Testing
import TransportAddress

/// A client that takes its allocation to another 5-tuple (RFC 8016).
@Suite struct MovingClientTests {
  /// A world in which the client has an allocation with a permission and a channel.
  private func world(seed: UInt64 = 1, delay: Int = 10) throws -> World {
    var world = try World(
      seed: seed, server: mobileServer(), options: .init(asksForTicket: true))
    world.delay = delay
    try world.start()
    try world.run(until: .seconds(1))
    for _ in 0..<3 {
      try world.send([0], to: peer)
      try world.run(until: world.now.advanced(by: .seconds(1)))
    }
    #expect(world.client.canMove)
    #expect(world.count { if case .bound = $0 { true } else { false } } == 1)
    return world
  }

  /// Sends numbers to the peer, which echoes, every 20 ms.
  private func talk(_ world: inout World, _ numbers: Range<UInt8>) throws {
    for number in numbers {
      try world.send([number], to: peer)
      try world.run(until: world.now.advanced(by: .milliseconds(20)))
    }
  }

  private func numbers(_ data: [[UInt8]]) -> [UInt8] {
    data.compactMap(\.first).filter { $0 > 0 }.sorted()
  }

  // MARK: - Make before break

  @Test(
    "Nothing is lost in either direction when a second network comes before the first one goes",
    arguments: 0..<20)
  func makeBeforeBreak(seed: UInt64) throws {
    var world = try world(seed: seed, delay: 60)
    try talk(&world, 1..<20)
    try world.add(aliceElsewhere)
    try talk(&world, 20..<60)
    #expect(world.tuple == aliceElsewhere)
    #expect(world.count { $0 == .moved } == 1)
    // The first network goes.
    world.former = []
    try talk(&world, 60..<100)
    try world.run(until: world.now.advanced(by: .seconds(2)))
    #expect(numbers(world.relayed.map(\.data)) == Array(1..<100))
    #expect(numbers(world.received.map(\.data)) == Array(1..<100))
    #expect(world.client.allocated != nil)
    #expect(world.server.server.allocation(of: aliceElsewhere, at: world.now) != nil)
  }

  @Test("The allocation lives on at the new 5-tuple for hours, with its channel")
  func hours() throws {
    var world = try world()
    try world.add(aliceElsewhere)
    for number in 1..<UInt8(200) {
      try world.send([number], to: peer)
      try world.run(until: world.now.advanced(by: .seconds(60)))
    }
    #expect(numbers(world.received.map(\.data)) == Array(1..<200))
    #expect(world.channelDataCount >= 199)
  }

  @Test("A move that is refused leaves all on the old 5-tuple", arguments: [true, false])
  func refusedMove(isRefused: Bool) throws {
    var world = try world()
    world.isLost = { packet in
      guard case .toServer(_, let tuple) = packet else { return false }
      return tuple == aliceElsewhere && !isRefused
    }
    if isRefused {
      // Another program of the same user's has that 5-tuple.
      var other = try RawClient(aliceElsewhere)
      try other.allocate(&world.server)
    }
    try world.add(aliceElsewhere)
    try talk(&world, 1..<50)
    try world.run(until: world.now.advanced(by: .seconds(60)))
    #expect(
      world.count { $0 == .notMoved(isRefused ? .refused(.badRequest) : .timedOut) } == 1)
    #expect(world.tuple == alice)
    #expect(numbers(world.received.map(\.data)) == Array(1..<50))
  }

  @Test("A host that comes to a third network before it is in the second one goes to the third")
  func third() throws {
    var world = try world()
    try world.add(aliceElsewhere)
    // The request has arrived, and the response has not.
    try world.run(until: world.now.advanced(by: .milliseconds(15)))
    try world.add(aliceFarther)
    try talk(&world, 1..<50)
    try world.run(until: world.now.advanced(by: .seconds(1)))
    #expect(world.tuple == aliceFarther && world.count { $0 == .moved } == 1)
    #expect(numbers(world.received.map(\.data)) == Array(1..<50))
  }

  // MARK: - Break before make

  @Test("What is sent while the old 5-tuple is gone waits, and arrives", arguments: 0..<10)
  func breakBeforeMake(seed: UInt64) throws {
    var world = try world(seed: seed, delay: 60)
    try talk(&world, 1..<20)
    try world.run(until: world.now.advanced(by: .seconds(1)))
    try world.change(to: aliceElsewhere)
    try talk(&world, 20..<60)
    try world.run(until: world.now.advanced(by: .seconds(1)))
    #expect(numbers(world.relayed.map(\.data)) == Array(1..<60))
    #expect(numbers(world.received.map(\.data)) == Array(1..<60))
    #expect(world.count { $0 == .moved } == 1)
  }

  @Test("A move survives lost and repeated packets", arguments: 0..<20)
  func loss(seed: UInt64) throws {
    var world = try world(seed: seed)
    world.loss = 30
    world.duplication = 20
    try world.change(to: aliceElsewhere)
    try world.run(until: world.now.advanced(by: .seconds(45)))
    try world.change(to: aliceFarther)
    try world.run(until: world.now.advanced(by: .seconds(45)))
    #expect(world.count { $0 == .moved } == 2)
    (world.loss, world.duplication) = (0, 0)
    try world.send([9], to: peer)
    try world.run(until: world.now.advanced(by: .seconds(2)))
    #expect(numbers(world.received.map(\.data)) == [9])
  }

  @Test("Requests that were on their way go out again from the new 5-tuple")
  func requestsMeanwhile() throws {
    var world = try world()
    let other: TransportAddress = "203.0.113.77:4000"
    try world.send([8], to: other)
    try world.change(to: aliceElsewhere)
    try world.run(until: world.now.advanced(by: .seconds(2)))
    #expect(numbers(world.received.map(\.data)) == [8])
    #expect(world.count { $0 == .permitted(other.address) } == 1)
    #expect(world.client.end == nil)
  }

  @Test("No more is held than 64 datagrams")
  func heldLimit() throws {
    var world = try world()
    world.isLost = { _ in true }
    try world.change(to: aliceElsewhere)
    for _ in 0..<64 { #expect(try world.send([1], to: peer) == .held) }
    #expect(try world.send([1], to: peer) == .dropped(.tooManyHeld))
  }

  @Test("An allocation that is given up on the way is given up at the server, too")
  func released() throws {
    var world = try world()
    try world.change(to: aliceElsewhere)
    world.client.released(at: world.now, using: &world.generator)
    try world.run(until: world.now.advanced(by: .seconds(2)))
    #expect(world.client.end == .released)
    #expect(world.server.server.allocationCount == 0)
  }

  // MARK: - A new allocation instead

  @Test("Where the server does not know the ticket any more, a new allocation takes its place")
  func forgotten() throws {
    var world = try world()
    #expect(world.client.allocated?.relayed.first != nil)
    // Started anew.
    world.server = try mobileServer()
    world.server.now = world.now
    try world.change(to: aliceElsewhere)
    try world.run(until: world.now.advanced(by: .seconds(2)))
    #expect(world.count { $0 == .notMoved(.refused(.allocationMismatch)) } == 1)
    #expect(world.client.allocated != nil && world.client.end == nil)
    #expect(world.count { if case .allocated = $0 { true } else { false } } == 2)
    // The same peer is permitted.
    #expect(world.count { $0 == .permitted(peer.address) } == 2)
    try world.send([9], to: peer)
    try world.run(until: world.now.advanced(by: .seconds(1)))
    #expect(numbers(world.received.map(\.data)) == [9])
  }

  @Test("Where the server gives no tickets, there is an allocation, and a new one after a move")
  func forbidden() throws {
    var world = try World(options: .init(asksForTicket: true))
    try world.start()
    try world.run(until: .seconds(1))
    #expect(world.client.allocated != nil && !world.client.canMove)
    try world.add(aliceElsewhere)
    try world.change(to: aliceElsewhere)
    try world.run(until: .seconds(2))
    #expect(world.count { if case .allocated = $0 { true } else { false } } == 2)
    #expect(world.server.server.allocation(of: aliceElsewhere, at: world.now) != nil)
    // 405 was heard once.
    let asked = world.requests.filter { $0.message.mobilityTicket != nil }
    #expect(asked.count == 2)
  }

  @Test("The response to a move is lost while data say that the 5-tuple is used: no harm")
  func lostResponse() throws {
    var world = try world()
    world.isLost = { try $0.isMessage(.successResponse, .refresh) }
    try world.change(to: aliceElsewhere)
    try world.run(until: world.now.advanced(by: .milliseconds(100)))
    // From the client's own program, at the new place.
    _ = try world.server.receive([0x40, 0, 0, 1, 9], on: aliceElsewhere)
    world.isLost = { _ in false }
    try world.run(until: world.now.advanced(by: .seconds(10)))
    #expect(world.count { $0 == .moved } == 1 && world.client.end == nil)
  }
}
