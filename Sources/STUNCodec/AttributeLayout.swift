/// Where a message's sealing attributes stand: the two integrity checks and the fingerprint.
///
/// They divide the attributes that count from those that must be ignored: after MESSAGE-INTEGRITY
/// only MESSAGE-INTEGRITY-SHA256 and FINGERPRINT count (RFC 8489 §14.5), after
/// MESSAGE-INTEGRITY-SHA256 only FINGERPRINT (§14.6), after FINGERPRINT nothing (§14.7). Whoever
/// appends to a message on its way therefore adds nothing to what is believed.
@usableFromInline
struct AttributeLayout: Sendable, Hashable {
  /// Where ordinary attributes stop counting: at the first seal, or at the message's end.
  @usableFromInline var contentEnd: UInt32
  /// Each seal's offset in the message; 0, where no attribute can be, means that it is absent.
  @usableFromInline var messageIntegrity: UInt32 = 0
  @usableFromInline var messageIntegritySHA256: UInt32 = 0
  @usableFromInline var fingerprint: UInt32 = 0

  /// The layout of a message that ends here, before any of its attributes is noted.
  @inlinable
  init(end: Int) {
    contentEnd = UInt32(clamping: end)
  }

  /// Walks the attributes of a message whose header has been checked.
  @inlinable
  init(checking bytes: RawSpan) throws(STUNDecodingError) {
    let count = bytes.byteCount
    self.init(end: count)
    var offset = STUNHeader.byteCount
    // The header's length is a multiple of four and offset moves in fours, so while any byte is
    // left, the four of an attribute's header are.
    while offset < count {
      let header = bytes.bigEndian32(at: offset)
      let length = Int(header & 0xFFFF)
      // Reckoned as Int: in 16 bits, 4 + length would wrap, and a huge attribute would look small.
      let next = offset + 4 + (length + 3) & ~3
      guard next <= count else {
        throw STUNDecodingError(
          .attributeTruncated, at: offset + 2, in: AttributeType(rawValue: UInt16(header >> 16)),
          expected: length, found: count - offset - 4)
      }
      note(AttributeType(rawValue: UInt16(header >> 16)), at: offset)
      offset = next
    }
  }

  /// Takes the next attribute into account.
  @inlinable
  mutating func note(_ type: AttributeType, at offset: Int) {
    // An offset fits: a message has at most 65 552 bytes.
    let offset = UInt32(truncatingIfNeeded: offset)
    switch type {
    case .messageIntegrity:
      guard messageIntegrity | messageIntegritySHA256 | fingerprint == 0 else { return }
      messageIntegrity = offset
    case .messageIntegritySHA256:
      guard messageIntegritySHA256 | fingerprint == 0 else { return }
      messageIntegritySHA256 = offset
    case .fingerprint:
      guard fingerprint == 0 else { return }
      fingerprint = offset
    default: return
    }
    contentEnd = min(contentEnd, offset)
  }

  /// Whether a receiver heeds the attribute of this type that stands at this offset.
  func heeds(_ type: AttributeType, at offset: Int) -> Bool {
    let offset = UInt32(truncatingIfNeeded: offset)
    switch type {
    case .messageIntegrity: return offset == messageIntegrity
    case .messageIntegritySHA256: return offset == messageIntegritySHA256
    case .fingerprint: return offset == fingerprint
    default: return offset < contentEnd
    }
  }
}
