import STUN
import STUNCodec
import SansIO
import TURN
import Testing
import TransportAddress

@Suite struct DataPathTests {
  var server: TestServer
  var client: RawClient
  let relayed: TransportAddress

  init() throws {
    server = try TestServer(configuration(canSetDontFragment: true))
    client = try RawClient()
    relayed = try client.allocate(&server)
    try client.permit(&server, peer)
  }

  @Test("A Send indication's data go to the peer from the relayed address, where they stand")
  mutating func send() throws {
    for count in [0, 1, 4, 1200] {
      let bytes = try client.send([UInt8](repeating: 7, count: count), to: peer)
      guard
        case .relay(let range, peer, relayed, dontFragment: false) =
          try server.receive(bytes, on: alice).verdict
      else { throw Failure("not relayed") }
      #expect(Array(bytes[range]) == [UInt8](repeating: 7, count: count))
    }
    #expect(server.server.drops.total == 0)
  }

  @Test("DONT-FRAGMENT in a Send indication is passed on to the driver")
  mutating func dontFragment() throws {
    let bytes = try client.send([1], to: peer, dontFragment: true)
    guard
      case .relay(_, peer, relayed, dontFragment: true) =
        try server.receive(bytes, on: alice).verdict
    else { throw Failure("fragmentable") }
    var unable = try TestServer()
    var other = try RawClient()
    try other.allocate(&unable)
    try other.permit(&unable, peer)
    #expect(try unable.receive(bytes, on: alice).verdict == .drop(.malformedIndication))
  }

  @Test("A Send indication without peer, without data or with an unknown attribute is dropped")
  mutating func malformed() throws {
    func indication(_ body: (inout STUNMessageBuilder) throws -> Void) throws -> [UInt8] {
      try STUNMessage.encode(
        MessageType(.indication, .send), transactionID: TransactionID(high: 1, low: 1), body)
    }
    let wrong = [
      try indication { try $0.append(xorPeerAddress: peer) },
      try indication { try $0.append(.data, bytes: [1]) },
      try indication {
        try $0.append(.xorPeerAddress, bytes: [0, 7, 1, 2])
        try $0.append(.data, bytes: [1])
      },
      try indication {
        try $0.append(xorPeerAddress: peer)
        try $0.append(.data, bytes: [1])
        try $0.append(AttributeType(rawValue: 0x7F00), bytes: [])
      },
    ]
    for bytes in wrong {
      #expect(try server.receive(bytes, on: alice).verdict == .drop(.malformedIndication))
    }
    #expect(server.server.drops == [.malformedIndication: 4])
  }

  @Test("A peer's datagram without a channel comes as a Data indication, written around the data")
  mutating func dataIndication() throws {
    for count in [0, 1, 2, 3, 4, 1200] {
      let data = [UInt8](repeating: 5, count: count)
      let (verdict, bytes) = server.fromPeer(data, peer, to: relayed)
      guard case .deliver(_, alice) = verdict else { throw Failure(verdict) }
      let message = try STUNMessage(bytes)
      #expect(message.type == MessageType(.indication, .data))
      #expect(try message.xorPeerAddress == peer)
      #expect(message.data == data)
      // Field report T15: padding is zero, whatever was in the buffer.
      #expect(bytes.suffix(-count & 3).allSatisfy { $0 == 0 })
      // Built by the codec, it would have the same bytes.
      let expected = try STUNMessage.encode(message.type, transactionID: message.transactionID) {
        try $0.append(xorPeerAddress: peer)
        try $0.append(data: data.span.bytes)
      }
      #expect(bytes == expected)
    }
  }

  @Test("An IPv6 peer's datagram too")
  mutating func dataIndication6() throws {
    client = try RawClient(bob, user: "bob", password: "word")
    let relayed = try client.allocate(&server) { try $0.append(requestedAddressFamily: .ipv6) }
    try client.permit(&server, peer6)
    let (verdict, bytes) = server.fromPeer([1, 2, 3], peer6, to: relayed)
    guard case .deliver(_, bob) = verdict else { throw Failure(verdict) }
    #expect(try STUNMessage(bytes).xorPeerAddress == peer6)
    #expect(try STUNMessage(bytes).data == [1, 2, 3])
  }

  // Pitfall 18, field report T3.
  @Test(
    "ChannelData of any length: exactly its data go out, padded they come in on a stream alone",
    arguments: [alice, aliceOverTCP], 0..<10)
  func channelData(tuple: FiveTuple, count: Int) throws {
    var server = try TestServer()
    var client = try RawClient(tuple)
    let relayed = try client.allocate(&server)
    let channel = ChannelNumber(rawValue: 0x4ABC)
    #expect(try client.bind(&server, channel.rawValue, to: peer) == nil)
    let data = [UInt8](repeating: 9, count: count)
    for isPadded in [false, true] {
      let bytes = try ChannelData.encode(data, channel: channel, isPadded: isPadded)
      #expect(
        try server.receive(bytes, on: tuple).verdict
          == .relay(4..<4 + count, to: peer, from: relayed))
    }
    let (verdict, bytes) = server.fromPeer(data, peer, to: relayed)
    guard case .deliver(_, tuple) = verdict else { throw Failure(verdict) }
    #expect(
      try bytes == ChannelData.encode(data, channel: channel, isPadded: tuple.protocol == .tcp))
  }

  @Test("One read of a stream with a request, ChannelData and half of another is taken apart")
  func stream() throws {
    var server = try TestServer()
    var client = try RawClient(aliceOverTCP)
    let relayed = try client.allocate(&server)
    let channel = ChannelNumber(rawValue: 0x4000)
    #expect(try client.bind(&server, channel.rawValue, to: peer) == nil)
    var bytes = try client.request(.refresh)
    // A payload that looks like a frame of its own is not taken for one (T4).
    let payload: [UInt8] = [0x40, 0, 0, 1, 7]
    bytes += try ChannelData.encode(payload, channel: channel, isPadded: true)
    bytes += try ChannelData.encode([1, 2, 3], channel: channel, isPadded: true)
    var verdicts: [TURNServer.Verdict] = []
    var reassembler = StreamReassembler()
    for read in [bytes.dropLast(5), bytes.suffix(5)] {
      reassembler.received(Array(read).span.bytes)
      while let frame = try reassembler.next() {
        verdicts.append(try server.receive(frame, on: aliceOverTCP).verdict)
      }
    }
    #expect(
      verdicts == [
        .taken, .relay(4..<9, to: peer, from: relayed), .relay(4..<7, to: peer, from: relayed),
      ])
  }

  @Test("Data to and from a peer without permission end at the server")
  mutating func noPermission() throws {
    let stranger: TransportAddress = "203.0.113.66:1"
    #expect(
      try server.receive(client.send([1], to: stranger), on: alice).verdict
        == .drop(.noPermission))
    #expect(server.fromPeer([1], stranger, to: relayed).verdict == .drop(.noPermission))
    #expect(server.server.drops == [.noPermission: 2])
  }

  // Field report T25.
  @Test("A channel that is not bound is counted with its reason")
  mutating func unbound() throws {
    #expect(
      try server.receive([0x40, 1, 0, 1, 7], on: alice).verdict == .drop(.unboundChannel))
    #expect(
      try server.receive([0x40, 1, 0, 1, 7], on: bob).verdict == .drop(.noAllocation))
    #expect(server.server.drops == [.unboundChannel: 1, .noAllocation: 1])
  }

  @Test("Without room for the header a peer's datagram is dropped, not written over something")
  mutating func noRoom() throws {
    #expect(
      server.fromPeer([1], peer, to: relayed, headroom: 35).verdict == .drop(.tooLong))
    #expect(
      server.fromPeer([1], peer, to: relayed, tailroom: 2).verdict == .drop(.tooLong))
    #expect(server.fromPeer([1], peer, to: relayed, headroom: 36).bytes.count == 40)
    let huge = [UInt8](repeating: 0, count: 65_535)
    #expect(server.fromPeer(huge, peer, to: relayed).verdict == .drop(.tooLong))
  }

  // Field report T14.
  @Test("Two clients of one server meet by their relayed addresses; the server itself is refused")
  mutating func relayToRelay() throws {
    var other = try RawClient(bob, user: "bob", password: "word")
    let otherRelayed = try other.allocate(&server)
    try client.permit(&server, otherRelayed)
    try other.permit(&server, relayed)
    let bytes = try client.send([42], to: otherRelayed)
    guard
      case .relay(let range, otherRelayed, relayed, _) =
        try server.receive(bytes, on: alice).verdict
    else { throw Failure("not relayed") }
    let (verdict, delivered) = server.fromPeer(Array(bytes[range]), relayed, to: otherRelayed)
    guard case .deliver(_, bob) = verdict else { throw Failure(verdict) }
    #expect(try STUNMessage(delivered).data == [42])
    // Its own port for clients, and a port that is no allocation's.
    for port: UInt16 in [3478, 22, 50064] {
      let own = TransportAddress(relayAddress, port: port)
      #expect(
        try server.receive(client.send([1], to: own), on: alice).verdict == .drop(.refusedPeer))
      #expect(try client.bind(&server, 0x4000, to: own) == .forbidden)
    }
    #expect(try client.bind(&server, 0x4000, to: otherRelayed) == nil)
    #expect(try other.refusal(&server, .refresh) { try $0.append(lifetime: 0) } == nil)
    #expect(try server.receive([0x40, 0, 0, 0], on: alice).verdict == .drop(.refusedPeer))
  }

  @Test("An ICMP error about a permitted peer is told in a Data indication, another's is not")
  mutating func icmp() throws {
    let error = ICMPAttribute(type: 3, code: 4, data: 1280)
    let verdict = server.server.receivedICMP(
      error, about: peer, from: relayed, at: .zero, using: &server.generator)
    #expect(verdict == .taken)
    let message = try STUNMessage(server.drain()[0].bytes)
    #expect(message.type == MessageType(.indication, .data))
    #expect(try message.icmp == error)
    #expect(try message.xorPeerAddress == peer)
    #expect(message.data == nil)
    #expect(
      server.server.receivedICMP(
        error, about: "203.0.113.66:1", from: relayed, at: .zero, using: &server.generator)
        == .drop(.noPermission))
  }

  @Test("Clients are told of unreachable peers, too big packets and times over, of nothing else")
  mutating func icmpTypes() throws {
    client = try RawClient(bob, user: "bob", password: "word")
    let response = try client.ask(&server, .allocate) {
      try $0.append(requestedTransport: 17)
      try $0.append(additionalAddressFamily: .ipv6)
    }
    #expect(response.type.class == .successResponse)
    try client.permit(&server, peer, peer6)
    let status = try #require(server.server.allocation(of: bob, at: .zero))
    for (peer, told) in [(peer, [3, 11]), (peer6, [1, 2, 3])] as [(TransportAddress, [UInt8])] {
      let relayed = try #require(
        status.relayed.keys.first { ($0.address == relayAddress) == (peer == TURNTests.peer) })
      let taken = (0...255 as ClosedRange<UInt8>).filter { type in
        let verdict = server.server.receivedICMP(
          ICMPAttribute(type: type, code: 0, data: 0), about: peer, from: relayed, at: .zero,
          using: &server.generator)
        return verdict == .taken
      }
      #expect(taken == told)
    }
    #expect(server.server.drops == [.irrelevantICMP: 254 + 253])
  }
}
