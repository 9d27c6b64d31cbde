internal import STUN
internal import STUNCodec
internal import SansIO
internal import TURN
internal import TransportAddress

/// A story of a TURN client and a server that knows its password and says whatever it likes: success,
/// errors, challenges, redirections, data, with any attributes, protected or not; data to send, and time.
/// What must hold is looked at after each step.
func tellRelayClientStory(_ input: [UInt8]) {
  var reader = FuzzReader(input)
  guard var story = RelayClientStory(&reader) else { fatalError("the story's client cannot be") }
  var count = 0
  while !reader.isAtEnd, count < 64 {
    count += 1
    story.step(&reader)
  }
  story.end()
}

private struct RelayClientStory {
  /// A request that has been sent.
  private struct Request {
    let id: TransactionID
    let method: STUNMethod
    let peers: [TransportAddress]
  }

  private static let server = AgentStory.address("203.0.113.20:3478")
  private static let places = [
    "203.0.113.20:3478", "203.0.113.20:3479", "203.0.113.21:3478", "[2001:db8::20]:3478",
    "203.0.113.20:0",
  ].map(AgentStory.address)
  private static let peers = [
    "198.51.100.2:5000", "198.51.100.2:5001", "192.0.2.1:1", "[2001:db8::2]:5000", "127.0.0.1:0",
  ].map(AgentStory.address)
  private static let key = MessageIntegrityKey(
    username: "alice", realm: "example.org", password: "pass")
  private static let codes: [UInt16] = [
    300, 400, 401, 403, 420, 437, 438, 440, 441, 442, 443, 446, 486, 487, 500, 508, 699,
  ]

  private var client: TURNClient
  private var generator: SeededGenerator
  private var now = Instant.zero
  private var requests: [Request] = []
  /// Every server that the client was sent to by a response.
  private var servers: Set<TransportAddress> = [Self.server]
  /// When a success response that may count has last permitted an address.
  private var permitted: [IPAddress: Instant] = [:]
  private var allocationCount = 0
  private var endCount = 0

  init?(_ reader: inout FuzzReader) {
    let choice = reader.byte()
    generator = SeededGenerator(seed: UInt64(choice))
    let families: [TURNClient.Options.Families] = [.one(.ipv4), .one(.ipv6), .both]
    let options = TURNClient.Options(
      families: families[Int(choice & 3) % 3], lifetime: choice & 4 != 0 ? 30 : nil,
      bindsChannels: choice & 8 != 0)
    do {
      client = try TURNClient(
        server: Self.server, username: "alice", password: "pass", options: options,
        over: choice & 16 != 0 ? .stream() : .datagrams())
    } catch {
      return nil
    }
    client.started(at: now, using: &generator)
    act()
  }

  // MARK: - What happens

  mutating func step(_ reader: inout FuzzReader) {
    wait(reader.pause())
    switch reader.byte() & 15 {
    case 0, 1: send(&reader)
    case 2: permit(&reader)
    case 3: deliver(reader.channelData(), &reader)
    case 4: deliver(dataIndication(&reader), &reader)
    case 5:
      if reader.byte() == 0 { client.released(at: now, using: &generator) }
    case 6: deliver(reader.bytes(Int(reader.byte() & 63)), &reader)
    default: respond(&reader)
    }
    act()
  }

  private mutating func wait(_ duration: Duration) {
    let end = now.advanced(by: duration)
    var count = 0
    while let deadline = client.nextDeadline, deadline <= end {
      count += 1
      demand(count < 20_000, "the client never rests")
      demand(deadline >= .zero, "a deadline before the beginning")
      now = max(now, deadline)
      client.timerFired(at: now, using: &generator)
      act()
    }
    now = end
  }

  private mutating func send(_ reader: inout FuzzReader) {
    let peer = reader.one(of: Self.peers)
    let data = [UInt8](repeating: 7, count: Int(reader.byte()))
    let payload = TURNClient.headroom..<TURNClient.headroom + data.count
    var buffer = [UInt8](repeating: 0xEE, count: payload.lowerBound) + data
    buffer += [UInt8](repeating: 0xEE, count: TURNClient.tailroom)
    var span = buffer.mutableSpan
    let outgoing = client.send(&span, payload: payload, to: peer, at: now, using: &generator)
    guard case .send(let range) = outgoing else { return }
    demand(client.end == nil && client.allocated != nil, "data go without an allocation")
    demand(isPermitted(peer.address), "data go to a peer without a permission")
    demand(
      range.lowerBound <= payload.lowerBound && range.upperBound >= payload.upperBound
        && buffer[payload].allSatisfy { $0 == 7 }, "the data are not what was sent")
  }

  private mutating func permit(_ reader: inout FuzzReader) {
    let peers = [reader.one(of: Self.peers).address, reader.one(of: Self.peers).address]
    client.permit(peers, at: now, using: &generator)
  }

  private mutating func deliver(_ bytes: [UInt8], _ reader: inout FuzzReader) {
    let source = reader.bool() ? client.server : reader.one(of: Self.places)
    let server = client.server
    switch client.received(bytes.span, from: source, at: now, using: &generator) {
    case .data(let range, let peer):
      demand(source == server, "data from off the path")
      demand(bytes.indices.contains(range) || range.isEmpty, "data that are none")
      demand(isPermitted(peer.address), "data of a peer without a permission")
    case .handled: demand(source == server, "a message from off the path")
    case .dropped: break
    }
  }

  private mutating func respond(_ reader: inout FuzzReader) {
    guard !requests.isEmpty else { return }
    let request = reader.one(of: Array(requests.suffix(4)))
    let choice = reader.byte()
    let bytes = response(to: request, choice, &reader)
    // A response may be damaged on its way, an error into a success, one server's address into another's:
    // what counts is what it says now. It is noted before it is judged, so that more may be permitted here
    // than at the client.
    if let message = try? STUNMessage(bytes) {
      if message.type.class == .successResponse {
        for peer in request.peers { permitted[peer.address] = now }
      }
      if (try? message.errorCode)?.rawValue == 300, let place = try? message.alternateServer {
        servers.insert(place)
      }
    }
    deliver(bytes, &reader)
  }

  /// When all is over, nothing is left: without responses no allocation lives.
  mutating func end() {
    wait(.seconds(5_000_000_000))
    act()
    demand(client.end != nil, "an allocation lives for ever, or none is given up")
    demand(client.nextDeadline == nil, "a timer is left")
    demand(endCount == 1, "it ends \(endCount) times")
  }

  // MARK: - The driver

  private mutating func act() {
    var count = 0
    while let action = client.nextAction() {
      count += 1
      demand(count < 200, "one event causes ever more actions")
      switch action {
      case .send(let bytes, let server):
        demand(endCount == 0, "the client goes on after its end")
        demand(servers.contains(server), "sent to a server that nobody has named")
        note(bytes)
      case .report(.ended):
        endCount += 1
        demand(endCount == 1, "it ends twice")
      case .report(.allocated(let addresses)):
        allocationCount += 1
        demand(allocationCount == 1, "allocated twice")
        demand(!addresses.relayed.isEmpty, "allocated nothing")
      case .report(.permitted(let address)):
        demand(isPermitted(address), "permitted by nobody")
      case .report: break
      case .sendOnAdded, .useAdded:
        demand(false, "another 5-tuple is used, which nobody has added")
      case .changeFiveTuple(let server, _):
        demand(servers.contains(server), "sent on by nobody")
        client.fiveTupleChanged(at: now, using: &generator)
      }
    }
  }

  private mutating func note(_ bytes: [UInt8]) {
    guard let message = try? STUNMessage(bytes) else {
      demand(bytes.first.map { $0 & 0xC0 == 0x40 } ?? false, "sent what is no message")
      return
    }
    guard message.type.class == .request else { return }
    if requests.contains(where: { $0.id == message.transactionID }) { return }
    var peers = (try? message.xorPeerAddresses) ?? []
    if message.type.method == .channelBind { peers = Array(peers.prefix(1)) }
    requests.append(
      Request(
        id: message.transactionID, method: message.type.method, peers: peers))
  }

  private func isPermitted(_ address: IPAddress) -> Bool {
    guard let time = permitted[address] else { return false }
    return time.duration(to: now) < TURNConstants.permissionLifetime
  }

  // MARK: - Messages

  private func dataIndication(_ reader: inout FuzzReader) -> [UInt8] {
    let choice = reader.byte()
    let peer = reader.one(of: Self.peers)
    let bytes = try? STUNMessage.encode(
      MessageType(.indication, .data), transactionID: TransactionID(high: 2, low: 1)
    ) { (message: inout STUNMessageBuilder) throws(STUNEncodingError) in
      if choice & 3 != 3 { try message.append(xorPeerAddress: peer) }
      if choice & 12 != 12 { try message.append(data: [7, 7, 7].span.bytes) }
      if choice & 16 != 0 {
        try message.append(icmp: ICMPAttribute(type: choice & 3, code: 1, data: 0))
      }
      if choice & 0xE0 == 0xE0 {
        try message.append(AttributeType(rawValue: 0x7F00), bytes: [])
      }
    }
    return bytes ?? []
  }

  private mutating func response(
    to request: Request, _ choice: UInt8, _ reader: inout FuzzReader
  ) -> [UInt8] {
    let isSuccess = choice & 1 == 0
    let more = reader.byte()
    let code = reader.one(of: Self.codes)
    let place = reader.one(of: Self.places)
    let lifetime = reader.one(of: [0, 1, 5, 600, 3600, .max] as [UInt32])
    let type = MessageType(isSuccess ? .successResponse : .errorResponse, request.method)
    let damage = reader.byte()
    var bytes =
      (try? STUNMessage.encode(type, transactionID: request.id) {
        (message: inout STUNMessageBuilder) throws(STUNEncodingError) in
        if !isSuccess { try message.append(errorCode: ErrorCode(rawValue: code)) }
        if choice & 2 == 0 {
          try message.append(realm: more & 1 == 0 ? "example.org" : "example.net")
          try message.append(nonce: more & 2 == 0 ? "nonce" : "obMatJos2AAAB\(more)")
        }
        if choice & 4 != 0 { try message.append(passwordAlgorithms: [.md5]) }
        if isSuccess, more & 12 != 12 {
          try message.append(xorRelayedAddress: more & 4 == 0 ? Self.peers[0] : Self.peers[3])
          if more & 8 != 0 { try message.append(xorRelayedAddress: Self.peers[3]) }
          try message.append(xorMappedAddress: Self.peers[2])
        }
        if more & 16 != 0 { try message.append(lifetime: lifetime) }
        if more & 32 != 0 { try message.append(alternateServer: place) }
        if more & 0xC0 == 0xC0, choice & 0x80 != 0 {
          try message.append(AttributeType(rawValue: 0x7F00), bytes: [])
        }
        if choice & 8 == 0 { try message.appendMessageIntegrity(Self.key) }
        if choice & 16 != 0 { try message.appendFingerprint() }
      }) ?? []
    if damage & 0xE0 == 0xE0, !bytes.isEmpty {
      bytes[Int(reader.byte()) % bytes.count] ^= 1 << (damage & 7)
    }
    return bytes
  }
}
