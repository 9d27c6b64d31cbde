internal import TransportAddress

/// What is needed of an IP packet, of either version.
struct InternetPacket {
  let source: IPAddress
  let destination: IPAddress
  /// The protocol of the payload: 17 is UDP.
  private(set) var `protocol`: UInt8
  private(set) var payload: [UInt8]
  /// Whether more of the packet was promised than is there.
  let isCut: Bool
  /// Where the payload belongs in the whole one; nil when it is whole.
  private(set) var fragment: Fragment?

  /// Where a fragment's payload belongs. RFC 791 §3.1, RFC 8200 §4.5.
  struct Fragment {
    let identification: UInt32
    /// Counted in bytes.
    let offset: Int
    let hasMore: Bool
  }

  /// The packet of a frame; nil where the frame is not IP, or not whole enough to tell.
  init?(_ frame: CapturedFrame) {
    var reader = ByteReader(frame.bytes)
    guard let payload = frame.linkType.payload(&reader) else { return nil }
    self.init(&reader, payload)
  }

  /// Takes the header, with its options or extensions, and the payload off the reader.
  init?(_ reader: inout ByteReader, _ payload: LinkType.Payload) {
    guard let first = reader.uint8() else { return nil }
    switch (payload, first >> 4) {
    case (.ipv4, 4), (.either, 4): self.init(ipv4: &reader, headerWords: first & 0xF)
    case (.ipv6, 6), (.either, 6): self.init(ipv6: &reader)
    default: return nil
    }
  }

  private init?(ipv4 reader: inout ByteReader, headerWords: UInt8) {
    guard headerWords >= 5, reader.skip(1), let totalLength = reader.uint16(),
      let identification = reader.uint16(), let flagsAndOffset = reader.uint16(), reader.skip(1),
      let number = reader.uint8(), reader.skip(2), let source = reader.uint32(),
      let destination = reader.uint32(), reader.skip(Int(headerWords) * 4 - 20)
    else { return nil }
    // 0 where the network card does the cutting: then all that is there counts.
    let left = totalLength == 0 ? reader.count : Int(totalLength) - Int(headerWords) * 4
    isCut = left > reader.count
    reader.limit(to: left)
    self.source = .v4(IPv4Address(rawValue: source))
    self.destination = .v4(IPv4Address(rawValue: destination))
    `protocol` = number
    payload = reader.rest
    let (hasMore, units) = (flagsAndOffset & 0x2000 != 0, Int(flagsAndOffset & 0x1FFF))
    if hasMore || units > 0 {
      fragment = Fragment(
        identification: UInt32(identification), offset: units * 8, hasMore: hasMore)
    }
  }

  private init?(ipv6 reader: inout ByteReader) {
    guard reader.skip(3), let length = reader.uint16(), let next = reader.uint8(), reader.skip(1),
      let sourceHigh = reader.uint64(), let sourceLow = reader.uint64(),
      let destinationHigh = reader.uint64(), let destinationLow = reader.uint64()
    else { return nil }
    source = .v6(IPv6Address(high: sourceHigh, low: sourceLow))
    destination = .v6(IPv6Address(high: destinationHigh, low: destinationLow))
    let left = length == 0 ? reader.count : Int(length)
    isCut = left > reader.count
    reader.limit(to: left)
    `protocol` = next
    payload = []
    guard takeExtensions(&reader) else { return nil }
  }

  /// Steps over IPv6's extension headers, up to the payload or the fragment of one.
  ///
  /// Each names the next header in its first byte. RFC 8200 §4.
  private mutating func takeExtensions(_ reader: inout ByteReader) -> Bool {
    while true {
      switch `protocol` {
      case 0, 43, 60, 135, 139, 140:
        guard let next = reader.uint8(), let words = reader.uint8(),
          reader.skip(Int(words) * 8 + 6)
        else { return false }
        `protocol` = next
      case 51:
        guard let next = reader.uint8(), let words = reader.uint8(),
          reader.skip(Int(words) * 4 + 6)
        else { return false }
        `protocol` = next
      case 44:
        guard let next = reader.uint8(), reader.skip(1), let offsetAndMore = reader.uint16(),
          let identification = reader.uint32()
        else { return false }
        `protocol` = next
        // A header that cuts off nothing is stepped over like any other (RFC 8200 §4.5).
        guard offsetAndMore & 0xFFF9 != 0 else { continue }
        fragment = Fragment(
          identification: identification, offset: Int(offsetAndMore & 0xFFF8),
          hasMore: offsetAndMore & 1 != 0)
        payload = reader.rest
        return true
      default:
        payload = reader.rest
        return true
      }
    }
  }

  /// The packet with the payload that its fragments made; nil where that cannot be read.
  func whole(_ payload: [UInt8]) -> InternetPacket? {
    var packet = self
    packet.fragment = nil
    packet.payload = payload
    guard case .v6 = source else { return packet }
    // Further extension headers may have been among what was cut.
    var reader = ByteReader(payload)
    return packet.takeExtensions(&reader) ? packet : nil
  }
}
