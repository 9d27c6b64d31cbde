import ByteOrder

/// The fixed part of an RTP packet's header (RFC 3550 §5.1).
///
///      0                   1                   2                   3
///      0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
///     +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
///     |V=2|P|X|  CC   |M|     PT      |       sequence number         |
///     +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
///     |                           timestamp                           |
///     +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
///     |           synchronization source (SSRC) identifier            |
///     +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
public struct RTPHeader: Hashable, Sendable {
  /// Its size in bytes.
  public static let byteCount = 12

  /// Whether the packet is marked: with sound, that it is the first after silence (RFC 3551 §4.1).
  public var hasMarker: Bool
  /// What the payload is.
  public var payloadType: PayloadType
  /// One more in each packet, and 0 after 65 535.
  public var sequenceNumber: UInt16
  /// When the first sample of the payload was taken, counted in samples.
  public var timestamp: UInt32
  /// Who has sent the packet: the SSRC, a number drawn by chance.
  public var source: UInt32

  /// A header with these fields.
  public init(
    payloadType: PayloadType = .pcmu, sequenceNumber: UInt16, timestamp: UInt32, source: UInt32,
    hasMarker: Bool = false
  ) {
    self.hasMarker = hasMarker
    self.payloadType = payloadType
    self.sequenceNumber = sequenceNumber
    self.timestamp = timestamp
    self.source = source
  }

  /// Appends the 12 bytes to a buffer, for a packet that has nothing else but a payload.
  ///
  /// - Complexity: O(1); allocates nothing where the buffer has room.
  public func append(to buffer: inout [UInt8]) { append(to: &buffer, first: 0x80) }

  private func append(to buffer: inout [UInt8], first: UInt8) {
    buffer.append(first)
    buffer.append((hasMarker ? 0x80 : 0) | payloadType.rawValue)
    buffer.appendBigEndian(sequenceNumber)
    buffer.appendBigEndian(timestamp)
    buffer.appendBigEndian(source)
  }

  /// The bytes of a packet with this header.
  ///
  /// - Parameters:
  ///   - contributingSources: whose sound a mixer has put into the payload, 15 at most.
  ///   - headerExtension: what a profile adds to the header; its data are padded to whole words of 4.
  ///   - padding: how many bytes stand behind the payload, the last of which says how many, 255 at most.
  /// - Precondition: there are no more of each than can be told, of words 65 535.
  /// - Complexity: O(*n*) in the bytes.
  public func packet(
    _ payload: [UInt8], contributingSources: [UInt32] = [],
    headerExtension: (profile: UInt16, data: [UInt8])? = nil, padding: Int = 0
  ) -> [UInt8] {
    precondition(contributingSources.count <= 15 && (0...255).contains(padding))
    var bytes: [UInt8] = []
    let flags: UInt8 = (padding > 0 ? 0x20 : 0) | (headerExtension == nil ? 0 : 0x10)
    append(to: &bytes, first: 0x80 | flags | UInt8(contributingSources.count))
    for source in contributingSources { bytes.appendBigEndian(source) }
    if let (profile, data) = headerExtension {
      let wordCount = (data.count + 3) / 4
      precondition(wordCount <= 0xFFFF)
      bytes.appendBigEndian(profile)
      bytes.appendBigEndian(UInt16(wordCount))
      bytes += data + [UInt8](repeating: 0, count: wordCount * 4 - data.count)
    }
    bytes += payload
    if padding > 0 {
      bytes += [UInt8](repeating: 0, count: padding - 1) + [UInt8(padding)]
    }
    return bytes
  }
}

extension [UInt8] {
  /// Appends a number, its highest byte first.
  mutating func appendBigEndian(_ number: UInt16) {
    append(UInt8(truncatingIfNeeded: number >> 8))
    append(UInt8(truncatingIfNeeded: number))
  }

  /// Appends a number, its highest byte first.
  mutating func appendBigEndian(_ number: UInt32) {
    appendBigEndian(UInt16(truncatingIfNeeded: number >> 16))
    appendBigEndian(UInt16(truncatingIfNeeded: number))
  }
}
