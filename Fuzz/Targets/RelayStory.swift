internal import STUN
internal import STUNCodec
internal import SansIO
internal import TURN
internal import TransportAddress

/// A story of requests, data and time at a relay: messages of three clients that look valid, and some
/// that are damaged; what must hold is looked at after each step.
func tellRelayStory(_ input: [UInt8]) {
  var reader = FuzzReader(input)
  guard var story = RelayStory(seed: UInt64(reader.byte())) else {
    fatalError("the story's relay cannot be")
  }
  var count = 0
  while !reader.isAtEnd, count < 48 {
    count += 1
    story.wait(reader.pause())
    switch reader.byte() & 7 {
    case 0: story.peerSends(&reader)
    case 1: story.connectionCloses(&reader)
    default: story.clientSends(&reader)
    }
  }
  story.end()
}

/// A relay with its driver, and what its clients have been promised.
private struct RelayStory {
  private var server: TURNServer
  private var generator: SeededGenerator
  private var now = Instant.zero
  /// The relayed transport addresses whose sockets are open.
  private var open: Set<TransportAddress> = []
  /// When a success response has last permitted an address, by 5-tuple.
  private var permitted: [FiveTuple: [IPAddress: Instant]] = [:]

  private static let tuples = [
    FiveTuple(.udp, local: "203.0.113.20:3478", remote: "198.51.100.1:5000"),
    FiveTuple(.udp, local: "203.0.113.20:3478", remote: "198.51.100.2:5000"),
    FiveTuple(.tcp, local: "203.0.113.20:3478", remote: "198.51.100.1:5000"),
  ]
  /// Peers that may be reached, those that must not, and the relay's own addresses.
  private static let peers: [TransportAddress] = [
    "198.51.100.2:5000", "198.51.100.2:5001", "192.0.2.1:1", "[2001:db8::2]:5000",
    "127.0.0.1:80", "10.0.0.5:80", "0.0.0.0:80", "[::ffff:127.0.0.1]:80",
    "203.0.113.20:3478", "203.0.113.20:50000", "203.0.113.20:50001", "192.0.2.2:0",
  ]
  private static let methods: [STUNMethod] = [
    .allocate, .allocate, .refresh, .createPermission, .channelBind, .send, .binding,
    STUNMethod(rawValue: 0x00A),
  ]

  init?(seed: UInt64) {
    generator = SeededGenerator(seed: seed)
    do {
      var limits = TURNServer.Limits()
      limits.allocationsPerUser = 4
      limits.permissionsPerAllocation = 3
      limits.channelsPerAllocation = 2
      server = TURNServer(
        try .init(
          ipv4: .init("203.0.113.20", ports: 50000...50005),
          ipv6: .init("2001:db8::20", ports: 50000...50003), limits: limits,
          canSetDontFragment: true),
        authenticator: Authenticator(.open), using: &generator)
    } catch {
      return nil
    }
  }

  // MARK: - What happens

  mutating func wait(_ duration: Duration) {
    let end = now.advanced(by: duration)
    while let deadline = server.nextDeadline, deadline <= end {
      now = max(now, deadline)
      server.timerFired(at: now)
      demand(server.nextDeadline.map { $0 > now } ?? true, "what is due is still there")
      act(on: nil, request: nil, isFull: false)
    }
    now = end
  }

  mutating func clientSends(_ reader: inout FuzzReader) {
    let choice = reader.byte()
    let tuple = Self.tuples[Int(choice & 3) % Self.tuples.count]
    var bytes = choice & 0x30 == 0x30 ? reader.channelData() : message(&reader)
    if choice & 0x40 != 0, !bytes.isEmpty {
      bytes[Int(reader.byte()) % bytes.count] ^= 1 << (reader.byte() & 7)
    }
    if choice & 0x80 != 0 { bytes.removeLast(min(bytes.count, Int(reader.byte()) & 3)) }
    let verdict = server.received(bytes.span, on: tuple, at: now, using: &generator)
    if case .relay(let range, let peer, let relayed, _) = verdict {
      demand(bytes.indices.contains(range) || range.isEmpty, "relayed bytes that are none")
      demand(open.contains(relayed), "relayed from a socket that is not open")
      demand(isPermitted(peer.address, tuple), "relayed to a peer without permission")
      let isOwn = peer.address == relayed.address
      demand(
        isOwn ? open.contains(peer) : server.configuration.policy.allows(peer.address),
        "relayed to a peer that is refused")
    }
    act(on: tuple, request: bytes, isFull: choice & 0x0C == 0x0C)
  }

  mutating func peerSends(_ reader: inout FuzzReader) {
    let peer = reader.one(of: Self.peers)
    let choices = open.sorted() + ["203.0.113.20:50000"]
    let relayed = reader.one(of: choices)
    let count = Int(reader.byte())
    let payload = TURNServer.headroom..<TURNServer.headroom + count
    var buffer = [UInt8](repeating: 7, count: payload.upperBound + TURNServer.tailroom)
    var span = buffer.mutableSpan
    let verdict = server.receivedFromPeer(
      &span, payload: payload, from: peer, to: relayed, at: now, using: &generator)
    guard case .deliver(let range, let tuple) = verdict else { return }
    demand(open.contains(relayed), "delivered from a socket that is not open")
    demand(isPermitted(peer.address, tuple), "delivered from a peer without permission")
    demand(buffer[payload].allSatisfy { $0 == 7 }, "data were changed")
    demand(range.lowerBound <= payload.lowerBound, "data were cut")
    demand(range.upperBound >= payload.upperBound, "data were cut")
    demand(tuple.protocol != .tcp || range.count % 4 == 0, "a frame without its padding")
  }

  mutating func connectionCloses(_ reader: inout FuzzReader) {
    let tuple = reader.one(of: Self.tuples)
    server.connectionClosed(tuple)
    demand(!server.hasAllocation(on: tuple), "an allocation outlives its connection")
    act(on: nil, request: nil, isFull: false)
  }

  /// When all is over, nothing is left.
  mutating func end() {
    wait(.seconds(100_000))
    demand(server.allocationCount == 0 && open.isEmpty, "an allocation lives for ever")
    demand(server.nextDeadline == nil, "a timer is left")
  }

  // MARK: - The driver

  /// Does what the server wants done.
  ///
  /// - Parameter isFull: whether no socket can be opened now.
  private mutating func act(on tuple: FiveTuple?, request: [UInt8]?, isFull: Bool) {
    while let action = server.nextAction() {
      switch action {
      case .open(let address) where isFull:
        server.openFailed(address, at: now, using: &generator)
      case .open(let address):
        demand(open.insert(address).inserted, "a socket was opened twice")
        server.opened(address)
      case .close(let address):
        // Of those that could not be opened one may be closed, too.
        open.remove(address)
      case .connection: demand(false, "a TCP allocation where none may be")
      case .send(let response, let receiver):
        demand(receiver == tuple, "a response to somebody who has not asked")
        note(response, to: request ?? [], on: receiver)
      }
    }
    for tuple in Self.tuples where !server.hasAllocation(on: tuple) { permitted[tuple] = nil }
    demand(server.allocationCount <= 3, "more allocations than clients")
  }

  /// Notes what a success response has promised.
  private mutating func note(_ response: [UInt8], to request: [UInt8], on tuple: FiveTuple) {
    guard let answer = try? STUNMessage(response), let question = try? STUNMessage(request) else {
      // A Binding request of classic STUN, whose transaction ID has 16 bytes.
      demand(
        tuple.protocol == .udp && response.count >= 20 && request.starts(with: [0, 1])
          && response[4..<20] == request[4..<20],
        "a response that is no message, or to none")
      return
    }
    demand(answer.transactionID == question.transactionID, "another transaction's response")
    guard answer.type.class == .successResponse else {
      demand((try? answer.errorCode) != nil, "an error without its code")
      return
    }
    let peers: [TransportAddress]? =
      switch answer.type.method {
      case .createPermission: try? question.xorPeerAddresses
      // Of an attribute that may come once, the first counts, whatever the others hold.
      case .channelBind: (try? question.xorPeerAddress).map { [$0] }
      default: []
      }
    demand(peers != nil, "success for peers that cannot be read")
    for peer in peers ?? [] { permitted[tuple, default: [:]][peer.address] = now }
  }

  private func isPermitted(_ address: IPAddress, _ tuple: FiveTuple) -> Bool {
    guard let time = permitted[tuple]?[address] else { return false }
    return time.duration(to: now) < TURNConstants.permissionLifetime
  }

  // MARK: - Messages

  /// A message with some of the attributes that its method may have.
  private mutating func message(_ reader: inout FuzzReader) -> [UInt8] {
    let method = reader.one(of: Self.methods)
    let (some, more) = (reader.byte(), reader.byte())
    let peers = [reader.one(of: Self.peers), reader.one(of: Self.peers)]
    let number = ChannelNumber(rawValue: 0x3FFF + UInt16(reader.byte() & 3))
    let lifetime = UInt32(reader.word())
    // Few IDs: requests come again, and others with the ID of an earlier one.
    let id = TransactionID(high: 1, low: UInt64(reader.byte() & 15))
    let type = MessageType(method == .send ? .indication : .request, method)
    let bytes = try? STUNMessage.encode(type, transactionID: id) {
      (message: inout STUNMessageBuilder) throws(STUNEncodingError) in
      if method == .allocate, some & 1 == 0 { try message.append(requestedTransport: 17) }
      if method != .allocate || some & 2 != 0 { try message.append(xorPeerAddress: peers[0]) }
      if some & 4 != 0 { try message.append(xorPeerAddress: peers[1]) }
      if method == .channelBind || some & 0xF0 == 0xF0 {
        try message.append(channelNumber: number)
      }
      if some & 8 != 0 { try message.append(lifetime: more & 1 == 0 ? lifetime : 0) }
      if method == .send || more & 0xF0 == 0xF0 {
        try message.append(data: [7, 7, 7].span.bytes)
      }
      if more & 0x0E == 0x02 { try message.append(evenPortReservesNext: more & 0x10 != 0) }
      if more & 0x0E == 0x04 { try message.append(requestedAddressFamily: .ipv6) }
      if more & 0x0E == 0x06 { try message.append(additionalAddressFamily: .ipv6) }
      if more & 0x0E == 0x08 { try message.append(reservationToken: UInt64(lifetime)) }
      if more & 0x0E == 0x0A { try message.append(AttributeType(rawValue: 0x7F00), bytes: []) }
    }
    return bytes ?? []
  }
}

extension FuzzReader {
  /// ChannelData of one of four channels.
  mutating func channelData() -> [UInt8] {
    let number = ChannelNumber(rawValue: 0x4000 + UInt16(byte() & 3))
    let data = [UInt8](repeating: 7, count: Int(byte() & 31))
    return (try? ChannelData.encode(data, channel: number, isPadded: bool())) ?? []
  }
}
