import ByteOrder

/// Where a message's integrity attributes stand: MESSAGE-INTEGRITY, its SHA-256 form and FINGERPRINT.
///
/// They divide the attributes that count from those that must be ignored: after MESSAGE-INTEGRITY
/// only MESSAGE-INTEGRITY-SHA256 and FINGERPRINT count, after MESSAGE-INTEGRITY-SHA256 only
/// FINGERPRINT (RFC 8489 §9), and FINGERPRINT is the last (RFC 8489 §14.7). So an attacker who
/// appends to a message on its way adds nothing that counts.
@usableFromInline
struct AttributeLayout: Sendable, Hashable {
  /// Where ordinary attributes stop counting: the first of the three that counts. This and the other
  /// offsets are in the message; 0, where no attribute can be, means that there is none.
  ///
  /// It alone is noted for all three, so that each attribute of a message costs one question.
  @usableFromInline var firstIntegrity: UInt32 = 0
  @usableFromInline var messageIntegritySHA256: UInt32 = 0
  @usableFromInline var fingerprint: UInt32 = 0
  /// Where XOR-MAPPED-ADDRESS stands: responses are read for its sake, so it is found at once.
  @usableFromInline var xorMappedAddress: UInt32 = 0

  /// Where MESSAGE-INTEGRITY stands: it counts only where it is the first of the three.
  @inlinable
  var messageIntegrity: UInt32 {
    firstIntegrity == messageIntegritySHA256 || firstIntegrity == fingerprint ? 0 : firstIntegrity
  }

  /// The layout of a message of which no attribute has been noted yet.
  @inlinable
  init() {}

  /// Walks the attributes of a message whose header has been checked.
  @inlinable
  init(checking bytes: RawSpan) throws(STUNDecodingError) {
    let count = bytes.byteCount
    let cut = bytes.withUnsafeBytes { walk($0, count) }
    guard cut == 0 else { throw Self.truncation(bytes, at: cut) }
  }

  /// Notes each attribute, and gives the offset of the first that does not end inside the message, or
  /// 0 when all do.
  @inlinable
  mutating func walk(_ bytes: UnsafeRawBufferPointer, _ count: Int) -> Int {
    guard let start = bytes.baseAddress, count > STUNHeader.byteCount else { return 0 }
    var offset: Int
    var next = STUNHeader.byteCount
    // The header's length is a multiple of four and offsets move in fours, so while any byte is
    // left, the four of an attribute's header are: the load needs no check of its own.
    repeat {
      offset = next
      let header = UInt32(
        bigEndian: start.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
      next = Self.end(ofAttributeAt: offset, header)
      note(AttributeType(rawValue: UInt16(truncatingIfNeeded: header >> 16)), at: offset)
    } while next < count
    return next == count ? 0 : offset
  }

  /// Where the attribute with this header ends, padding included.
  ///
  /// Offsets are multiples of four, so rounding the sum up rounds the length up. The sum is an Int:
  /// in 16 bits, 4 + length would wrap, and a huge attribute would look small.
  @inlinable
  static func end(ofAttributeAt offset: Int, _ header: UInt32) -> Int {
    (offset &+ 4 &+ Int(header & 0xFFFF) &+ 3) & ~3
  }

  @usableFromInline
  static func truncation(_ bytes: RawSpan, at offset: Int) -> STUNDecodingError {
    STUNDecodingError(
      .attributeTruncated, at: offset + 2,
      in: AttributeType(rawValue: bytes.bigEndian16(at: offset)),
      expected: Int(bytes.bigEndian16(at: offset + 2)), found: bytes.byteCount - offset - 4)
  }

  /// Takes the next attribute into account.
  @inlinable
  mutating func note(_ type: AttributeType, at offset: Int) {
    // An offset fits: a message has at most 65 552 bytes.
    let offset = UInt32(truncatingIfNeeded: offset)
    switch type {
    case .messageIntegrity:
      if firstIntegrity == 0 { firstIntegrity = offset }
    case .messageIntegritySHA256:
      if messageIntegritySHA256 | fingerprint == 0 {
        messageIntegritySHA256 = offset
        if firstIntegrity == 0 { firstIntegrity = offset }
      }
    case .fingerprint:
      if fingerprint == 0 {
        fingerprint = offset
        if firstIntegrity == 0 { firstIntegrity = offset }
      }
    case .xorMappedAddress:
      if xorMappedAddress | firstIntegrity == 0 { xorMappedAddress = offset }
    default: break
    }
  }

  /// Where the first attribute of this type that counts begins, or 0.
  @inlinable
  func offset(of type: AttributeType, _ bytes: UnsafeRawBufferPointer) -> Int {
    guard let start = bytes.baseAddress else { return 0 }
    let end = firstIntegrity == 0 ? bytes.count : Int(firstIntegrity)
    var offset = STUNHeader.byteCount
    // `walk` has found that every attribute before `end` is whole: the load needs no check.
    while offset < end {
      let header = UInt32(
        bigEndian: start.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
      if UInt16(truncatingIfNeeded: header >> 16) == type.rawValue { return offset }
      offset = Self.end(ofAttributeAt: offset, header)
    }
    return 0
  }

  /// Whether the attribute of this type at this offset counts.
  func heeds(_ type: AttributeType, at offset: Int) -> Bool {
    let offset = UInt32(truncatingIfNeeded: offset)
    switch type {
    case .messageIntegrity: return offset == messageIntegrity
    case .messageIntegritySHA256: return offset == messageIntegritySHA256
    case .fingerprint: return offset == fingerprint
    default: return firstIntegrity == 0 || offset < firstIntegrity
    }
  }
}
