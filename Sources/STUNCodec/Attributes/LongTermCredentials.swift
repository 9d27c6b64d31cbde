import ByteOrder

/// The attributes of the long-term credential mechanism and of third-party authorization
/// (RFC 8489 §9.2, RFC 7635 §6).
extension STUNMessageReader where Self: ~Escapable {
  /// PASSWORD-ALGORITHM: the algorithm that the client derived its key with (RFC 8489 §14.12).
  ///
  /// - Throws: `wrongValueLength` or `malformedValue`, also when there are several.
  public var passwordAlgorithm: PasswordAlgorithm? {
    get throws(STUNDecodingError) {
      let view = view
      guard let attribute = view.first(.passwordAlgorithm) else { return nil }
      var list = try PasswordAlgorithmList(attribute)
      guard let algorithm = list.next(), list.next() == nil else {
        throw attribute.wrongLength(expected: 4)
      }
      return algorithm
    }
  }
}

extension STUNMessageView {
  /// USERHASH: the SHA-256 of `username:realm`, sent in place of USERNAME; nil if absent
  /// (RFC 8489 §14.4).
  ///
  /// - Throws: `wrongValueLength` unless it has 32 bytes.
  public var userhash: RawSpan? {
    @_lifetime(copy self)
    get throws(STUNDecodingError) {
      guard let attribute = first(.userhash) else { return nil }
      try attribute.requireLength(SHA256Hash.digestByteCount)
      return attribute.value
    }
  }

  /// PASSWORD-ALGORITHMS: what the server can derive a key with, most preferred first; nil if absent
  /// (RFC 8489 §14.11).
  ///
  /// - Throws: `wrongValueLength` or `malformedValue`.
  public var passwordAlgorithms: PasswordAlgorithmList? {
    @_lifetime(copy self)
    get throws(STUNDecodingError) {
      guard let attribute = first(.passwordAlgorithms) else { return nil }
      return try PasswordAlgorithmList(attribute)
    }
  }

  /// ALTERNATE-DOMAIN: the name to expect in the other server's certificate; nil if absent
  /// (RFC 8489 §14.16).
  ///
  /// - Throws: `valueTooLong` above 255 bytes.
  public var alternateDomain: RawSpan? {
    @_lifetime(copy self)
    get throws(STUNDecodingError) { try text(.alternateDomain, atMost: TextLimit.domain) }
  }

  /// THIRD-PARTY-AUTHORIZATION: the server's name at its authorization server; nil if absent
  /// (RFC 7635 §6.1).
  public var thirdPartyAuthorization: RawSpan? {
    @_lifetime(copy self)
    get { first(.thirdPartyAuthorization)?.value }
  }

  /// ACCESS-TOKEN: a token from an authorization server; nil if absent (RFC 7635 §6.2).
  ///
  /// - Throws: `wrongValueLength` below 2 bytes, `malformedValue` where the nonce is truncated.
  public var accessToken: AccessToken? {
    @_lifetime(copy self)
    get throws(STUNDecodingError) {
      guard let attribute = first(.accessToken) else { return nil }
      guard attribute.value.byteCount >= 2 else { throw attribute.wrongLength(expected: 2) }
      let count = Int(attribute.value.bigEndian16(at: 0))
      guard count <= attribute.value.byteCount - 2 else {
        throw STUNDecodingError(
          .malformedValue, at: attribute.valueOffset, in: .accessToken, expected: count,
          found: attribute.value.byteCount - 2)
      }
      return AccessToken(
        nonce: attribute.value.extracting(2..<2 + count),
        encryptedBlock: attribute.value.extracting(droppingFirst: 2 + count))
    }
  }
}

extension STUNMessage {
  /// USERHASH: a copy of the SHA-256 of `username:realm`; nil if absent (RFC 8489 §14.4).
  ///
  /// - Throws: `wrongValueLength` unless it has 32 bytes.
  public var userhash: [UInt8]? {
    get throws(STUNDecodingError) { try view.userhash?.copied() }
  }

  /// PASSWORD-ALGORITHMS: what the server can derive a key with, most preferred first; nil if absent
  /// (RFC 8489 §14.11).
  ///
  /// - Throws: `wrongValueLength` or `malformedValue`.
  public var passwordAlgorithms: [PasswordAlgorithm]? {
    get throws(STUNDecodingError) {
      guard var list = try view.passwordAlgorithms else { return nil }
      var algorithms: [PasswordAlgorithm] = []
      while let algorithm = list.next() { algorithms.append(algorithm) }
      return algorithms
    }
  }

  /// ALTERNATE-DOMAIN: the name to expect in the other server's certificate; nil if absent
  /// (RFC 8489 §14.16).
  ///
  /// - Throws: `valueTooLong` above 255 bytes, `notUTF8`.
  public var alternateDomain: String? {
    get throws(STUNDecodingError) { try text(view.alternateDomain, of: .alternateDomain) }
  }

  /// THIRD-PARTY-AUTHORIZATION: the server's name at its authorization server; nil if absent
  /// (RFC 7635 §6.1).
  ///
  /// - Throws: `notUTF8`.
  public var thirdPartyAuthorization: String? {
    get throws(STUNDecodingError) {
      try text(view.thirdPartyAuthorization, of: .thirdPartyAuthorization)
    }
  }

  /// ACCESS-TOKEN: copies of its nonce and its encrypted block; nil if absent (RFC 7635 §6.2).
  ///
  /// - Throws: `wrongValueLength` below 2 bytes, `malformedValue` where the nonce is truncated.
  public var accessToken: (nonce: [UInt8], encryptedBlock: [UInt8])? {
    get throws(STUNDecodingError) {
      guard let token = try view.accessToken else { return nil }
      return (token.nonce.copied(), token.encryptedBlock.copied())
    }
  }
}

extension STUNMessageBuilder {
  /// Appends USERHASH, in place of USERNAME (RFC 8489 §14.4).
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

  /// Appends PASSWORD-ALGORITHMS, most preferred first (RFC 8489 §14.11).
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

  /// Appends PASSWORD-ALGORITHM, the one that the key was derived with (RFC 8489 §14.12).
  @_lifetime(self: copy self)
  public mutating func append(passwordAlgorithm: PasswordAlgorithm) throws(STUNEncodingError) {
    try append(.passwordAlgorithm, UInt32(passwordAlgorithm.rawValue) << 16)
  }

  /// Appends ALTERNATE-DOMAIN (RFC 8489 §14.16).
  ///
  /// - Throws: also `valueTooLong` above 255 bytes.
  @_lifetime(self: copy self)
  public mutating func append(alternateDomain: String) throws(STUNEncodingError) {
    try append(
      .alternateDomain, text: alternateDomain, atMost: TextLimit.domain, characters: .max)
  }

  /// Appends THIRD-PARTY-AUTHORIZATION (RFC 7635 §6.1).
  ///
  /// - Throws: also `valueTooLong` above 509 bytes or 127 characters.
  @_lifetime(self: copy self)
  public mutating func append(
    thirdPartyAuthorization serverName: String
  ) throws(STUNEncodingError) {
    try append(.thirdPartyAuthorization, text: serverName)
  }

  /// Appends ACCESS-TOKEN: a nonce and the block that was encrypted with it (RFC 7635 §6.2).
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

/// The two parts of an ACCESS-TOKEN (RFC 7635 §6.2).
public struct AccessToken: ~Escapable {
  /// The nonce that the authorization server encrypted with.
  public let nonce: RawSpan
  /// Key, time and lifetime, encrypted for the STUN server.
  public let encryptedBlock: RawSpan

  @_lifetime(copy nonce, copy encryptedBlock)
  init(nonce: RawSpan, encryptedBlock: RawSpan) {
    self.nonce = nonce
    self.encryptedBlock = encryptedBlock
  }
}
