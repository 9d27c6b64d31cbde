/// One attribute of a message; it borrows the message's bytes and copies nothing (RFC 8489 §14).
///
///      0                   1                   2                   3
///      0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
///     +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
///     |             Type              |            Length             |
///     +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
///     |            Value, then 0 to 3 bytes of padding ...            |
///     +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
public struct AttributeView: ~Escapable {
  /// The attribute's type.
  public let type: AttributeType
  /// The offset of the attribute's type, counted in bytes from the message's first.
  public let byteOffset: Int
  /// The value without its padding.
  public let value: RawSpan

  @inlinable
  @_lifetime(copy value)
  init(type: AttributeType, byteOffset: Int, value: RawSpan) {
    self.type = type
    self.byteOffset = byteOffset
    self.value = value
  }

  /// Where the value begins.
  @usableFromInline var valueOffset: Int { byteOffset + 4 }

  /// Checks the value's length.
  ///
  /// - Throws: `wrongValueLength` unless the value has exactly this many bytes.
  func requireLength(_ length: Int) throws(STUNDecodingError) {
    guard value.byteCount == length else { throw wrongLength(expected: length) }
  }

  @usableFromInline
  func wrongLength(expected: Int) -> STUNDecodingError {
    STUNDecodingError(
      .wrongValueLength, at: byteOffset + 2, in: type, expected: expected, found: value.byteCount)
  }
}
