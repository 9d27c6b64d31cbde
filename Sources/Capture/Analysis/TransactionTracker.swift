import ByteOrder
public import STUNCodec
public import TransportAddress

/// Matches requests with responses, and ICMP errors with requests, as a capture is read.
///
/// It keeps one summary for each transaction and nothing of the messages' bytes.
public struct TransactionTracker: Sendable {
  /// A run of indications or ChannelData between a client and a peer through a relay.
  public struct Run: Hashable, Sendable {
    /// `Send indication`, `Data indication`, `ChannelData`.
    public let name: String
    /// The relay's client.
    public let client: TransportAddress
    /// The relay.
    public let relay: TransportAddress
    /// Whom the data goes to or comes from; nil where no ChannelBind for the channel was captured.
    public let peer: TransportAddress?
    /// The channel of ChannelData.
    public let channel: ChannelNumber?
    /// Whether the client sends it.
    public let isOutgoing: Bool
    /// The frame of the first message of the run.
    public internal(set) var firstFrame: Int
    /// When the first message was recorded, in nanoseconds since 1970.
    public internal(set) var firstTime: Int64
    /// The frame of the last message of the run.
    public internal(set) var lastFrame: Int
    /// When the last message was recorded, in nanoseconds since 1970.
    public internal(set) var lastTime: Int64
    /// How many messages the run has.
    public internal(set) var count = 1
  }

  /// The transactions in the order in which they began.
  public private(set) var transactions: [TransactionSummary] = []
  /// The runs of relayed data in the order in which they began.
  public private(set) var runs: [Run] = []
  /// The time of the last message or frame that was told of, in nanoseconds since 1970.
  public private(set) var lastTime: Int64 = .min

  private struct Key: Hashable {
    let id: CapturedTransactionID
    let method: STUNMethod
  }

  private struct Flow: Hashable {
    let client: TransportAddress
    let server: TransportAddress
  }

  /// What only matching needs.
  private struct Matching {
    var next = -1
    var bytesHash = 0
    /// How many requests each interface has recorded, and when the last.
    var sightings: [(interface: Int, count: Int, time: Int64)] = []
  }

  private var matching: [Matching] = []
  private var firstPlace: [Key: Int] = [:]
  private var lastPlace: [Flow: Int] = [:]
  /// The 5-tuples on which a relay is used, by client and server.
  private var relayUses: Set<Flow> = []
  private var channels: [Flow: [UInt16: TransportAddress]] = [:]
  private var openRuns: [Flow: [Int]] = [:]

  /// Two recordings of one packet lie closer than this; no agent sends again so soon, for the
  /// shortest RTO is 500 ms (RFC 8489 §6.2.1, RFC 8445 §14.3).
  private static let duplicateWithin: Int64 = 5_000_000
  /// The first wait for a response (RFC 8489 §6.2.1).
  private static let firstWait: Int64 = 500_000_000

  /// A tracker that has seen nothing.
  public init() {}

  /// Takes the time of a frame, whatever it holds: the capture goes on until then.
  public mutating func frameObserved(at time: Int64) {
    lastTime = max(lastTime, time)
  }

  /// Takes a message with whatever it carries.
  ///
  /// - Complexity: O(1) for each message in it, but for IDs that several requests share.
  public mutating func observed(_ message: CapturedMessage) {
    frameObserved(at: message.time)
    // What an error quotes was seen before, or somewhere else.
    guard message.transport != .quoted else { return }
    take(
      message, client: message.source, server: message.destination, relay: nil,
      isTCP: message.transport == .tcp)
    relayed(message)
  }

  /// Takes an ICMP error: it belongs to the request that it quotes, or else to the last one sent
  /// between the two addresses.
  public mutating func observed(_ error: CapturedICMPError) {
    frameObserved(at: error.time)
    let sighting = TransactionSummary.ICMPSighting(
      frame: error.frameNumber, time: error.time, reporter: error.reporter, meaning: error.meaning)
    guard let place = place(of: error) else { return }
    transactions[place].icmpErrors.append(sighting)
  }

  private func place(of error: CapturedICMPError) -> Int? {
    if let id = CapturedTransactionID(header: error.payload), error.payload[0] < 0x40 {
      let type = MessageType(
        rawValue: error.payload.bigEndian16(at: 0))
      // An error about a response says nothing of the request.
      guard type.class == .request else { return nil }
      var place = firstPlace[Key(id: id, method: type.method)] ?? -1
      while place >= 0 {
        let transaction = transactions[place]
        if transaction.client == error.source, transaction.server == error.destination {
          return place
        }
        place = matching[place].next
      }
      return nil
    }
    return lastPlace[Flow(client: error.source, server: error.destination)]
  }

  /// Tells that the capture is over: requests of its last moment could not be answered in it.
  public mutating func captureEnded() {
    for index in transactions.indices where !transactions[index].isAnswered {
      guard let last = transactions[index].requestTimes.last else { continue }
      transactions[index].endsWithCapture =
        lastTime &- last < Self.firstWait && transactions[index].icmpErrors.isEmpty
    }
  }

  // MARK: - Requests and responses

  private mutating func take(
    _ message: CapturedMessage, client source: TransportAddress,
    server destination: TransportAddress, relay: TransportAddress?, isTCP: Bool
  ) {
    guard let header = message.header else { return }
    let key = Key(id: header.transactionID, method: header.type.method)
    switch header.messageClass {
    case .request:
      if relay == nil { noteRelayUse(message, header, source, destination) }
      requested(
        message, header, key, client: source, server: destination, relay: relay, isTCP: isTCP)
    case .successResponse, .errorResponse:
      if relay == nil, header.type.method == .allocate || header.type.method == .refresh {
        relayUses.insert(Flow(client: destination, server: source))
      }
      responded(
        message, header, key, client: destination, server: source, relay: relay, isTCP: isTCP)
    case .indication: break
    }
  }

  private mutating func requested(
    _ message: CapturedMessage, _ header: CapturedMessage.Header, _ key: Key,
    client: TransportAddress, server: TransportAddress, relay: TransportAddress?, isTCP: Bool
  ) {
    var hasher = Hasher()
    hasher.combine(message.bytes)
    let hash = hasher.finalize()
    let known = find(key) { $0.client == client && $0.server == server && $0.relay == relay }
    let place =
      known
      ?? append(
        TransactionSummary(
          id: key.id, method: key.method, methodName: header.methodName, client: client,
          server: server, relay: relay, isTCP: isTCP), key)
    let isFirst = transactions[place].requestFrames.isEmpty
    let isSighting = !isFirst && isDuplicate(message, at: place, hash)
    noteSighting(of: message, at: place)
    if isSighting {
      transactions[place].duplicateFrames.append(message.frameNumber)
      return
    }
    transactions[place].requestFrames.append(message.frameNumber)
    transactions[place].requestTimes.append(message.time)
    lastPlace[Flow(client: client, server: server)] = place
    if isFirst {
      matching[place].bytesHash = hash
      noteRequestFacts(message, at: place)
    } else if matching[place].bytesHash != hash, message.missingByteCount == 0 {
      transactions[place].hasChanged = true
    }
  }

  /// Whether a request that was recorded before has been recorded once more.
  ///
  /// Every real transmission passes every interface: the n-th that one interface records is the n-th
  /// that the others have recorded.
  private func isDuplicate(_ message: CapturedMessage, at place: Int, _ hash: Int) -> Bool {
    guard matching[place].bytesHash == hash || message.missingByteCount > 0 else { return false }
    let seen = matching[place].sightings.first { $0.interface == message.interface }
    if let seen, abs(message.time &- seen.time) < Self.duplicateWithin { return true }
    return (seen?.count ?? 0) + 1 <= transactions[place].requestFrames.count
      && matching[place].sightings.contains { $0.interface != message.interface }
  }

  private mutating func noteSighting(of message: CapturedMessage, at place: Int) {
    let known = matching[place].sightings.firstIndex { $0.interface == message.interface }
    guard let known else {
      matching[place].sightings.append((message.interface, 1, message.time))
      return
    }
    if abs(message.time &- matching[place].sightings[known].time) >= Self.duplicateWithin {
      matching[place].sightings[known].count += 1
    }
    matching[place].sightings[known].time = message.time
  }

  private mutating func responded(
    _ message: CapturedMessage, _ header: CapturedMessage.Header, _ key: Key,
    client: TransportAddress, server: TransportAddress, relay: TransportAddress?, isTCP: Bool
  ) {
    let symmetric = find(key) {
      $0.client == client && $0.server == server && $0.relay == relay
    }
    // From somewhere else only where that address has not been asked too.
    let asymmetric =
      symmetric == nil
      ? find(key) { $0.client == client && $0.relay == relay && !$0.isAnswered } : nil
    let place =
      symmetric ?? asymmetric
      ?? append(
        TransactionSummary(
          id: key.id, method: key.method, methodName: header.methodName, client: client,
          server: server, relay: relay, isTCP: isTCP), key)
    if transactions[place].isAnswered {
      // The first response counts; each retransmission gets the same one.
      guard transactions[place].responseSource != nil, symmetric != nil else { return }
      transactions[place].responseSource = nil
    }
    transactions[place].responseFrame = message.frameNumber
    transactions[place].responseTime = message.time
    transactions[place].responseClass = header.messageClass
    transactions[place].errorCode = errorCode(in: message)
    if asymmetric != nil { transactions[place].responseSource = server }
    noteResponseFacts(message, at: place)
  }

  private func find(_ key: Key, _ isWanted: (TransactionSummary) -> Bool) -> Int? {
    var place = firstPlace[key] ?? -1
    while place >= 0 {
      if isWanted(transactions[place]) { return place }
      place = matching[place].next
    }
    return nil
  }

  private mutating func append(_ transaction: TransactionSummary, _ key: Key) -> Int {
    let place = transactions.count
    transactions.append(transaction)
    matching.append(Matching(next: firstPlace[key] ?? -1))
    firstPlace[key] = place
    return place
  }

  private func errorCode(in message: CapturedMessage) -> ErrorCode? {
    guard let value = message.value(of: .errorCode), value.count >= 4 else { return nil }
    return ErrorCode(rawValue: UInt16(value[2] & 0x07) * 100 + UInt16(value[3]))
  }

  private mutating func noteRequestFacts(_ message: CapturedMessage, at place: Int) {
    var facts = transactions[place].facts
    facts.isCheck = message.value(of: .priority) != nil
    facts.nominates = message.value(of: .useCandidate) != nil
    if message.value(of: .iceControlling) != nil {
      facts.isControlling = true
    } else if message.value(of: .iceControlled) != nil {
      facts.isControlling = false
    }
    facts.hasIntegrity =
      message.value(of: .messageIntegrity) != nil
      || message.value(of: .messageIntegritySHA256) != nil
    facts.asksForOtherSource = (message.number(.changeRequest) ?? 0) & 0x06 != 0
    facts.requestNonce = message.value(of: .nonce)?.hashValue
    facts.requestedLifetime = message.number(.lifetime)
    facts.peers = peers(in: message)
    facts.channel = channel(in: message)
    transactions[place].facts = facts
  }

  private mutating func noteResponseFacts(_ message: CapturedMessage, at place: Int) {
    transactions[place].facts.responseNonce = message.value(of: .nonce)?.hashValue
    transactions[place].facts.relayedAddress = message.address(.xorRelayedAddress, isXORed: true)
    transactions[place].facts.mappedAddress =
      message.address(.xorMappedAddress, isXORed: true)
      ?? message.address(.xorMappedAddressDraft, isXORed: true)
      ?? message.address(.mappedAddress, isXORed: false)
    transactions[place].facts.lifetime = message.number(.lifetime)
  }

  /// Every XOR-PEER-ADDRESS; CreatePermission may have several (RFC 8656 §10.1).
  ///
  /// MS-TURN's DESTINATION-ADDRESS and REMOTE-ADDRESS are plain ([MS-TURN] §2.2.2).
  private func peers(in message: CapturedMessage) -> [TransportAddress] {
    guard let id = message.header?.transactionID else { return [] }
    guard id.hasCookie else {
      return [0x0011, 0x0012].compactMap { type in
        message.value(of: AttributeType(rawValue: type)).flatMap {
          TransportAddress(attributeValue: $0, xoredWith: nil)
        }
      }
    }
    let values: [[UInt8]] =
      switch message.content {
      case .message(let message):
        message.attributes.filter { $0.type == .xorPeerAddress }.map(\.value)
      case .lenient(let message):
        message.attributes.filter { $0.type == .xorPeerAddress }.map(\.value)
      case .channelData, .malformed: []
      }
    return values.compactMap { TransportAddress(attributeValue: $0, xoredWith: id) }
  }

  private func channel(in message: CapturedMessage) -> ChannelNumber? {
    message.number(.channelNumber).map { ChannelNumber(rawValue: UInt16($0 >> 16)) }
  }

  // MARK: - Relays

  private mutating func noteRelayUse(
    _ message: CapturedMessage, _ header: CapturedMessage.Header, _ client: TransportAddress,
    _ server: TransportAddress
  ) {
    switch header.type.method {
    case .allocate, .refresh, .createPermission, .channelBind: break
    default: return
    }
    let flow = Flow(client: client, server: server)
    relayUses.insert(flow)
    // What the client asks ends the runs of data before it.
    openRuns[flow] = nil
    if header.type.method == .channelBind, let channel = channel(in: message),
      let peer = peers(in: message).first
    {
      channels[flow, default: [:]][channel.rawValue] = peer
    }
  }

  /// Takes an indication or ChannelData, and the transactions inside.
  private mutating func relayed(_ message: CapturedMessage) {
    let name: String
    let isOutgoing: Bool
    var channel: ChannelNumber?
    switch message.content {
    case .channelData(let number, _):
      name = "ChannelData"
      channel = number
      isOutgoing = isFromClient(message)
    case .message, .lenient:
      guard let header = message.header, header.messageClass == .indication,
        header.methodName == "Send" || header.methodName == "Data"
      else { return }
      name = "\(header.methodName) \(header.isSendRequest ? "request" : "indication")"
      isOutgoing = header.methodName == "Send"
    case .malformed: return
    }
    let flow =
      isOutgoing
      ? Flow(client: message.source, server: message.destination)
      : Flow(client: message.destination, server: message.source)
    relayUses.insert(flow)
    let peer = channel.map { channels[flow]?[$0.rawValue] } ?? peers(in: message).first
    noteRun(
      Run(
        name: name, client: flow.client, relay: flow.server, peer: peer, channel: channel,
        isOutgoing: isOutgoing, firstFrame: message.frameNumber, firstTime: message.time,
        lastFrame: message.frameNumber, lastTime: message.time), in: flow)
    for inner in message.nested {
      let other = peer ?? flow.server
      take(
        inner, client: isOutgoing ? flow.client : other, server: isOutgoing ? other : flow.client,
        relay: flow.server, isTCP: message.transport == .tcp)
    }
  }

  /// Whether ChannelData comes from the relay's client.
  private func isFromClient(_ message: CapturedMessage) -> Bool {
    let there = Flow(client: message.source, server: message.destination)
    let back = Flow(client: message.destination, server: message.source)
    if relayUses.contains(there) != relayUses.contains(back) { return relayUses.contains(there) }
    // The default ports of STUN and TURN.
    let ports: [UInt16] = [3478, 5349]
    if ports.contains(message.source.port) != ports.contains(message.destination.port) {
      return ports.contains(message.destination.port)
    }
    return true
  }

  private mutating func noteRun(_ run: Run, in flow: Flow) {
    for place in openRuns[flow] ?? []
    where runs[place].name == run.name && runs[place].peer == run.peer
      && runs[place].channel == run.channel && runs[place].isOutgoing == run.isOutgoing
    {
      runs[place].count += 1
      runs[place].lastFrame = run.lastFrame
      runs[place].lastTime = run.lastTime
      return
    }
    openRuns[flow, default: []].append(runs.count)
    runs.append(run)
  }
}
