extension STUNMessageBuilder {
  /// MESSAGE-INTEGRITY over everything so far; only MESSAGE-INTEGRITY-SHA256 and FINGERPRINT may follow.
  ///
  /// The length is reckoned as if the message ended with this attribute, which at this moment it
  /// does. RFC 8489 §14.5.
  ///
  /// - Throws: `bufferTooSmall`, `messageTooLong`, or `attributeAfterMessageIntegrity`.
  @_lifetime(self: copy self)
  public mutating func appendMessageIntegrity(
    _ key: MessageIntegrityKey
  ) throws(STUNEncodingError) {
    let offset = try open(.messageIntegrity, valueByteCount: SHA1Hash.digestByteCount)
    let code = key.sha1.code(of: prefix(offset - 4), messageLength: messageLength)
    store(code, byteCount: SHA1Hash.digestByteCount, at: offset)
  }

  /// MESSAGE-INTEGRITY-SHA256 over everything so far; only FINGERPRINT may follow. RFC 8489 §14.6.
  ///
  /// - Throws: `bufferTooSmall`, `messageTooLong`, or `attributeAfterMessageIntegrity`.
  @_lifetime(self: copy self)
  public mutating func appendMessageIntegritySHA256(
    _ key: MessageIntegrityKey
  ) throws(STUNEncodingError) {
    let offset = try open(.messageIntegritySHA256, valueByteCount: SHA256Hash.digestByteCount)
    let code = key.sha256.code(of: prefix(offset - 4), messageLength: messageLength)
    store(code, byteCount: SHA256Hash.digestByteCount, at: offset)
  }

  /// FINGERPRINT over everything so far; nothing may follow. RFC 8489 §14.7.
  ///
  /// - Throws: `bufferTooSmall`, `messageTooLong`, or `attributeAfterMessageIntegrity`.
  @_lifetime(self: copy self)
  public mutating func appendFingerprint() throws(STUNEncodingError) {
    let offset = try open(.fingerprint, valueByteCount: 4)
    store(fingerprint(of: prefix(offset - 4)), at: offset)
  }

  private var messageLength: UInt16 { UInt16(byteCount - STUNHeader.byteCount) }

  @_lifetime(self: copy self)
  private mutating func store(_ code: SIMD32<UInt8>, byteCount: Int, at offset: Int) {
    withUnsafeBytes(of: code) { store($0.bytes.extracting(first: byteCount), at: offset) }
  }
}
