import ByteOrder
import STUNCodec
import TransportAddress

/// Finds STUN, ChannelData and ICMP errors in the frames of a capture.
///
/// Its memory does not grow with the capture but with what is open in it: connections, fragments, and
/// datagrams that only what follows can explain, of which it keeps a bounded number.
public struct MessageFinder: Sendable {
  private struct Flow: Hashable {
    let source: TransportAddress
    let destination: TransportAddress

    /// The same for both directions.
    var conversation: Flow {
      source < destination ? self : Flow(source: destination, destination: source)
    }
  }

  /// Where a message stands.
  private struct Place {
    let frameNumber: Int
    let time: Int64
    let interface: Int
    let flow: Flow

    init(frameNumber: Int, time: Int64, interface: Int, flow: Flow) {
      self.frameNumber = frameNumber
      self.time = time
      self.interface = interface
      self.flow = flow
    }

    init(_ frame: CapturedFrame, _ flow: Flow) {
      self.init(
        frameNumber: frame.number, time: frame.time, interface: frame.interface, flow: flow)
    }
  }

  /// A datagram that may be STUN or not: what follows tells.
  private struct Pending {
    let place: Place
    let bytes: [UInt8]
    let missing: Int
  }

  private struct ClassicKey: Hashable {
    let flow: Flow
    let id: CapturedTransactionID
  }

  private struct Stream {
    var reassembly = TCPStream()
    var dissector: StreamDissector
    /// The last piece that was read, where what is cut off ends.
    var last: (frameNumber: Int, time: Int64, interface: Int)
  }

  private var dissector = FrameDissector()
  private var streams: [Flow: Stream] = [:]
  /// Between whom STUN has been seen: there 0x40 to 0x7F opens ChannelData.
  private var conversations: Set<Flow> = []
  /// Between whom classic STUN has been seen.
  private var classicConversations: Set<Flow> = []
  private var pendingChannelData: [Flow: [Pending]] = [:]
  private var pendingClassic: [ClassicKey: Pending] = [:]
  /// How many frames have been looked at.
  public var frameCount: Int { dissector.frameCount }
  /// Of how many frames nothing could be read.
  public var unreadFrameCount: Int { dissector.unreadFrameCount }
  /// The same, by the reason.
  public var unread: [UnreadReason: Int] { dissector.unread }
  private static let deepestNesting = 4
  private static let mostPending = 4096
  private static let mostStreams = 4096
  /// So many datagrams in a row whose bytes 2 and 3 are exactly their length are ChannelData.
  private static let certainRun = 3
  /// The default ports of STUN and TURN, and the ones beside them that RFC 5780 servers use.
  private static let serverPorts: [UInt16] = [3478, 3479, 5349, 5350]

  /// A finder that has seen no frame.
  public init() {}

  /// The messages that this frame completes, in their order.
  public mutating func messages(in frame: CapturedFrame) -> [CapturedMessage] {
    events(in: frame).compactMap { if case .message(let message) = $0 { message } else { nil } }
  }

  /// What this frame completes, in its order.
  ///
  /// Messages of earlier frames are among it where only this frame shows that they are some.
  public mutating func events(in frame: CapturedFrame) -> [CaptureEvent] {
    switch dissector.contents(of: frame) {
    case nil: return []
    case .segment(let segment):
      let flow = Flow(source: segment.source, destination: segment.destination)
      switch segment.transport {
      case .udp:
        return datagram(
          Pending(
            place: Place(frame, flow), bytes: segment.payload, missing: segment.missingByteCount))
      case .tcp(let sequence, let isStart, let isEnd):
        return stream(segment, frame, flow, sequence, isStart: isStart, isEnd: isEnd)
      }
    case .icmpError(let quoted): return quotedEvents(quoted, frame)
    }
  }

  /// What streams still hold when the capture is over: messages behind gaps, and messages cut off.
  public mutating func finish() -> [CaptureEvent] {
    var events: [CaptureEvent] = []
    let flows = streams.keys.sorted {
      (streams[$0]?.last.frameNumber ?? 0, $0.source, $0.destination)
        < (streams[$1]?.last.frameNumber ?? 0, $1.source, $1.destination)
    }
    for flow in flows { events += endStream(flow) }
    return events
  }

  private mutating func quotedEvents(
    _ quoted: QuotedDatagram, _ frame: CapturedFrame
  ) -> [CaptureEvent] {
    let segment = quoted.segment
    let flow = Flow(source: segment.source, destination: segment.destination)
    var events: [CaptureEvent] = []
    if segment.missingByteCount == 0,
      let content = Self.messageContent(segment.payload, missing: 0)
    {
      events.append(
        .message(
          message(content, segment.payload, Place(frame, flow), .quoted, missing: 0, depth: 0)))
    }
    if segment.missingByteCount == 0, conversations.contains(flow.conversation),
      let first = segment.payload.first, (0x40...0x7F).contains(first),
      let data = channelDataMessage(segment.payload, Place(frame, flow), .quoted, 0)
    {
      events.append(.message(data))
    }
    // Of errors about something else than STUN nobody asked.
    if !events.isEmpty || conversations.contains(flow.conversation)
      || CapturedTransactionID(header: segment.payload)?.hasCookie == true
    {
      events.append(
        .icmpError(
          CapturedICMPError(
            frameNumber: frame.number, time: frame.time, reporter: quoted.reporter,
            type: quoted.type, code: quoted.code, source: segment.source,
            destination: segment.destination, payload: segment.payload)))
    }
    return events
  }

  // MARK: - Datagrams

  private mutating func datagram(_ pending: Pending) -> [CaptureEvent] {
    let flow = pending.place.flow
    if let content = Self.messageContent(pending.bytes, missing: pending.missing) {
      var events = channelDataBefore(flow)
      conversations.insert(flow.conversation)
      events.append(
        .message(
          message(
            content, pending.bytes, pending.place, .udp, missing: pending.missing, depth: 0)))
      return events
    }
    guard let first = pending.bytes.first else { return [] }
    switch first {
    case 0x40...0x7F: return channelData(pending)
    case 0xFF: return multiplexed(pending)
    case 0...0x3F: return classic(pending)
    default: return []
    }
  }

  /// Sound or lenient content where the magic cookie says that it is STUN.
  private static func messageContent(
    _ bytes: [UInt8], missing: Int
  ) -> CapturedMessage.Content? {
    // Without the cookie it is whatever else begins with a small number.
    guard bytes.count >= 8, bytes[0] < 0x40, bytes[4] == 0x21, bytes[5] == 0x12,
      bytes[6] == 0xA4, bytes[7] == 0x42
    else { return nil }
    do throws(STUNDecodingError) {
      return .message(try STUNMessage(bytes))
    } catch {
      return LenientMessage(bytes, isCutByCapture: missing > 0).map { .lenient($0) }
        ?? .malformed(error)
    }
  }

  /// ChannelData, where the conversation is known to be STUN's, the port is a server's, or enough of
  /// it has come.
  private mutating func channelData(_ pending: Pending) -> [CaptureEvent] {
    let flow = pending.place.flow
    guard let data = channelDataMessage(pending.bytes, pending.place, .udp, pending.missing) else {
      return []
    }
    if conversations.contains(flow.conversation) { return [.message(data)] }
    // Only RFC 8656's numbers (§12) are believed without more.
    guard pending.bytes[0] < 0x50, pending.missing == 0 else { return [] }
    let isServer =
      Self.serverPorts.contains(flow.source.port)
      || Self.serverPorts.contains(flow.destination.port)
    if pendingChannelData.count >= Self.mostPending { pendingChannelData = [:] }
    pendingChannelData[flow.conversation, default: []].append(pending)
    let run = pendingChannelData[flow.conversation]?.count ?? 0
    guard isServer || run >= Self.certainRun else { return [] }
    conversations.insert(flow.conversation)
    return channelDataBefore(flow)
  }

  /// The datagrams of this conversation that turn out to have been ChannelData.
  private mutating func channelDataBefore(_ flow: Flow) -> [CaptureEvent] {
    let pending = pendingChannelData.removeValue(forKey: flow.conversation) ?? []
    return pending.compactMap {
      channelDataMessage($0.bytes, $0.place, .udp, 0).map { .message($0) }
    }
  }

  private func channelDataMessage(
    _ bytes: [UInt8], _ place: Place, _ transport: CapturedMessage.Transport, _ missing: Int
  ) -> CapturedMessage? {
    guard bytes.count >= 4 else { return nil }
    let number = ChannelNumber(rawValue: bytes.bigEndian16(at: 0))
    let length = Int(bytes.bigEndian16(at: 2))
    // In a datagram it may be padded, and then by less than four bytes (RFC 8656 §12.5).
    let surplus = bytes.count + missing - 4 - length
    guard (0..<4).contains(surplus) else { return nil }
    let data = Array(bytes[4..<min(bytes.count, 4 + length)])
    let lost = 4 + length - bytes.count
    return message(
      .channelData(number, data: data), bytes, place, transport, missing: max(0, lost), depth: 0)
  }

  /// Microsoft's multiplexed TURN: 0xFF10, a length, eight bytes of session ID, then a message.
  private mutating func multiplexed(_ pending: Pending) -> [CaptureEvent] {
    let bytes = pending.bytes
    guard bytes.count > 12, bytes[1] == 0x10,
      Int(bytes.bigEndian16(at: 2)) == bytes.count + pending.missing - 4
    else { return [] }
    let inner = Array(bytes[12...])
    let content: CapturedMessage.Content
    if let found = Self.messageContent(inner, missing: pending.missing) {
      content = found
    } else if let lenient = LenientMessage(inner), lenient.isCertain {
      content = .lenient(lenient)
    } else {
      return []
    }
    let session = bytes.bigEndian64(at: 4)
    conversations.insert(pending.place.flow.conversation)
    return [
      .message(
        message(
          content, inner, pending.place, .udp, .multiplexedTURN(sessionID: session),
          missing: pending.missing, depth: 0))
    ]
  }

  /// STUN without the magic cookie, where it cannot be anything else: by its attributes, or because
  /// the response to it came back.
  private mutating func classic(_ pending: Pending) -> [CaptureEvent] {
    let flow = pending.place.flow
    guard pending.missing == 0, let found = LenientMessage(pending.bytes), found.isPossible else {
      return []
    }
    let isRequest = found.messageClass == .request
    let asked = ClassicKey(
      flow: isRequest ? flow : Flow(source: flow.destination, destination: flow.source),
      id: found.transactionID)
    var events: [CaptureEvent] = []
    if let request = pendingClassic[asked], !isRequest {
      pendingClassic[asked] = nil
      if let earlier = LenientMessage(request.bytes) {
        events.append(
          .message(message(.lenient(earlier), request.bytes, request.place, .udp, depth: 0)))
      }
    } else if !found.isCertain, !classicConversations.contains(flow.conversation) {
      if isRequest {
        if pendingClassic.count >= Self.mostPending { pendingClassic = [:] }
        if pendingClassic[asked] == nil { pendingClassic[asked] = pending }
      }
      return []
    }
    classicConversations.insert(flow.conversation)
    events.append(
      .message(message(.lenient(found), pending.bytes, pending.place, .udp, depth: 0)))
    return events
  }

  // MARK: - Streams

  private mutating func stream(
    _ segment: CapturedSegment, _ frame: CapturedFrame, _ flow: Flow, _ sequence: UInt32,
    isStart: Bool, isEnd: Bool
  ) -> [CaptureEvent] {
    var events: [CaptureEvent] = []
    if isStart { events += endStream(flow) }
    let here = (frame.number, frame.time, frame.interface)
    if streams[flow] == nil {
      if streams.count >= Self.mostStreams { events += endIdleStream() }
      // A connection that only closes needs no memory.
      guard isStart || !segment.payload.isEmpty else { return events }
      streams[flow] = Stream(dissector: StreamDissector(isFromStart: isStart), last: here)
    }
    let piece = StreamPiece(
      bytes: segment.payload, frameNumber: frame.number, time: frame.time,
      interface: frame.interface)
    let pieces =
      streams[flow]?.reassembly.received(piece, sequence: sequence, isStart: isStart) ?? []
    events += read(pieces, flow)
    if isEnd { events += endStream(flow) }
    return events
  }

  /// Makes room: the stream that has been silent longest is read to its end.
  private mutating func endIdleStream() -> [CaptureEvent] {
    let idle = streams.min { $0.value.last.frameNumber < $1.value.last.frameNumber }?.key
    return idle.map { endStream($0) } ?? []
  }

  private mutating func endStream(_ flow: Flow) -> [CaptureEvent] {
    guard let pieces = streams[flow]?.reassembly.finish() else { return [] }
    var events = read(pieces, flow)
    if let items = streams[flow]?.dissector.finish() {
      for item in items { events += event(item, flow) }
    }
    streams[flow] = nil
    return events
  }

  private mutating func read(_ pieces: [StreamPiece], _ flow: Flow) -> [CaptureEvent] {
    var events: [CaptureEvent] = []
    for piece in pieces {
      if piece.missingBefore > 0 {
        // What the gap cuts off ended in an earlier frame.
        for item in streams[flow]?.dissector.received([], missingBefore: piece.missingBefore) ?? []
        {
          events += event(item, flow)
        }
      }
      streams[flow]?.last = (piece.frameNumber, piece.time, piece.interface)
      for item in streams[flow]?.dissector.received(piece.bytes, missingBefore: 0) ?? [] {
        events += event(item, flow)
      }
    }
    return events
  }

  private mutating func event(_ item: StreamDissector.Item, _ flow: Flow) -> [CaptureEvent] {
    guard let last = streams[flow]?.last else { return [] }
    let place = Place(
      frameNumber: last.frameNumber, time: last.time, interface: last.interface, flow: flow)
    switch item {
    case .gap(let missing, let skipped):
      return [
        .gap(
          StreamGap(
            frameNumber: place.frameNumber, time: place.time, source: flow.source,
            destination: flow.destination, missingByteCount: missing, skippedByteCount: skipped))
      ]
    case .frame(let bytes, let framing, let missing):
      if let content = Self.messageContent(bytes, missing: missing) {
        return [
          .message(message(content, bytes, place, .tcp, framing, missing: missing, depth: 0))
        ]
      }
      return channelDataMessage(bytes, place, .tcp, missing).map { [.message($0)] } ?? []
    }
  }

  // MARK: - Messages

  private func message(
    _ content: CapturedMessage.Content, _ bytes: [UInt8], _ place: Place,
    _ transport: CapturedMessage.Transport, _ framing: CapturedMessage.Framing = .none,
    missing: Int = 0, depth: Int
  ) -> CapturedMessage {
    let payload: [UInt8]? =
      switch content {
      case .message(let message): message.value(of: .data)
      case .lenient(let message): message.value(of: .data)
      case .channelData(_, let data): data
      case .malformed: nil
      }
    let inner = payload.flatMap { nested($0, place, depth: depth + 1) }
    return CapturedMessage(
      frameNumber: place.frameNumber, time: place.time, interface: place.interface,
      source: place.flow.source, destination: place.flow.destination, transport: transport,
      framing: framing, bytes: bytes, content: content, missingByteCount: missing,
      nested: inner.map { [$0] } ?? [])
  }

  private func nested(_ bytes: [UInt8], _ place: Place, depth: Int) -> CapturedMessage? {
    guard depth < Self.deepestNesting, let content = Self.messageContent(bytes, missing: 0) else {
      return nil
    }
    return message(content, bytes, place, .nested, depth: depth)
  }
}
