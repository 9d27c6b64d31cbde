extension STUNMessageView {
  /// USERNAME's bytes, which should be UTF-8; nil if absent (RFC 8489 §14.3).
  ///
  /// - Throws: `valueTooLong` above 508 bytes.
  public var username: RawSpan? {
    @_lifetime(copy self)
    get throws(STUNDecodingError) { try text(.username, atMost: TextLimit.username) }
  }

  /// REALM's bytes, which should be UTF-8; nil if absent (RFC 8489 §14.9).
  ///
  /// - Throws: `valueTooLong` above 763 bytes.
  public var realm: RawSpan? {
    @_lifetime(copy self)
    get throws(STUNDecodingError) { try text(.realm, atMost: TextLimit.received) }
  }

  /// NONCE's bytes, to be sent back as they are; nil if absent (RFC 8489 §14.10).
  ///
  /// - Throws: `valueTooLong` above 763 bytes.
  public var nonce: RawSpan? {
    @_lifetime(copy self)
    get throws(STUNDecodingError) { try text(.nonce, atMost: TextLimit.received) }
  }

  /// SOFTWARE's bytes, which should be UTF-8; nil if absent (RFC 8489 §14.14).
  ///
  /// - Throws: `valueTooLong` above 763 bytes.
  public var software: RawSpan? {
    @_lifetime(copy self)
    get throws(STUNDecodingError) { try text(.software, atMost: TextLimit.received) }
  }

  /// The value of a text attribute; nil if absent.
  ///
  /// - Throws: `valueTooLong` above the limit.
  @_lifetime(copy self)
  func text(_ type: AttributeType, atMost limit: Int) throws(STUNDecodingError) -> RawSpan? {
    guard let attribute = first(type) else { return nil }
    guard attribute.value.byteCount <= limit else {
      throw STUNDecodingError(
        .valueTooLong, at: attribute.byteOffset + 2, in: type, expected: limit,
        found: attribute.value.byteCount)
    }
    return attribute.value
  }
}

extension STUNMessage {
  /// USERNAME: the user who claims to send this; nil if absent (RFC 8489 §14.3).
  ///
  /// - Throws: `valueTooLong` above 508 bytes, `notUTF8`.
  public var username: String? {
    get throws(STUNDecodingError) { try text(view.username, of: .username) }
  }

  /// REALM: the domain in which user name and password are valid; nil if absent (RFC 8489 §14.9).
  ///
  /// - Throws: `valueTooLong` above 763 bytes, `notUTF8`.
  public var realm: String? {
    get throws(STUNDecodingError) { try text(view.realm, of: .realm) }
  }

  /// NONCE: the text that the server wants back in the next request; nil if absent (RFC 8489 §14.10).
  ///
  /// - Throws: `valueTooLong` above 763 bytes, `notUTF8`.
  public var nonce: String? {
    get throws(STUNDecodingError) { try text(view.nonce, of: .nonce) }
  }

  /// SOFTWARE: the name of the program that sent this, for people; nil if absent (RFC 8489 §14.14).
  ///
  /// - Throws: `valueTooLong` above 763 bytes, `notUTF8`.
  public var software: String? {
    get throws(STUNDecodingError) { try text(view.software, of: .software) }
  }

  /// A copy of the bytes as text.
  ///
  /// - Throws: `notUTF8`.
  func text(_ value: RawSpan?, of type: AttributeType) throws(STUNDecodingError) -> String? {
    guard let value else { return nil }
    guard let text = String(validating: value.copied(), as: UTF8.self) else {
      throw STUNDecodingError(
        .notUTF8, at: (view.first(type)?.byteOffset ?? 0) + 4, in: type, expected: 0, found: 0)
    }
    return text
  }
}

extension STUNMessageBuilder {
  /// Appends USERNAME (RFC 8489 §14.3).
  ///
  /// - Throws: also `valueTooLong` above 508 bytes.
  @_lifetime(self: copy self)
  public mutating func append(username: String) throws(STUNEncodingError) {
    try append(.username, text: username, atMost: TextLimit.username, characters: .max)
  }

  /// Appends REALM (RFC 8489 §14.9).
  ///
  /// - Throws: also `valueTooLong` above 509 bytes or 127 characters.
  @_lifetime(self: copy self)
  public mutating func append(realm: String) throws(STUNEncodingError) {
    try append(.realm, text: realm)
  }

  /// Appends NONCE (RFC 8489 §14.10).
  ///
  /// - Throws: also `valueTooLong` above 509 bytes or 127 characters.
  @_lifetime(self: copy self)
  public mutating func append(nonce: String) throws(STUNEncodingError) {
    try append(.nonce, text: nonce)
  }

  /// Appends SOFTWARE (RFC 8489 §14.14).
  ///
  /// - Throws: also `valueTooLong` above 509 bytes or 127 characters.
  @_lifetime(self: copy self)
  public mutating func append(software: String) throws(STUNEncodingError) {
    try append(.software, text: software)
  }

  @_lifetime(self: copy self)
  mutating func append(
    _ type: AttributeType, text: String, atMost limit: Int = TextLimit.sent,
    characters: Int = TextLimit.characters
  ) throws(STUNEncodingError) {
    let count = try textByteCount(text, for: type, atMost: limit, characters: characters)
    store(text, at: try open(type, valueByteCount: count))
  }

  /// How many bytes the text takes.
  ///
  /// - Throws: `valueTooLong` above either limit.
  func textByteCount(
    _ text: String, for type: AttributeType, atMost limit: Int = TextLimit.sent,
    characters: Int = TextLimit.characters
  ) throws(STUNEncodingError) -> Int {
    let count = text.utf8.count
    guard count <= limit, text.unicodeScalars.count <= characters else {
      throw STUNEncodingError(code: .valueTooLong, attribute: type, limit: limit, found: count)
    }
    return count
  }

  /// Copies a text to where `open` has made room.
  @_lifetime(self: copy self)
  mutating func store(_ text: String, at offset: Int) {
    store(text.utf8Span.span.bytes, at: offset)
  }
}

/// How many bytes the text attributes may have.
enum TextLimit {
  /// USERNAME has "fewer than 509 bytes" (RFC 8489 §14.3).
  static let username = 508
  /// ALTERNATE-DOMAIN has at most 255 bytes (RFC 8489 §14.16).
  static let domain = 255
  /// REALM, NONCE, SOFTWARE and a reason phrase may arrive with 763 bytes (RFC 8489 §14.9).
  static let received = 763
  /// REALM, NONCE, SOFTWARE and a reason phrase are sent with 509 bytes at most (RFC 8489 §14.9).
  static let sent = 509
  /// A text that is sent has "fewer than 128" characters (RFC 8489 §14.9).
  static let characters = 127
}
