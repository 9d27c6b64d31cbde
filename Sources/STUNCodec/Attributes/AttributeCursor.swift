public import ByteOrder

/// Iterates over a message's attributes in order, borrowing its bytes.
public struct AttributeCursor: ~Escapable {
  private let message: STUNMessageView
  private var offset = STUNHeader.byteCount
  private let includesIgnored: Bool

  @_lifetime(copy message)
  init(_ message: STUNMessageView, includesIgnored: Bool) {
    self.message = message
    self.includesIgnored = includesIgnored
  }

  /// The next attribute, or nil after the last.
  ///
  /// - Complexity: O(1), plus the ignored attributes that it skips.
  @_lifetime(copy self)
  public mutating func next() -> AttributeView? {
    while offset < message.bytes.byteCount {
      let attribute = message.attribute(at: offset)
      offset += 4 + (attribute.value.byteCount + 3) & ~3
      if includesIgnored || message.layout.heeds(attribute.type, at: attribute.byteOffset) {
        return attribute
      }
    }
    return nil
  }
}

extension STUNMessageView {
  /// The attributes that count; those that a receiver must ignore are skipped (RFC 8489 §9).
  public var attributes: AttributeCursor {
    @_lifetime(copy self) get { AttributeCursor(self, includesIgnored: false) }
  }

  /// Every attribute, also those after MESSAGE-INTEGRITY that a receiver must ignore.
  public var allAttributes: AttributeCursor {
    @_lifetime(copy self) get { AttributeCursor(self, includesIgnored: true) }
  }

  /// The first attribute of this type that counts, or nil.
  ///
  /// - Complexity: O(*n*) in the number of attributes; O(1) for the integrity attributes and
  ///   XOR-MAPPED-ADDRESS.
  @inline(__always)
  @inlinable
  @_lifetime(copy self)
  public func first(_ type: AttributeType) -> AttributeView? {
    switch type {
    case .messageIntegrity: return noted(layout.messageIntegrity)
    case .messageIntegritySHA256: return noted(layout.messageIntegritySHA256)
    case .fingerprint: return noted(layout.fingerprint)
    case .xorMappedAddress: return noted(layout.xorMappedAddress)
    default:
      let layout = layout
      let offset = bytes.withUnsafeBytes { layout.offset(of: type, $0) }
      if offset != 0 { return attribute(at: offset) }
      return nil
    }
  }

  @inline(__always)
  @inlinable
  @_lifetime(copy self)
  func noted(_ offset: UInt32) -> AttributeView? {
    offset == 0 ? nil : attribute(at: Int(offset))
  }

  /// The attribute that begins at this offset, which must be one where an attribute begins.
  @inline(__always)
  @inlinable
  @_lifetime(copy self)
  func attribute(at offset: Int) -> AttributeView {
    let header = bytes.bigEndian32(atProven: offset)
    let start = offset &+ 4
    return AttributeView(
      type: AttributeType(rawValue: UInt16(header >> 16)), byteOffset: offset,
      // The layout has found that the value ends inside the message.
      value: bytes.extracting(unchecked: start..<start &+ Int(header & 0xFFFF)))
  }
}
