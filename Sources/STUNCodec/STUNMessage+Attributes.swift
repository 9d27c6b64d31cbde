public import TransportAddress

/// The typed attributes: each is nil when the message does not have it, and throws when its value is
/// not what the RFC lays down.
extension STUNMessage {
  public var mappedAddress: TransportAddress? {
    get throws(STUNDecodingError) { try view.mappedAddress }
  }

  /// Where the server saw the request come from; also read from its draft number, 0x8020.
  public var xorMappedAddress: TransportAddress? {
    get throws(STUNDecodingError) { try view.xorMappedAddress }
  }

  public var alternateServer: TransportAddress? {
    get throws(STUNDecodingError) { try view.alternateServer }
  }

  public var username: String? {
    get throws(STUNDecodingError) { try text(view.username, of: .username) }
  }

  public var realm: String? {
    get throws(STUNDecodingError) { try text(view.realm, of: .realm) }
  }

  public var nonce: String? {
    get throws(STUNDecodingError) { try text(view.nonce, of: .nonce) }
  }

  public var software: String? {
    get throws(STUNDecodingError) { try text(view.software, of: .software) }
  }

  public var errorCode: ErrorCode? {
    get throws(STUNDecodingError) { try view.errorCode }
  }

  public var errorReason: String? {
    get throws(STUNDecodingError) { try text(view.errorReason, of: .errorCode) }
  }

  public var unknownAttributes: [AttributeType]? {
    get throws(STUNDecodingError) {
      guard let list = try view.unknownAttributes else { return nil }
      var types: [AttributeType] = []
      for index in 0..<list.count { types.append(list[index]) }
      return types
    }
  }

  public var priority: UInt32? {
    get throws(STUNDecodingError) { try view.priority }
  }

  public var useCandidate: Bool {
    get throws(STUNDecodingError) { try view.useCandidate }
  }

  public var iceControlled: UInt64? {
    get throws(STUNDecodingError) { try view.iceControlled }
  }

  public var iceControlling: UInt64? {
    get throws(STUNDecodingError) { try view.iceControlling }
  }

  /// Whether MESSAGE-INTEGRITY is there and right.
  public func verifyMessageIntegrity(with key: MessageIntegrityKey) -> Verification {
    view.verifyMessageIntegrity(with: key)
  }

  /// Whether MESSAGE-INTEGRITY-SHA256 is there, of this many bytes, and right.
  public func verifyMessageIntegritySHA256(
    with key: MessageIntegrityKey, byteCount: Int = 32
  ) -> Verification {
    view.verifyMessageIntegritySHA256(with: key, byteCount: byteCount)
  }

  /// Whether FINGERPRINT is there, last, and right.
  public func verifyFingerprint() -> Verification {
    view.verifyFingerprint()
  }

  private func text(
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
