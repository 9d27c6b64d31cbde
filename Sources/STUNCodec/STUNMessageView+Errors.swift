extension STUNMessageView {
  /// ERROR-CODE's number: why the request was refused; nil if absent.
  ///
  /// - Throws: `wrongValueLength`, or `errorCodeOutOfRange` unless the class is 3 to 6 and the number
  ///   0 to 99. Reserved bits that are set are no error.
  public var errorCode: ErrorCode? {
    get throws(STUNDecodingError) {
      guard let attribute = first(.errorCode) else { return nil }
      return try attribute.errorCode()
    }
  }

  /// ERROR-CODE's reason phrase, UTF-8 by agreement, without padding; nil if absent.
  ///
  /// - Throws: as `errorCode` does, and `valueTooLong` above 763 bytes.
  public var errorReason: RawSpan? {
    @_lifetime(copy self)
    get throws(STUNDecodingError) {
      guard let attribute = first(.errorCode) else { return nil }
      _ = try attribute.errorCode()
      guard attribute.value.byteCount - 4 <= TextLimit.received else {
        throw STUNDecodingError(
          .valueTooLong, at: attribute.byteOffset + 2, in: .errorCode,
          expected: 4 + TextLimit.received, found: attribute.value.byteCount)
      }
      return attribute.value.extracting(droppingFirst: 4)
    }
  }

  /// UNKNOWN-ATTRIBUTES: what the server did not understand, with error 420; nil if absent.
  ///
  /// - Throws: `wrongValueLength` when the value has an odd number of bytes.
  public var unknownAttributes: AttributeTypeList? {
    @_lifetime(copy self)
    get throws(STUNDecodingError) {
      guard let attribute = first(.unknownAttributes) else { return nil }
      guard attribute.value.byteCount % 2 == 0 else { throw attribute.wrongLength(expected: 2) }
      return AttributeTypeList(bytes: attribute.value)
    }
  }

  /// Calls `body` with each attribute type that forbids answering as if nothing were the matter:
  /// comprehension-required, heeded, and not understood; a type once for each time it stands there.
  ///
  /// - Complexity: O(*n*) in the number of attributes.
  public func forEachUnknownComprehensionRequired(
    understanding: (AttributeType) -> Bool = \.isRegistered, _ body: (AttributeType) -> Void
  ) {
    var cursor = attributes
    while let attribute = cursor.next() {
      if attribute.type.isComprehensionRequired, !understanding(attribute.type) {
        body(attribute.type)
      }
    }
  }
}

extension AttributeView {
  ///      0                   1                   2                   3
  ///      0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
  ///     +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
  ///     |           Reserved, should be 0         |Class|     Number    |
  ///     +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
  ///     |                    Reason Phrase ...                          |
  ///     +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
  func errorCode() throws(STUNDecodingError) -> ErrorCode {
    guard value.byteCount >= 4 else { throw wrongLength(expected: 4) }
    let hundreds = UInt16(value.byte(at: 2) & 0b111)
    let number = UInt16(value.byte(at: 3))
    guard (3...6).contains(hundreds), number < 100 else {
      throw STUNDecodingError(
        .errorCodeOutOfRange, at: valueOffset + 2, in: type, expected: 0,
        found: Int(hundreds * 256 + number))
    }
    return ErrorCode(rawValue: hundreds * 100 + number)
  }
}

/// The attribute types that an UNKNOWN-ATTRIBUTES lists, 16 bits each. RFC 8489 §14.13.
public struct AttributeTypeList: ~Escapable {
  private let bytes: RawSpan

  @_lifetime(copy bytes)
  init(bytes: RawSpan) {
    self.bytes = bytes
  }

  public var count: Int { bytes.byteCount / 2 }

  /// The type at this index, from 0 to below `count`; traps elsewhere.
  public subscript(index: Int) -> AttributeType {
    AttributeType(rawValue: bytes.bigEndian16(at: 2 * index))
  }
}
