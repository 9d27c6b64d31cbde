/// The attributes of the long-term credential mechanism, and of RFC 7635's tokens.
extension STUNMessageBuilder {
  /// USERHASH, in place of USERNAME. RFC 8489 §14.4.
  ///
  /// - Throws: also `valueTooLong` unless it has 32 bytes.
  @_lifetime(self: copy self)
  public mutating func append(userhash: [UInt8]) throws(STUNEncodingError) {
    guard userhash.count == SHA256Hash.digestByteCount else {
      throw STUNEncodingError(
        code: .valueTooLong, attribute: .userhash, limit: SHA256Hash.digestByteCount,
        found: userhash.count)
    }
    try append(.userhash, bytes: userhash)
  }

  /// PASSWORD-ALGORITHMS, the one preferred most first. RFC 8489 §14.11.
  @_lifetime(self: copy self)
  public mutating func append(
    passwordAlgorithms: some Collection<PasswordAlgorithm>
  ) throws(STUNEncodingError) {
    var offset = try open(.passwordAlgorithms, valueByteCount: 4 * passwordAlgorithms.count)
    for algorithm in passwordAlgorithms {
      store(UInt32(algorithm.rawValue) << 16, at: offset)
      offset += 4
    }
  }

  /// PASSWORD-ALGORITHM, the one chosen. RFC 8489 §14.12.
  @_lifetime(self: copy self)
  public mutating func append(passwordAlgorithm: PasswordAlgorithm) throws(STUNEncodingError) {
    try append(.passwordAlgorithm, UInt32(passwordAlgorithm.rawValue) << 16)
  }

  /// ALTERNATE-DOMAIN. RFC 8489 §14.16.
  ///
  /// - Throws: also `valueTooLong` above 255 bytes.
  @_lifetime(self: copy self)
  public mutating func append(alternateDomain: String) throws(STUNEncodingError) {
    try append(
      .alternateDomain, text: alternateDomain, atMost: TextLimit.domain, characters: .max)
  }

  /// THIRD-PARTY-AUTHORIZATION. RFC 7635 §6.1.
  ///
  /// - Throws: also `valueTooLong` above 509 bytes or 127 characters.
  @_lifetime(self: copy self)
  public mutating func append(
    thirdPartyAuthorization serverName: String
  ) throws(STUNEncodingError) {
    try append(.thirdPartyAuthorization, text: serverName)
  }

  /// ACCESS-TOKEN of a nonce and the block that was encrypted with it. RFC 7635 §6.2.
  @_lifetime(self: copy self)
  public mutating func append(
    accessTokenNonce nonce: RawSpan, encryptedBlock: RawSpan
  ) throws(STUNEncodingError) {
    let count = nonce.byteCount
    let offset = try open(
      .accessToken, valueByteCount: 2 + count + encryptedBlock.byteCount)
    // `open` has found room for all of it in a message, so the count fits 16 bits.
    store(UInt16(count), at: offset)
    store(nonce, at: offset + 2)
    store(encryptedBlock, at: offset + 2 + count)
  }
}
