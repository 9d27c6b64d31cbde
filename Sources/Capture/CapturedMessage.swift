public import STUNCodec
public import TransportAddress

/// Something of STUN or TURN that a capture holds.
public struct CapturedMessage: Hashable, Sendable {
  public enum Content: Hashable, Sendable {
    case message(STUNMessage)
    case channelData(ChannelNumber, data: [UInt8])
    /// Bytes that open like STUN and are not.
    case malformed(STUNDecodingError)
  }

  public enum Transport: String, Hashable, Sendable {
    case udp = "UDP"
    case tcp = "TCP"
    /// It was carried inside another message.
    case nested = "inside"
    /// An ICMP error quotes it: the addresses are those of the datagram that did not arrive.
    case quoted = "ICMP error about"
  }

  /// The frame that it ends in.
  public let frameNumber: Int
  /// Nanoseconds since 1970.
  public let time: Int64
  public let source: TransportAddress
  public let destination: TransportAddress
  public let transport: Transport
  public let bytes: [UInt8]
  public let content: Content
  /// What DATA or a channel carries, where that is STUN again.
  public let nested: [CapturedMessage]

  public init(
    frameNumber: Int, time: Int64, source: TransportAddress, destination: TransportAddress,
    transport: Transport, bytes: [UInt8], content: Content, nested: [CapturedMessage] = []
  ) {
    self.frameNumber = frameNumber
    self.time = time
    self.source = source
    self.destination = destination
    self.transport = transport
    self.bytes = bytes
    self.content = content
    self.nested = nested
  }
}

/// Finds STUN and ChannelData in the frames of a capture.
public struct MessageFinder: Sendable {
  private struct Flow: Hashable {
    let source: TransportAddress
    let destination: TransportAddress

    /// The same for both directions.
    var conversation: Set<TransportAddress> { [source, destination] }
  }

  private enum Stream {
    case reading(TCPStream, StreamReassembler)
    /// Something else than STUN, or no longer readable.
    case given
  }

  private var dissector = FrameDissector()
  private var streams: [Flow: Stream] = [:]
  /// Between whom STUN has been seen: only there is 0x40 taken for ChannelData.
  private var conversations: Set<Set<TransportAddress>> = []
  /// Of how many frames nothing could be read.
  public var unreadFrameCount: Int { dissector.unreadFrameCount }
  /// The same, by the reason.
  public var unread: [UnreadReason: Int] { dissector.unread }
  /// How many frames have been looked at.
  public var frameCount: Int { dissector.frameCount }
  private static let deepestNesting = 4

  public init() {}

  /// The messages that this frame completes, in their order.
  public mutating func messages(in frame: CapturedFrame) -> [CapturedMessage] {
    switch dissector.contents(of: frame) {
    case nil: return []
    case .segment(let segment):
      let place = Place(frame: frame, segment: segment)
      switch segment.transport {
      case .udp: return datagramMessages(place, .udp)
      case .tcp(let sequence, let isStart, let isEnd):
        return streamMessages(segment, place, sequence, isStart: isStart, isEnd: isEnd)
      }
    case .icmpError(let quoted):
      guard !quoted.segment.isCut else { return [] }
      return datagramMessages(Place(frame: frame, segment: quoted.segment), .quoted)
    }
  }

  private struct Place {
    let frame: CapturedFrame
    let segment: CapturedSegment
  }

  private mutating func datagramMessages(
    _ place: Place, _ transport: CapturedMessage.Transport
  ) -> [CapturedMessage] {
    let flow = Flow(source: place.segment.source, destination: place.segment.destination)
    return message(place.segment.payload, place, transport, in: flow, depth: 0).map { [$0] } ?? []
  }

  private mutating func streamMessages(
    _ segment: CapturedSegment, _ place: Place, _ sequence: UInt32, isStart: Bool, isEnd: Bool
  ) -> [CapturedMessage] {
    let flow = Flow(source: segment.source, destination: segment.destination)
    if isStart { streams[flow] = nil }
    guard
      case .reading(var stream, var reassembler) =
        streams[flow]
        ?? .reading(TCPStream(), StreamReassembler(numbers: ChannelNumber.formerValues))
    else { return [] }
    let readable = stream.received(segment.payload, sequence: sequence, isStart: isStart)
    reassembler.received(readable.span.bytes)
    var found: [CapturedMessage] = []
    do throws(STUNDecodingError) {
      while let frame = try reassembler.next() {
        guard let message = message(frame, place, .tcp, in: flow, depth: 0) else {
          streams[flow] = .given
          return found
        }
        found.append(message)
      }
    } catch {
      streams[flow] = .given
      return found
    }
    streams[flow] = isEnd ? nil : stream.isLost ? .given : .reading(stream, reassembler)
    return found
  }

  /// The message that these bytes are, if they are one or were meant to be.
  private mutating func message(
    _ bytes: [UInt8], _ place: Place, _ transport: CapturedMessage.Transport, in flow: Flow,
    depth: Int
  ) -> CapturedMessage? {
    guard depth < Self.deepestNesting,
      let content = content(of: bytes, in: flow, isNested: transport == .nested)
    else { return nil }
    if transport == .udp || transport == .tcp { conversations.insert(flow.conversation) }
    let payload: [UInt8]? =
      switch content {
      case .message(let message): message.value(of: .data)
      case .channelData(_, let data): data
      case .malformed: nil
      }
    let inner = payload.flatMap { message($0, place, .nested, in: flow, depth: depth + 1) }
    return CapturedMessage(
      frameNumber: place.frame.number, time: place.frame.time, source: place.segment.source,
      destination: place.segment.destination, transport: transport, bytes: bytes, content: content,
      nested: inner.map { [$0] } ?? [])
  }

  private func content(
    of bytes: [UInt8], in flow: Flow, isNested: Bool
  ) -> CapturedMessage.Content? {
    switch PacketKind(bytes) {
    // Programs of RFC 5766's time use numbers up to 0x7FFF, which open like nothing else does.
    case .channelData, .unknown:
      guard !isNested, conversations.contains(flow.conversation),
        let view = try? ChannelDataView(
          bytes.span.bytes, numbers: ChannelNumber.formerValues),
        bytes.count - 4 - view.data.byteCount < 4
      else { return nil }
      return .channelData(view.channel, data: view.data.withUnsafeBytes { Array($0) })
    case .stun:
      // Without the cookie it is whatever else begins with a small number.
      guard bytes.count >= 8, bytes[4..<8].elementsEqual([0x21, 0x12, 0xA4, 0x42]) else {
        return nil
      }
      do throws(STUNDecodingError) {
        return .message(try STUNMessage(bytes))
      } catch {
        return .malformed(error)
      }
    default: return nil
    }
  }
}
