public import TransportAddress

/// What a frame carries from one port to another.
public struct CapturedSegment: Hashable, Sendable {
  public enum Transport: Hashable, Sendable {
    case udp
    /// A piece of a stream, that begins at this sequence number.
    case tcp(sequence: UInt32, isStart: Bool, isEnd: Bool)
  }

  public let source: TransportAddress
  public let destination: TransportAddress
  public let transport: Transport
  public let payload: [UInt8]
  /// Whether the frame was cut when it was recorded, or is the first of several fragments.
  public let isCut: Bool

  /// Reads a frame down to its payload; nil where it is neither UDP nor TCP over IP, or not whole
  /// enough to tell.
  public init?(_ frame: CapturedFrame) {
    var reader = ByteReader(frame.bytes)
    guard let payload = frame.linkType.payload(&reader),
      let internet = InternetHeader(&reader, payload)
    else { return nil }
    switch internet.protocol {
    case 17: self.init(udp: &reader, internet)
    case 6: self.init(tcp: &reader, internet)
    default: return nil
    }
  }

  private init?(udp reader: inout ByteReader, _ internet: InternetHeader) {
    guard let source = reader.uint16(), let destination = reader.uint16(),
      let length = reader.uint16(), reader.skip(2)
    else { return nil }
    // Length 0 is a jumbogram's: then the rest of the packet counts (RFC 2675 §4).
    let promised = length == 0 ? reader.count : max(0, Int(length) - 8)
    reader.limit(to: promised)
    self.source = TransportAddress(internet.source, port: source)
    self.destination = TransportAddress(internet.destination, port: destination)
    transport = .udp
    payload = reader.rest
    isCut = reader.count < promised
  }

  private init?(tcp reader: inout ByteReader, _ internet: InternetHeader) {
    guard let source = reader.uint16(), let destination = reader.uint16(),
      let sequence = reader.uint32(), reader.skip(4), let offsetAndFlags = reader.uint16(),
      // 14 bytes are read; the header has as many words as its top four bits say.
      reader.skip(Int(offsetAndFlags >> 12) * 4 - 14)
    else { return nil }
    self.source = TransportAddress(internet.source, port: source)
    self.destination = TransportAddress(internet.destination, port: destination)
    let isSYN = offsetAndFlags & 0x02 != 0
    transport = .tcp(
      sequence: sequence &+ (isSYN ? 1 : 0), isStart: isSYN,
      isEnd: offsetAndFlags & 0x05 != 0)
    payload = reader.rest
    isCut = internet.isCut
  }
}

/// What is needed of an IP header, of either version.
struct InternetHeader {
  let source: IPAddress
  let destination: IPAddress
  let `protocol`: UInt8
  /// Whether more of the packet was promised than is there.
  let isCut: Bool

  /// Takes the header, with its options or extensions, off the reader.
  init?(_ reader: inout ByteReader, _ payload: LinkType.Payload) {
    guard let first = reader.uint8() else { return nil }
    switch (payload, first >> 4) {
    case (.ipv4, 4), (.either, 4): self.init(ipv4: &reader, headerWords: first & 0xF)
    case (.ipv6, 6), (.either, 6): self.init(ipv6: &reader)
    default: return nil
    }
  }

  private init?(ipv4 reader: inout ByteReader, headerWords: UInt8) {
    guard headerWords >= 5, reader.skip(1), let totalLength = reader.uint16(), reader.skip(2),
      let fragment = reader.uint16(), reader.skip(1), let number = reader.uint8(), reader.skip(2),
      let source = reader.uint32(), let destination = reader.uint32(),
      reader.skip(Int(headerWords) * 4 - 20)
    else { return nil }
    // Only the first fragment has ports.
    guard fragment & 0x1FFF == 0 else { return nil }
    // 0 where the network card does the cutting: then all that is there counts.
    let left = totalLength == 0 ? reader.count : Int(totalLength) - Int(headerWords) * 4
    isCut = left > reader.count || fragment & 0x2000 != 0
    reader.limit(to: left)
    self.source = .v4(IPv4Address(rawValue: source))
    self.destination = .v4(IPv4Address(rawValue: destination))
    `protocol` = number
  }

  private init?(ipv6 reader: inout ByteReader) {
    guard reader.skip(3), let length = reader.uint16(), var next = reader.uint8(), reader.skip(1),
      let sourceHigh = reader.uint64(), let sourceLow = reader.uint64(),
      let destinationHigh = reader.uint64(), let destinationLow = reader.uint64()
    else { return nil }
    source = .v6(IPv6Address(high: sourceHigh, low: sourceLow))
    destination = .v6(IPv6Address(high: destinationHigh, low: destinationLow))
    var isFragment = false
    let left = length == 0 ? reader.count : Int(length)
    let isShort = left > reader.count
    reader.limit(to: left)
    // Each extension names the next header in its first byte. RFC 8200 §4.
    extensions: while true {
      switch next {
      case 0, 43, 60, 135, 139, 140:
        guard let following = reader.uint8(), let words = reader.uint8(),
          reader.skip(Int(words) * 8 + 6)
        else { return nil }
        next = following
      case 44:
        guard let following = reader.uint8(), reader.skip(1), let offset = reader.uint16(),
          reader.skip(4), offset & 0xFFF8 == 0
        else { return nil }
        isFragment = isFragment || offset & 1 != 0
        next = following
      case 51:
        guard let following = reader.uint8(), let words = reader.uint8(),
          reader.skip(Int(words) * 4 + 6)
        else { return nil }
        next = following
      default: break extensions
      }
    }
    `protocol` = next
    isCut = isShort || isFragment
  }
}
