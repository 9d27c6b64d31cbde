public import TransportAddress

/// The typed attributes: each is nil when the message does not have it, and throws when its value is
/// not what the RFC lays down.
extension STUNMessage {
  /// Where the server saw the request come from, in plain bytes. RFC 8489 §14.1.
  public var mappedAddress: TransportAddress? {
    get throws(STUNDecodingError) { try view.mappedAddress }
  }

  /// Where the server saw the request come from; also read from its draft number, 0x8020.
  public var xorMappedAddress: TransportAddress? {
    get throws(STUNDecodingError) { try view.xorMappedAddress }
  }

  /// Where to ask instead, with error 300. RFC 8489 §14.15.
  public var alternateServer: TransportAddress? {
    get throws(STUNDecodingError) { try view.alternateServer }
  }

  /// Who claims to send this. RFC 8489 §14.3.
  public var username: String? {
    get throws(STUNDecodingError) { try text(view.username, of: .username) }
  }

  /// Whose passwords count here. RFC 8489 §14.9.
  public var realm: String? {
    get throws(STUNDecodingError) { try text(view.realm, of: .realm) }
  }

  /// What the server wants to see again. RFC 8489 §14.10.
  public var nonce: String? {
    get throws(STUNDecodingError) { try text(view.nonce, of: .nonce) }
  }

  /// The name of the program that sent this, for people. RFC 8489 §14.14.
  public var software: String? {
    get throws(STUNDecodingError) { try text(view.software, of: .software) }
  }

  /// Why the request was refused. RFC 8489 §14.8.
  public var errorCode: ErrorCode? {
    get throws(STUNDecodingError) { try view.errorCode }
  }

  /// The same in words, for people. RFC 8489 §14.8.
  public var errorReason: String? {
    get throws(STUNDecodingError) { try text(view.errorReason, of: .errorCode) }
  }

  /// What the server did not understand, with error 420. RFC 8489 §14.13.
  public var unknownAttributes: [AttributeType]? {
    get throws(STUNDecodingError) {
      guard let list = try view.unknownAttributes else { return nil }
      var types: [AttributeType] = []
      for index in 0..<list.count { types.append(list[index]) }
      return types
    }
  }

  /// What a peer-reflexive candidate found by this check would have. RFC 8445 §7.1.1.
  public var priority: UInt32? {
    get throws(STUNDecodingError) { try view.priority }
  }

  /// Whether this check nominates its pair; false when the attribute is absent. RFC 8445 §7.1.2.
  public var useCandidate: Bool {
    get throws(STUNDecodingError) { try view.useCandidate }
  }

  /// The tiebreaker of a sender in the controlled role. RFC 8445 §7.1.3.
  public var iceControlled: UInt64? {
    get throws(STUNDecodingError) { try view.iceControlled }
  }

  /// The tiebreaker of a sender in the controlling role. RFC 8445 §7.1.3.
  public var iceControlling: UInt64? {
    get throws(STUNDecodingError) { try view.iceControlling }
  }

  /// Whether MESSAGE-INTEGRITY is there and right.
  public func verifyMessageIntegrity(with key: MessageIntegrityKey) -> IntegrityResult {
    view.verifyMessageIntegrity(with: key)
  }

  /// Whether MESSAGE-INTEGRITY-SHA256 is there, of this many bytes, and right.
  public func verifyMessageIntegritySHA256(
    with key: MessageIntegrityKey, byteCount: Int = 32
  ) -> IntegrityResult {
    view.verifyMessageIntegritySHA256(with: key, byteCount: byteCount)
  }

  /// Whether FINGERPRINT is there, last, and right.
  public func verifyFingerprint() -> IntegrityResult {
    view.verifyFingerprint()
  }

  func text(
    _ value: RawSpan?, of type: AttributeType
  ) throws(STUNDecodingError) -> String? {
    guard let value else { return nil }
    guard let text = String(validating: value.copied(), as: UTF8.self) else {
      throw STUNDecodingError(
        .notUTF8, at: (view.first(type)?.byteOffset ?? 0) + 4, in: type, expected: 0, found: 0)
    }
    return text
  }
}
