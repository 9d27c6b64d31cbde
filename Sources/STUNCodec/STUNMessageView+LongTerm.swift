/// The attributes of the long-term credential mechanism, and of RFC 7635's tokens.
extension STUNMessageView {
  /// USERHASH: SHA-256 of `username:realm`, which hides the name; nil if absent.
  ///
  /// - Throws: `wrongValueLength` unless it has 32 bytes. RFC 8489 §14.4.
  public var userhash: RawSpan? {
    @_lifetime(copy self)
    get throws(STUNDecodingError) {
      guard let attribute = first(.userhash) else { return nil }
      try attribute.requireLength(SHA256Hash.digestByteCount)
      return attribute.value
    }
  }

  /// PASSWORD-ALGORITHMS: what the server can derive a key with, best first; nil if absent.
  ///
  /// - Throws: `wrongValueLength` or `malformedValue`. RFC 8489 §14.11.
  public var passwordAlgorithms: PasswordAlgorithmList? {
    @_lifetime(copy self)
    get throws(STUNDecodingError) {
      guard let attribute = first(.passwordAlgorithms) else { return nil }
      return try PasswordAlgorithmList(attribute)
    }
  }

  /// PASSWORD-ALGORITHM: what the client has derived its key with; nil if absent.
  ///
  /// - Throws: `wrongValueLength` or `malformedValue`, also when there are several. RFC 8489 §14.12.
  public var passwordAlgorithm: PasswordAlgorithm? {
    get throws(STUNDecodingError) {
      guard let attribute = first(.passwordAlgorithm) else { return nil }
      var list = try PasswordAlgorithmList(attribute)
      guard let algorithm = list.next(), list.next() == nil else {
        throw attribute.wrongLength(expected: 4)
      }
      return algorithm
    }
  }

  /// ALTERNATE-DOMAIN: the name to expect in the other server's certificate; nil if absent.
  ///
  /// - Throws: `valueTooLong` above 255 bytes. RFC 8489 §14.16.
  public var alternateDomain: RawSpan? {
    @_lifetime(copy self)
    get throws(STUNDecodingError) {
      guard let attribute = first(.alternateDomain) else { return nil }
      guard attribute.value.byteCount <= TextLimit.domain else {
        throw STUNDecodingError(
          .valueTooLong, at: attribute.byteOffset + 2, in: .alternateDomain,
          expected: TextLimit.domain, found: attribute.value.byteCount)
      }
      return attribute.value
    }
  }

  /// THIRD-PARTY-AUTHORIZATION: the name by which an authorization server knows this one; nil if
  /// absent. RFC 7635 §6.1.
  public var thirdPartyAuthorization: RawSpan? {
    @_lifetime(copy self)
    get { first(.thirdPartyAuthorization)?.value }
  }

  /// ACCESS-TOKEN: proof from an authorization server, which only the STUN server can open; nil if
  /// absent.
  ///
  /// - Throws: `wrongValueLength` below 2 bytes, `malformedValue` where the nonce is cut. RFC 7635
  ///   §6.2.
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

/// The two parts of an ACCESS-TOKEN. RFC 7635 §6.2.
public struct AccessToken: ~Escapable {
  /// What the authorization server encrypted with.
  public let nonce: RawSpan
  /// Key, time and lifetime, encrypted for the STUN server.
  public let encryptedBlock: RawSpan

  @_lifetime(copy nonce, copy encryptedBlock)
  init(nonce: RawSpan, encryptedBlock: RawSpan) {
    self.nonce = nonce
    self.encryptedBlock = encryptedBlock
  }
}
