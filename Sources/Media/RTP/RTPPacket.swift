import ByteOrder
import STUNCodec

/// An RTP packet as it was received: its header, and what stands where in the bytes (RFC 3550 §5).
///
///     header   CSRCs      extension                payload    padding, if P
///     12 bytes 0 to 15×4  if X: 4 + 4 × its words  the rest   1 to 255, the last byte says how many
///
/// The bytes stay the caller's.
public struct RTPPacket: Hashable, Sendable {
  /// What a profile has added to the header (RFC 3550 §5.3.1).
  public struct HeaderExtension: Hashable, Sendable {
    /// What the data mean, as the profile defines it.
    public let profile: UInt16
    /// Where the data stand in the packet.
    public let data: Range<Int>
  }

  /// The fixed part of the header.
  public let header: RTPHeader
  /// How many contributing sources stand behind it, each of 4 bytes.
  public let contributingSourceCount: Int
  /// The extension of the header; nil if there is none.
  public let headerExtension: HeaderExtension?
  /// Where the payload stands in the packet; it may be empty.
  public let payload: Range<Int>
  /// How many bytes of padding stand behind the payload.
  public let paddingCount: Int

  /// Reads a packet.
  ///
  /// - Throws: for bytes that are none. Unknown payload types and extensions are no errors.
  /// - Complexity: O(1); allocates nothing.
  public init(_ bytes: Span<UInt8>) throws(RTPError) {
    let raw = bytes.bytes
    let count = raw.byteCount
    guard count >= RTPHeader.byteCount else {
      throw RTPError(.headerTruncated, at: count, expected: RTPHeader.byteCount, found: count)
    }
    let first = bytes[0]
    guard first >> 6 == 2 else {
      throw RTPError(.wrongVersion, at: 0, expected: 2, found: Int(first >> 6))
    }
    header = RTPHeader(
      payloadType: PayloadType(rawValue: bytes[1]), sequenceNumber: raw.bigEndian16(at: 2),
      timestamp: raw.bigEndian32(at: 4), source: raw.bigEndian32(at: 8),
      hasMarker: bytes[1] & 0x80 != 0)
    contributingSourceCount = Int(first & 0x0F)
    var start = RTPHeader.byteCount + 4 * contributingSourceCount
    guard start <= count else {
      throw RTPError(
        .contributingSourcesTruncated, at: RTPHeader.byteCount,
        expected: 4 * contributingSourceCount, found: count - RTPHeader.byteCount)
    }
    if first & 0x10 != 0 {
      guard count - start >= 4 else {
        throw RTPError(.extensionTruncated, at: start, expected: 4, found: count - start)
      }
      let end = start + 4 + 4 * Int(raw.bigEndian16(at: start + 2))
      guard end <= count else {
        throw RTPError(.extensionTruncated, at: start, expected: end - start, found: count - start)
      }
      headerExtension = HeaderExtension(
        profile: raw.bigEndian16(at: start), data: (start + 4)..<end)
      start = end
    } else {
      headerExtension = nil
    }
    guard first & 0x20 != 0 else {
      (payload, paddingCount) = (start..<count, 0)
      return
    }
    // Where there is no byte behind the header, its last one would be taken for the padding's.
    let padding = count > start ? Int(bytes[count - 1]) : 0
    guard padding >= 1, padding <= count - start else {
      throw RTPError(.wrongPadding, at: count - 1, expected: count - start, found: padding)
    }
    (payload, paddingCount) = (start..<(count - padding), padding)
  }

  /// Reads a packet.
  ///
  /// - Throws: for bytes that are none.
  public init(_ bytes: [UInt8]) throws(RTPError) { try self.init(bytes.span) }

  /// The contributing sources of the packet in these bytes, which it was read from.
  ///
  /// - Precondition: the bytes are those.
  public func contributingSources(in bytes: Span<UInt8>) -> [UInt32] {
    (0..<contributingSourceCount).map { bytes.bytes.bigEndian32(at: RTPHeader.byteCount + 4 * $0) }
  }
}

extension RTPPacket: CustomStringConvertible {
  /// `RTP PCMU, sequence 4711, timestamp 160, source 0x1234ABCD, 160 bytes`.
  public var description: String {
    "RTP \(header.payloadType)\(header.hasMarker ? " marked" : ""), "
      + "sequence \(header.sequenceNumber), timestamp \(header.timestamp), "
      + "source \(Hexadecimal.number(UInt64(header.source), digits: 8)), \(payload.count) bytes"
  }
}
