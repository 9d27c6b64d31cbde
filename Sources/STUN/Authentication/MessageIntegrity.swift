public import STUNCodec

/// Which integrity attributes a sender puts into its messages.
public enum IntegrityAttributes: Hashable, Sendable {
  /// MESSAGE-INTEGRITY alone, as ICE agents expect it (RFC 8445 §7.3 names no other).
  case sha1
  /// MESSAGE-INTEGRITY-SHA256 alone.
  case sha256
  /// Both, as long as it is not known which one the other side understands (RFC 8489 §9.1.2).
  case both

  /// Whether a message that has only this attribute is protected enough.
  func accepts(_ attribute: IntegrityAttribute) -> Bool {
    switch (self, attribute) {
    case (.sha1, .sha256), (.sha256, .sha1): false
    default: true
    }
  }
}

/// One of the two integrity attributes.
public enum IntegrityAttribute: Hashable, Sendable {
  /// MESSAGE-INTEGRITY (RFC 8489 §14.5).
  case sha1
  /// MESSAGE-INTEGRITY-SHA256 (RFC 8489 §14.6).
  case sha256
}

/// How a request was protected, and so how its response must be (RFC 8489 §9.1.4 and §9.2.5).
public enum RequestProtection: Hashable, Sendable {
  /// Not at all; any response is taken.
  case none
  /// With this key; a response must have one of these attributes, and none that is wrong.
  case integrity(MessageIntegrityKey, IntegrityAttributes)

  /// Whether a response is protected as the request was.
  ///
  /// - Complexity: O(*n*) in the message's bytes.
  public func isSatisfied(by response: STUNMessageView) -> Bool {
    switch self {
    case .none: true
    case .integrity(let key, let attributes):
      response.verifiedIntegrity(with: key, accepting: attributes) != nil
    }
  }
}

/// How a response is to be protected: the request's key, and one attribute (RFC 8489 §9.1.3, §9.2.4).
public struct ResponseProtection: Hashable, Sendable {
  /// The key that the request was protected with.
  public let key: MessageIntegrityKey
  /// The attribute to append.
  public let attribute: IntegrityAttribute

  /// A protection with this key and attribute.
  public init(key: MessageIntegrityKey, attribute: IntegrityAttribute) {
    self.key = key
    self.attribute = attribute
  }

  @_lifetime(message: copy message)
  func append(to message: inout STUNMessageBuilder) throws(STUNEncodingError) {
    switch attribute {
    case .sha1: try message.appendMessageIntegrity(key)
    case .sha256: try message.appendMessageIntegritySHA256(key)
    }
  }
}

extension STUNMessageView {
  /// Whether the message has an integrity attribute that a receiver heeds, right or wrong.
  var hasMessageIntegrity: Bool {
    first(.messageIntegrity) != nil || first(.messageIntegritySHA256) != nil
  }

  /// The stronger of the integrity attributes that are there and count; nil if one is wrong, or none
  /// counts.
  func verifiedIntegrity(
    with key: MessageIntegrityKey, accepting attributes: IntegrityAttributes = .both
  ) -> IntegrityAttribute? {
    let sha1 = verifyMessageIntegrity(with: key)
    let sha256 = verifyMessageIntegritySHA256(with: key)
    // A missing attribute is no valid one, and a wrong one is not made good by the other.
    if sha1 == .wrong || sha256 == .wrong { return nil }
    if sha256 == .verified, attributes.accepts(.sha256) { return .sha256 }
    return sha1 == .verified && attributes.accepts(.sha1) ? .sha1 : nil
  }
}

extension STUNMessageBuilder {
  @_lifetime(self: copy self)
  mutating func append(
    _ attributes: IntegrityAttributes, _ key: MessageIntegrityKey
  ) throws(STUNEncodingError) {
    if attributes != .sha256 { try appendMessageIntegrity(key) }
    if attributes != .sha1 { try appendMessageIntegritySHA256(key) }
  }
}
