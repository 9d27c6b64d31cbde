public import ByteOrder

/// The Internet checksum: the ones' complement of the ones' complement sum of 16-bit words (RFC
/// 1071).
@frozen
public struct Checksum: Hashable, Sendable {
  // Carries are folded in at the end: 2³² words of 32 bits fit, and a packet has 2¹⁴. It is the
  // same sum, as 2¹⁶ is 1 in ones' complement arithmetic of 16 bits (RFC 1071 §2).
  @usableFromInline
  internal var sum: UInt64 = 0

  /// The checksum of no words.
  @inlinable
  public init() {}

  /// Adds a word.
  @inlinable
  public mutating func add(_ word: UInt16) {
    sum += UInt64(word)
  }

  /// Adds the words of a range of bytes, an odd last byte filled up with zero.
  ///
  /// - Precondition: the range lies within the bytes.
  @inlinable
  public mutating func add(_ bytes: Span<UInt8>, in range: Range<Int>) {
    precondition(
      range.lowerBound >= 0 && range.upperBound <= bytes.count, "the range lies within the bytes")
    var offset = range.lowerBound
    while range.upperBound &- offset >= 8 {
      let words = bytes.bytes.bigEndian64(atProven: offset)
      sum &+= words >> 32 &+ words & 0xFFFF_FFFF
      offset &+= 8
    }
    if range.upperBound &- offset >= 4 {
      sum &+= UInt64(bytes.bytes.bigEndian32(atProven: offset))
      offset &+= 4
    }
    if range.upperBound &- offset >= 2 {
      sum &+= UInt64(bytes.word(at: offset))
      offset &+= 2
    }
    if offset < range.upperBound { sum &+= UInt64(bytes[offset]) << 8 }
  }

  /// What belongs into the header; 0 if the words summed up include a right checksum.
  @inlinable
  public var value: UInt16 { ~folded }

  @inlinable
  internal var folded: UInt16 {
    var sum = self.sum
    while sum > 0xFFFF { sum = (sum & 0xFFFF) + (sum >> 16) }
    return UInt16(sum)
  }
}

/// The change of a checksum by words that were replaced (RFC 1624), however long the packet is.
///
/// With HC the checksum, m a word and m′ its replacement, HC′ = ~(~HC + ~m + m′): equation 3. Its
/// predecessor in RFC 1141 could make 0 of a sum that should be 0xFFFF.
@frozen
public struct ChecksumDelta: Hashable, Sendable {
  @usableFromInline
  internal var sum: UInt64 = 0

  /// The change by no replacement.
  @inlinable
  public init() {}

  /// Notes that a word was replaced by another.
  @inlinable
  public mutating func replace(_ old: UInt16, by new: UInt16) {
    sum += UInt64(~old) + UInt64(new)
  }

  /// Two words at once.
  @inlinable @inline(__always)
  package mutating func replace(_ old: UInt32, by new: UInt32) {
    sum += UInt64(~old) + UInt64(new)
  }

  /// A checksum after the replacements.
  @inlinable
  public func applied(to checksum: UInt16) -> UInt16 {
    var sum = self.sum + UInt64(~checksum)
    while sum > 0xFFFF { sum = (sum & 0xFFFF) + (sum >> 16) }
    return ~UInt16(sum)
  }
}
