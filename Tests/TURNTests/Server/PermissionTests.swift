import STUN
import STUNCodec
import SansIO
import TURN
import Testing
import TransportAddress

/// Refresh, CreatePermission and ChannelBind.
@Suite struct PermissionTests {
  var server: TestServer
  var client: RawClient
  let relayed: TransportAddress

  init() throws {
    server = try TestServer()
    client = try RawClient()
    relayed = try client.allocate(&server)
  }

  var status: TURNServer.AllocationStatus {
    get throws { try #require(server.server.allocation(of: alice, at: server.now)) }
  }

  // MARK: - Refresh

  @Test(
    "Refresh: zero ends the allocation, anything else is at least the default, at most an hour",
    arguments: [(nil, 600), (1, 600), (700, 700), (.max, 3600)] as [(UInt32?, UInt32)])
  func refresh(asked: UInt32?, granted: UInt32) throws {
    var (server, client) = (server, client)
    server.now = .seconds(500)
    let response = try client.ask(&server, .refresh) {
      if let asked { try $0.append(lifetime: asked) }
    }
    #expect(try response.lifetime == granted)
    #expect(server.server.nextDeadline == .seconds(500 + Int64(granted)))
  }

  @Test("Refresh with zero closes the socket; the second one gets 437")
  mutating func delete() throws {
    let response = try client.ask(&server, .refresh) { try $0.append(lifetime: 0) }
    #expect(try response.lifetime == 0)
    #expect(server.server.allocationCount == 0 && server.sockets.isEmpty)
    #expect(
      try client.refusal(&server, .refresh) { try $0.append(lifetime: 0) }
        == .allocationMismatch)
  }

  @Test("Refresh of a malformed LIFETIME is 400, of a family that is not there 443")
  mutating func wrongRefresh() throws {
    #expect(
      try client.refusal(&server, .refresh) { try $0.append(.lifetime, bytes: [1]) }
        == .badRequest)
    #expect(
      try client.refusal(&server, .refresh) { try $0.append(requestedAddressFamily: .ipv6) }
        == .peerAddressFamilyMismatch)
    // A family that does not exist is not the allocation's either.
    #expect(
      try client.refusal(&server, .refresh) {
        try $0.append(.requestedAddressFamily, bytes: [9, 0, 0, 0])
      } == .peerAddressFamilyMismatch)
  }

  @Test("Of a dual allocation one family may be ended alone, with its permissions")
  mutating func halfDelete() throws {
    client = try RawClient(bob, user: "bob", password: "word")
    try client.allocate(&server) { try $0.append(additionalAddressFamily: .ipv6) }
    try client.permit(&server, peer, peer6)
    #expect(
      try client.refusal(&server, .refresh) {
        try $0.append(lifetime: 0)
        try $0.append(requestedAddressFamily: .ipv4)
      } == nil)
    let status = try #require(server.server.allocation(of: bob, at: .zero))
    #expect(status.relayed.keys.map(\.address) == [relayAddress6])
    #expect(Array(status.permissions.keys) == [peer6.address])
  }

  // MARK: - Permissions

  // Pitfall 25.
  @Test("A permission is for an address, whatever the port, and lasts 300 s")
  mutating func permission() throws {
    try client.permit(&server, TransportAddress(peer.address, port: 0))
    #expect(try status.permissions == [peer.address: .seconds(300)])
    for port: UInt16 in [1, 4000, 65535] {
      let peer = TransportAddress(peer.address, port: port)
      #expect(server.fromPeer([1], peer, to: relayed).verdict != .drop(.noPermission))
    }
    server.now = Instant(nanoseconds: 299_999_999_999)
    #expect(server.fromPeer([1], peer, to: relayed).verdict != .drop(.noPermission))
    server.now = .seconds(300)
    #expect(server.fromPeer([1], peer, to: relayed).verdict == .drop(.noPermission))
    #expect(
      try server.receive(client.send([1], to: peer), on: alice).verdict == .drop(.noPermission))
  }

  @Test("Several peers in one request: all of them or none")
  mutating func several() throws {
    let second: TransportAddress = "203.0.113.6:1"
    try client.permit(&server, peer, second)
    #expect(try Set(status.permissions.keys) == [peer.address, second.address])
    let third: TransportAddress = "203.0.113.7:1"
    #expect(
      try client.refusal(&server, .createPermission) {
        try $0.append(xorPeerAddress: third)
        try $0.append(xorPeerAddress: "127.0.0.1:1")
      } == .forbidden)
    #expect(try Set(status.permissions.keys) == [peer.address, second.address])
  }

  @Test("CreatePermission without a peer, or with a malformed one, is 400")
  mutating func badPermission() throws {
    #expect(try client.refusal(&server, .createPermission) == .badRequest)
    #expect(
      try client.refusal(&server, .createPermission) {
        try $0.append(xorPeerAddress: peer)
        try $0.append(.xorPeerAddress, bytes: [0, 1, 2])
      } == .badRequest)
    #expect(try status.permissions.isEmpty)
  }

  @Test("A peer of a family that the allocation has no address of is 443")
  mutating func family() throws {
    #expect(
      try client.refusal(&server, .createPermission) { try $0.append(xorPeerAddress: peer6) }
        == .peerAddressFamilyMismatch)
    #expect(try client.bind(&server, 0x4000, to: peer6) == .peerAddressFamilyMismatch)
  }

  @Test("More permissions or channels than one allocation may have are 508; what is over makes way")
  mutating func limits() throws {
    var limits = TURNServer.Limits()
    limits.permissionsPerAllocation = 2
    limits.channelsPerAllocation = 1
    server = try TestServer(configuration(limits: limits))
    client = try RawClient()
    try client.allocate(&server)
    try client.permit(&server, "203.0.113.1:1", "203.0.113.2:1")
    #expect(
      try client.refusal(&server, .createPermission) {
        try $0.append(xorPeerAddress: "203.0.113.3:1")
      } == .insufficientCapacity)
    // Those that are there are refreshed all the same.
    try client.permit(&server, "203.0.113.1:9")
    #expect(try client.bind(&server, 0x4000, to: "203.0.113.1:1") == nil)
    #expect(try client.bind(&server, 0x4001, to: "203.0.113.2:1") == .insufficientCapacity)
    server.now = .seconds(301)
    try client.permit(&server, "203.0.113.4:1")
    server.now = .seconds(599)
    #expect(try client.refusal(&server, .refresh) == nil)
    server.now = .seconds(601)
    #expect(try client.bind(&server, 0x4001, to: "203.0.113.2:1") == nil)
  }

  // MARK: - Channels

  // Pitfall 19.
  @Test(
    "Only 0x4000 to 0x4FFF can be bound",
    arguments: [
      (0x3FFF, false), (0x4000, true), (0x4FFF, true), (0x5000, false), (0x7FFF, false),
      (0xFFFF, false),
    ] as [(UInt16, Bool)])
  func numbers(number: UInt16, isValid: Bool) throws {
    var (server, client) = (server, client)
    #expect(try client.bind(&server, number, to: peer) == (isValid ? nil : .badRequest))
  }

  @Test(
    "Where former numbers are allowed, 0x4000 to 0x7FFF can be bound, and data go both ways",
    arguments: [
      (0x3FFF, false), (0x4000, true), (0x5000, true), (0x7FFF, true), (0x8000, false),
    ] as [(UInt16, Bool)])
  func formerNumbers(number: UInt16, isValid: Bool) throws {
    var configuration = try TURNTests.configuration()
    configuration.channelNumbers = ChannelNumber.formerValues
    var (server, client) = (try TestServer(configuration), try RawClient())
    let relayed = try client.allocate(&server)
    #expect(try client.bind(&server, number, to: peer) == (isValid ? nil : .badRequest))
    guard isValid else { return }
    let header = [UInt8(number >> 8), UInt8(number & 0xFF), 0, 2]
    #expect(server.fromPeer([8, 9], peer, to: relayed).bytes == header + [8, 9])
    #expect(
      try server.receive(header + [8, 9], on: alice).verdict
        == .relay(4..<6, to: peer, from: relayed))
  }

  @Test("ChannelBind without number, without peer or with port 0 is refused")
  mutating func badBind() throws {
    #expect(
      try client.refusal(&server, .channelBind) { try $0.append(xorPeerAddress: peer) }
        == .badRequest)
    #expect(
      try client.refusal(&server, .channelBind) {
        try $0.append(channelNumber: .init(rawValue: 0x4000))
      } == .badRequest)
    #expect(
      try client.bind(&server, 0x4000, to: TransportAddress(peer.address, port: 0)) == .forbidden)
  }

  // Pitfall 20.
  @Test("The same binding again is a refresh; another number or another peer is 400")
  mutating func bindings() throws {
    #expect(try client.bind(&server, 0x4000, to: peer) == nil)
    #expect(try client.bind(&server, 0x4000, to: peer) == nil)
    #expect(try client.bind(&server, 0x4001, to: peer) == .badRequest)
    #expect(
      try client.bind(&server, 0x4000, to: TransportAddress(peer.address, port: 9)) == .badRequest)
    #expect(try client.bind(&server, 0x4000, to: "203.0.113.99:1") == .badRequest)
    #expect(try status.channels == [ChannelNumber(rawValue: 0x4000): peer])
    // Another port of the same address is another peer.
    #expect(
      try client.bind(&server, 0x4001, to: TransportAddress(peer.address, port: 9)) == nil)
  }

  // Pitfall 25.
  @Test("A channel lasts 600 s, and the permission that came with it 300 s")
  mutating func lifetimes() throws {
    #expect(try client.bind(&server, 0x4000, to: peer) == nil)
    let data: [UInt8] = [0x40, 0, 0, 1, 7]
    server.now = .seconds(299)
    #expect(
      try server.receive(data, on: alice).verdict == .relay(4..<5, to: peer, from: relayed))
    server.now = .seconds(300)
    #expect(try server.receive(data, on: alice).verdict == .drop(.noPermission))
    try client.permit(&server, peer)
    #expect(
      try server.receive(data, on: alice).verdict == .relay(4..<5, to: peer, from: relayed))
    server.now = .seconds(590)
    try client.permit(&server, peer)
    #expect(try client.refusal(&server, .refresh) == nil)
    server.now = .seconds(600)
    #expect(try server.receive(data, on: alice).verdict == .drop(.unboundChannel))
    // The permission goes on: without its channel the data come as an indication.
    guard case .deliver(let range, alice) = server.fromPeer([1], peer, to: relayed).verdict else {
      throw Failure("not delivered")
    }
    #expect(range.count == 20 + 12 + 8)
  }

  @Test("ChannelBind again refreshes the channel and the permission")
  mutating func rebind() throws {
    #expect(try client.bind(&server, 0x4000, to: peer) == nil)
    server.now = .seconds(200)
    #expect(try client.bind(&server, 0x4000, to: peer) == nil)
    #expect(try status.permissions == [peer.address: .seconds(500)])
    server.now = .seconds(499)
    #expect(try server.receive([0x40, 0, 0, 0], on: alice).verdict != .drop(.noPermission))
  }

  @Test("After its lifetime a number may be bound to another peer, and a peer to another number")
  mutating func reuse() throws {
    #expect(try client.bind(&server, 0x4000, to: peer) == nil)
    server.now = .seconds(590)
    #expect(try client.refusal(&server, .refresh) == nil)
    server.now = .seconds(601)
    let other: TransportAddress = "203.0.113.77:7"
    #expect(try client.bind(&server, 0x4000, to: other) == nil)
    #expect(try client.bind(&server, 0x4001, to: peer) == nil)
    #expect(
      try status.channels
        == [ChannelNumber(rawValue: 0x4000): other, ChannelNumber(rawValue: 0x4001): peer])
    #expect(
      try server.receive([0x40, 0, 0, 0], on: alice).verdict
        == .relay(4..<4, to: other, from: relayed))
  }
}
