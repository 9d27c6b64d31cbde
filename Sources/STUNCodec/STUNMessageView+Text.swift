extension STUNMessageView {
  /// USERNAME's bytes, UTF-8 by agreement; nil if absent.
  ///
  /// - Throws: `valueTooLong` above 508 bytes. RFC 8489 §14.3.
  public var username: RawSpan? {
    @_lifetime(copy self)
    get throws(STUNDecodingError) { try text(.username, atMost: TextLimit.username) }
  }

  /// REALM's bytes, UTF-8 by agreement; nil if absent.
  ///
  /// - Throws: `valueTooLong` above 763 bytes. RFC 8489 §14.9.
  public var realm: RawSpan? {
    @_lifetime(copy self)
    get throws(STUNDecodingError) { try text(.realm, atMost: TextLimit.received) }
  }

  /// NONCE's bytes, to be sent back as they are; nil if absent.
  ///
  /// - Throws: `valueTooLong` above 763 bytes. RFC 8489 §14.10.
  public var nonce: RawSpan? {
    @_lifetime(copy self)
    get throws(STUNDecodingError) { try text(.nonce, atMost: TextLimit.received) }
  }

  /// SOFTWARE's bytes, UTF-8 by agreement, for people to read; nil if absent.
  ///
  /// - Throws: `valueTooLong` above 763 bytes. RFC 8489 §14.14.
  public var software: RawSpan? {
    @_lifetime(copy self)
    get throws(STUNDecodingError) { try text(.software, atMost: TextLimit.received) }
  }

  @_lifetime(copy self)
  private func text(_ type: AttributeType, atMost limit: Int) throws(STUNDecodingError) -> RawSpan?
  {
    guard let attribute = first(type) else { return nil }
    guard attribute.value.byteCount <= limit else {
      throw STUNDecodingError(
        .valueTooLong, at: attribute.byteOffset + 2, in: type, expected: limit,
        found: attribute.value.byteCount)
    }
    return attribute.value
  }
}

/// How many bytes the text attributes may have.
enum TextLimit {
  /// "Fewer than 509 bytes". RFC 8489 §14.3.
  static let username = 508
  /// A domain name. RFC 8489 §14.16.
  static let domain = 255
  /// What REALM, NONCE, SOFTWARE and a reason phrase may bring. RFC 8489 §14.9.
  static let received = 763
  /// What they may be when we send them.
  static let sent = 509
  /// And how many characters that may be: "fewer than 128".
  static let characters = 127
}
