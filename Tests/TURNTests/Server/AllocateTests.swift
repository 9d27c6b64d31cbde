import STUN
import STUNCodec
import SansIO
import TURN
import Testing
import TransportAddress

@Suite struct AllocateTests {
  var server: TestServer
  var client: RawClient

  init() throws {
    server = try TestServer()
    client = try RawClient()
  }

  @Test(
    "The success response has relayed and mapped address and lifetime, and is protected",
    arguments: [[PasswordAlgorithm.sha256, .md5], []])
  func success(algorithms: [PasswordAlgorithm]) throws {
    var server = try TestServer(authenticator: authenticator(algorithms))
    var client = client
    let response = try client.ask(&server, .allocate) { try $0.append(requestedTransport: 17) }
    #expect(response.type == MessageType(.successResponse, .allocate))
    let relayed = try #require(try response.xorRelayedAddress)
    #expect(relayed.address == relayAddress && (50000...50063).contains(relayed.port))
    #expect(try response.xorMappedAddress == clientAddress)
    #expect(try response.lifetime == 600)
    let isProtected = client.session.protection.isSatisfied(by: response.view)
    #expect(isProtected)
    #expect(server.sockets == [relayed])
    #expect(server.server.allocationCount == 1)
    let status = try #require(server.server.allocation(of: alice, at: .zero))
    #expect(status.user == "alice" && status.relayed == [relayed: .seconds(600)])
  }

  // Pitfall 23, field report T1.
  @Test("A retransmitted Allocate gets the same bytes again for 40 s, another one gets 437")
  mutating func retransmission() throws {
    // The first request is challenged, so that the next one is carried out at once.
    #expect(try client.refusal(&server, .refresh) == .allocationMismatch)
    let request = try client.request(.allocate) { try $0.append(requestedTransport: 17) }
    let first = try server.receive(request, on: alice).sent
    #expect(try STUNMessage(first[0].bytes).type.class == .successResponse)
    server.now = .seconds(40)
    let second = try server.receive(request, on: alice).sent
    #expect(second.map(\.bytes) == first.map(\.bytes))
    #expect(server.server.allocationCount == 1 && server.sockets.count == 1)
    #expect(
      try client.refusal(&server, .allocate) { try $0.append(requestedTransport: 17) }
        == .allocationMismatch)
    server.now = .seconds(41)
    let late = try server.receive(request, on: alice).sent
    #expect(try STUNMessage(late[0].bytes).errorCode == .allocationMismatch)
  }

  @Test("Another user's request with the same ID on the same 5-tuple gets 437")
  mutating func retransmissionOfAnother() throws {
    try client.allocate(&server)
    var thief = try RawClient(alice, user: "bob", password: "word")
    _ = try thief.ask(&server, .refresh)
    let id = TransactionID(high: UInt32(clientAddress.port), low: client.number)
    let request = try thief.request(.allocate, id: id) { try $0.append(requestedTransport: 17) }
    #expect(try server.response(to: request, on: alice)?.errorCode == .allocationMismatch)
  }

  @Test("REQUESTED-TRANSPORT: missing or malformed is 400, another protocol than UDP is 442")
  mutating func transport() throws {
    #expect(try client.refusal(&server, .allocate) == .badRequest)
    #expect(
      try client.refusal(&server, .allocate) { try $0.append(.requestedTransport, bytes: [17]) }
        == .badRequest)
    for number: UInt8 in [6, 1, 0] {
      #expect(
        try client.refusal(&server, .allocate) { try $0.append(requestedTransport: number) }
          == .unsupportedTransportProtocol)
    }
    #expect(server.server.allocationCount == 0 && server.sockets.isEmpty)
  }

  @Test(
    "LIFETIME: at least the default, at most an hour (RFC 8656 §7.2)",
    arguments: [
      (nil, 600), (0, 600), (60, 600), (600, 600), (1800, 1800), (3600, 3600), (.max, 3600),
    ] as [(UInt32?, UInt32)])
  func lifetime(asked: UInt32?, granted: UInt32) throws {
    var (server, client) = (server, client)
    let response = try client.ask(&server, .allocate) {
      try $0.append(requestedTransport: 17)
      if let asked { try $0.append(lifetime: asked) }
    }
    #expect(try response.lifetime == granted)
    #expect(server.server.nextDeadline == .seconds(Int64(granted)))
  }

  @Test("An allocation that is not refreshed ends, and its socket with it")
  mutating func expiry() throws {
    try client.allocate(&server)
    try server.advance(to: .seconds(599))
    #expect(server.server.allocationCount == 1)
    try server.advance(to: .seconds(600))
    #expect(server.server.allocationCount == 0 && server.sockets.isEmpty)
    #expect(server.server.nextDeadline == nil)
    // Pitfall 22.
    #expect(try client.refusal(&server, .refresh) == .allocationMismatch)
  }

  @Test("DONT-FRAGMENT is unknown to a driver that cannot set the bit: 420 (RFC 8656 §7.2)")
  mutating func dontFragment() throws {
    let response = try client.ask(&server, .allocate) {
      try $0.append(requestedTransport: 17)
      try $0.appendDontFragment()
    }
    #expect(try response.errorCode == .unknownAttribute)
    #expect(try response.unknownAttributes == [.dontFragment])
    var able = try TestServer(configuration(canSetDontFragment: true))
    client = try RawClient()
    try client.allocate(&able) { try $0.appendDontFragment() }
  }

  @Test("Unknown comprehension-required attributes are refused with 420 and listed")
  mutating func unknown() throws {
    let response = try client.ask(&server, .allocate) {
      try $0.append(requestedTransport: 17)
      try $0.append(AttributeType(rawValue: 0x7F01), bytes: [])
      try $0.append(.priority, bytes: [0, 0, 0, 1])
    }
    #expect(try response.unknownAttributes?.map(\.rawValue) == [0x7F01, 0x0024])
  }

  // MARK: - Families

  @Test("REQUESTED-ADDRESS-FAMILY: each family that there is, 440 for one that there is not")
  mutating func family() throws {
    let relayed = try client.allocate(&server) { try $0.append(requestedAddressFamily: .ipv6) }
    #expect(relayed.address == relayAddress6)
    var narrow = try TestServer(configuration(hasIPv6: false))
    for bytes: [UInt8] in [[2, 0, 0, 0], [9, 0, 0, 0]] {
      client = try RawClient()
      #expect(
        try client.refusal(&narrow, .allocate) {
          try $0.append(requestedTransport: 17)
          try $0.append(.requestedAddressFamily, bytes: bytes)
        } == .addressFamilyNotSupported)
    }
  }

  @Test("ADDITIONAL-ADDRESS-FAMILY gives one address of each family")
  mutating func dual() throws {
    let response = try client.ask(&server, .allocate) {
      try $0.append(requestedTransport: 17)
      try $0.append(additionalAddressFamily: .ipv6)
    }
    #expect(response.attributes.count { $0.type == .xorRelayedAddress } == 2)
    #expect(server.sockets.map(\.address).sorted() == [relayAddress, relayAddress6])
    #expect(try response.addressErrorCode == nil)
  }

  @Test("Of two families, one that is not relayed or has no port is told by ADDRESS-ERROR-CODE")
  mutating func halfDual() throws {
    func ask(_ server: inout TestServer) throws -> STUNMessage {
      var client = try RawClient()
      return try client.ask(&server, .allocate) {
        try $0.append(requestedTransport: 17)
        try $0.append(additionalAddressFamily: .ipv6)
      }
    }
    var narrow = try TestServer(configuration(hasIPv6: false))
    #expect(
      try ask(&narrow).addressErrorCode
        == AddressErrorCode(family: .ipv6, errorCode: .addressFamilyNotSupported))
    // Also where it is IPv4 that is missing: then 440 would be as right.
    var wide = try TestServer(
      TURNServer.Configuration(ipv6: .init(relayAddress6, ports: 50000...50063)))
    #expect(
      try ask(&wide).addressErrorCode
        == AddressErrorCode(family: .ipv4, errorCode: .addressFamilyNotSupported))
    var full = try TestServer(configuration(ports: 50000...50000))
    var other = try RawClient(bob, user: "bob", password: "word")
    try other.allocate(&full)
    #expect(
      try ask(&full).addressErrorCode
        == AddressErrorCode(family: .ipv4, errorCode: .insufficientCapacity))
  }

  // Field report T9.
  @Test("A dual allocation of which neither address can be had is 508, not 440")
  mutating func noDual() throws {
    var full = try TestServer(configuration(ports: 50000...50000))
    var other = try RawClient(bob, user: "bob", password: "word")
    try other.allocate(&full) { try $0.append(additionalAddressFamily: .ipv6) }
    #expect(
      try client.refusal(&full, .allocate) {
        try $0.append(requestedTransport: 17)
        try $0.append(additionalAddressFamily: .ipv6)
      } == .insufficientCapacity)
  }

  @Test(
    "What contradicts itself is 400 (RFC 8656 §7.2)", arguments: Contradiction.allCases)
  func contradiction(kind: Contradiction) throws {
    var (server, client) = (server, client)
    let code = try client.refusal(&server, .allocate) {
      try $0.append(requestedTransport: 17)
      switch kind {
      case .tokenAndEvenPort:
        try $0.append(reservationToken: 1)
        try $0.append(evenPortReservesNext: false)
      case .tokenAndFamily:
        try $0.append(reservationToken: 1)
        try $0.append(requestedAddressFamily: .ipv4)
      case .tokenAndAdditional:
        try $0.append(reservationToken: 1)
        try $0.append(additionalAddressFamily: .ipv6)
      case .tokenAndUnknownFamily:
        try $0.append(reservationToken: 1)
        try $0.append(.requestedAddressFamily, bytes: [9, 0, 0, 0])
      case .unknownFamilyAndAdditional:
        try $0.append(.requestedAddressFamily, bytes: [9, 0, 0, 0])
        try $0.append(additionalAddressFamily: .ipv6)
      case .additionalUnknown:
        try $0.append(.additionalAddressFamily, bytes: [9, 0, 0, 0])
      case .additionalIPv4: try $0.append(additionalAddressFamily: .ipv4)
      case .bothFamilyAttributes:
        try $0.append(requestedAddressFamily: .ipv6)
        try $0.append(additionalAddressFamily: .ipv6)
      case .additionalAndReservingNext:
        try $0.append(evenPortReservesNext: true)
        try $0.append(additionalAddressFamily: .ipv6)
      case .shortToken: try $0.append(.reservationToken, bytes: [1, 2])
      case .shortLifetime: try $0.append(.lifetime, bytes: [1, 2])
      }
    }
    #expect(code == .badRequest)
    #expect(server.server.allocationCount == 0)
  }

  enum Contradiction: CaseIterable {
    case tokenAndEvenPort, tokenAndFamily, tokenAndAdditional, tokenAndUnknownFamily,
      unknownFamilyAndAdditional, additionalUnknown, additionalIPv4, bothFamilyAttributes,
      additionalAndReservingNext, shortToken, shortLifetime
  }

  @Test(
    "A client behind a tunnel gets no allocation, 6to4 or Teredo (RFC 8656 §21.4)",
    arguments: [
      ("[2002:cb00:7105::1]:5000", true), ("[2001:0:cb00:7105::1]:5000", true),
      ("[2001:db8::7]:5000", false),
    ] as [(TransportAddress, Bool)])
  func tunneled(address: TransportAddress, isRefused: Bool) throws {
    var server = server
    var client = try RawClient(
      FiveTuple(.udp, local: "[2001:db8:1::1]:3478", remote: address))
    #expect(
      try client.refusal(&server, .allocate) { try $0.append(requestedTransport: 17) }
        == (isRefused ? .forbidden : nil))
    #expect(server.server.allocationCount == (isRefused ? 0 : 1))
  }

  // MARK: - Ports

  // Pitfall 28.
  @Test("EVEN-PORT with R reserves the next port for 30 s and one use of its token")
  mutating func evenPort() throws {
    let response = try client.ask(&server, .allocate) {
      try $0.append(requestedTransport: 17)
      try $0.append(evenPortReservesNext: true)
    }
    let even = try #require(try response.xorRelayedAddress)
    let token = try #require(try response.reservationToken)
    #expect(even.port % 2 == 0)
    let next = TransportAddress(even.address, port: even.port + 1)
    #expect(server.sockets == [even, next])
    // Nothing is relayed from it before its token has come.
    #expect(server.fromPeer([1], peer, to: next).verdict == .drop(.unknownRelayedAddress))

    func redeem(_ port: UInt16, _ user: String, _ password: String) throws -> STUNMessage {
      let tuple = FiveTuple(
        .udp, local: serverAddress, remote: TransportAddress("192.0.2.7", port: port))
      var client = try RawClient(tuple, user: user, password: password)
      return try client.ask(&server, .allocate) {
        try $0.append(requestedTransport: 17)
        try $0.append(reservationToken: token)
      }
    }
    // Another user's token is as good as none.
    #expect(try redeem(6001, "bob", "word").errorCode == .insufficientCapacity)
    server.now = .seconds(29)
    #expect(try redeem(6002, "alice", "pass").xorRelayedAddress == next)
    #expect(try redeem(6003, "alice", "pass").errorCode == .insufficientCapacity)
    try server.advance(to: .seconds(100))
    #expect(server.sockets == [even, next])
  }

  @Test("A reservation that is not used ends after 30 s, and its socket with it")
  mutating func reservationExpiry() throws {
    let even = try client.allocate(&server) { try $0.append(evenPortReservesNext: true) }
    try server.advance(to: .seconds(30))
    #expect(server.sockets == [even])
  }

  @Test("A reserved port counts in its user's quota, also after its allocation is gone")
  mutating func reservationQuota() throws {
    var limits = TURNServer.Limits()
    limits.allocationsPerUser = 2
    server = try TestServer(configuration(limits: limits))
    func reserve(_ port: UInt16) throws -> ErrorCode? {
      var client = try RawClient(
        FiveTuple(.udp, local: serverAddress, remote: TransportAddress("192.0.2.7", port: port)))
      let code = try client.refusal(&server, .allocate) {
        try $0.append(requestedTransport: 17)
        try $0.append(evenPortReservesNext: true)
      }
      if code == nil { _ = try client.ask(&server, .refresh) { try $0.append(lifetime: 0) } }
      return code
    }
    #expect(try reserve(1) == nil)
    #expect(try reserve(2) == .allocationQuotaReached)
    try client.allocate(&server)
    #expect(server.sockets.count == 2)
    _ = try client.ask(&server, .refresh) { try $0.append(lifetime: 0) }
    try server.advance(to: .seconds(30))
    #expect(server.sockets.isEmpty)
    #expect(try reserve(3) == nil)
  }

  // Field report T9.
  @Test("EVEN-PORT that cannot be served is 508, not 400", arguments: [false, true])
  func noEvenPort(reservesNext: Bool) throws {
    var server = try TestServer(configuration(ports: 50001...50001))
    var client = client
    #expect(
      try client.refusal(&server, .allocate) {
        try $0.append(requestedTransport: 17)
        try $0.append(evenPortReservesNext: reservesNext)
      } == .insufficientCapacity)
  }

  // Pitfall 24.
  @Test("Without a port left it is 508, above the user's quota 486")
  mutating func quota() throws {
    var limits = TURNServer.Limits()
    limits.allocationsPerUser = 2
    var server = try TestServer(configuration(ports: 50000...50002, limits: limits))
    func allocate(_ port: UInt16, _ user: String, _ password: String) throws -> ErrorCode? {
      let tuple = FiveTuple(
        .udp, local: serverAddress, remote: TransportAddress("192.0.2.7", port: port))
      var client = try RawClient(tuple, user: user, password: password)
      return try client.refusal(&server, .allocate) { try $0.append(requestedTransport: 17) }
    }
    #expect(try allocate(1, "alice", "pass") == nil)
    #expect(try allocate(2, "alice", "pass") == nil)
    #expect(try allocate(3, "alice", "pass") == .allocationQuotaReached)
    #expect(try allocate(4, "bob", "word") == nil)
    #expect(try allocate(5, "bob", "word") == .insufficientCapacity)
    try server.advance(to: .seconds(600))
    #expect(try allocate(6, "alice", "pass") == nil)
  }

  @Test(
    "Clients at one address share a quota, whoever they are, and of IPv6 a /64 is one address",
    arguments: [
      ("192.0.2.7", "192.0.2.7", "192.0.2.8"),
      ("2001:db8:0:1::7", "2001:db8:0:1:ffff::8", "2001:db8:0:2::7"),
    ] as [(IPAddress, IPAddress, IPAddress)])
  func addressQuota(one: IPAddress, same: IPAddress, other: IPAddress) throws {
    var limits = TURNServer.Limits()
    limits.allocationsPerAddress = 2
    var server = try TestServer(configuration(limits: limits))
    func client(_ address: IPAddress, _ port: UInt16, _ user: String) throws -> RawClient {
      try RawClient(
        FiveTuple(.udp, local: serverAddress, remote: TransportAddress(address, port: port)),
        user: user, password: user == "alice" ? "pass" : "word")
    }
    func allocate(_ client: inout RawClient) throws -> ErrorCode? {
      try client.refusal(&server, .allocate) { try $0.append(requestedTransport: 17) }
    }
    var first = try client(one, 1, "alice")
    var (second, third) = (try client(same, 2, "bob"), try client(one, 3, "bob"))
    var elsewhere = try client(other, 1, "alice")
    #expect(try allocate(&first) == nil)
    #expect(try allocate(&second) == nil)
    #expect(try allocate(&third) == .allocationQuotaReached)
    #expect(try allocate(&elsewhere) == nil)
    // What is over counts no more.
    _ = try first.ask(&server, .refresh) { try $0.append(lifetime: 0) }
    #expect(try allocate(&third) == nil)
    #expect(try allocate(&first) == .allocationQuotaReached)
  }

  @Test("Where another program has the port, others are tried, and then it is 508")
  mutating func occupied() throws {
    server.occupied = Set(50000...50060)
    let relayed = try? client.allocate(&server)
    if let relayed { #expect(!server.occupied.contains(relayed.port)) }
    var none = try TestServer(configuration(ports: 50000...50007))
    none.occupied = Set(50000...50007)
    client = try RawClient()
    #expect(
      try client.refusal(&none, .allocate) { try $0.append(requestedTransport: 17) }
        == .insufficientCapacity)
    #expect(none.server.allocationCount == 0 && none.sockets.isEmpty)
    // Nothing has been lost: with the ports back, all eight can be had.
    none.occupied = []
    for port: UInt16 in 1...8 {
      var client = try RawClient(
        FiveTuple(.udp, local: serverAddress, remote: TransportAddress("192.0.2.7", port: port)))
      try client.allocate(&none)
    }
  }

  @Test("While its sockets are being opened, a retransmitted Allocate is not answered twice")
  mutating func beingServed() throws {
    _ = try client.ask(&server, .refresh)
    let request = try client.request(.allocate) { try $0.append(requestedTransport: 17) }
    let first = server.server.received(
      request.span, on: alice, at: .zero, using: &server.generator)
    let second = server.server.received(
      request.span, on: alice, at: .zero, using: &server.generator)
    #expect(first == .taken && second == .drop(.beingServed))
    #expect(try server.drain().count == 1)
  }

  @Test("A server that sends its clients elsewhere answers 300 with ALTERNATE-SERVER")
  mutating func alternateServer() throws {
    server.server.alternateServer = "198.51.100.9:3478"
    let response = try client.ask(&server, .allocate) { try $0.append(requestedTransport: 17) }
    #expect(try response.errorCode == .tryAlternate)
    #expect(try response.alternateServer == "198.51.100.9:3478")
  }

  @Test("Relayed ports depend on the generator alone, and do not follow each other")
  func unpredictable() throws {
    func ports(seed: UInt64) throws -> [UInt16] {
      var server = try TestServer(
        configuration(ports: TURNConstants.relayedPorts), seed: seed)
      return try (1...16 as ClosedRange<UInt16>).map {
        var client = try RawClient(
          FiveTuple(.udp, local: serverAddress, remote: TransportAddress("192.0.2.7", port: $0)))
        return try client.allocate(&server).port
      }
    }
    let first = try ports(seed: 1)
    #expect(try ports(seed: 1) == first)
    #expect(try ports(seed: 2) != first)
    #expect(zip(first, first.dropFirst()).allSatisfy { abs(Int($0) - Int($1)) > 1 })
  }

  @Test("The end of the client's connection ends its allocation")
  mutating func connectionClosed() throws {
    client = try RawClient(aliceOverTCP)
    try client.allocate(&server)
    server.server.connectionClosed(aliceOverTCP)
    try server.drain()
    #expect(server.server.allocationCount == 0 && server.sockets.isEmpty)
  }
}
