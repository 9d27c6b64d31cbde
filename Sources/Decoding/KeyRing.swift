import STUNCodec

/// The keys that a password may mean, tried on what is sealed.
public struct KeyRing: Sendable {
  public let username: String?
  public let realm: String?
  public let password: String?
  /// The name and realm seen last: answers are sealed with them and do not repeat them.
  private var lastUsername: String?
  private var lastRealm: String?

  public init(username: String? = nil, realm: String? = nil, password: String? = nil) {
    self.username = username
    self.realm = realm
    self.password = password
  }

  /// What a check of one seal has shown.
  public struct Check: Hashable, Sendable, Encodable {
    public var attribute: String
    /// `verified`, `wrong`, or `unchecked` where no password is known.
    public var result: String
    /// Which key it was: `short-term`, `long-term (MD5)`, `long-term (SHA-256)`.
    public var key: String?
  }

  /// Checks the seals of a message, each with every key.
  mutating func checks(of message: STUNMessage) -> [Check] {
    if let name = try? message.username { lastUsername = name }
    if let name = try? message.realm { lastRealm = name }
    return [AttributeType.messageIntegrity, .messageIntegritySHA256].compactMap { type in
      guard message.value(of: type) != nil else { return nil }
      guard password != nil else {
        return Check(attribute: "\(type)", result: "unchecked", key: nil)
      }
      let fitting = keys.first { isVerified(message, type, $0.key) }
      return Check(
        attribute: "\(type)", result: fitting == nil ? "wrong" : "verified", key: fitting?.name)
    }
  }

  private var keys: [(name: String, key: MessageIntegrityKey)] {
    guard let password else { return [] }
    let prepared = (try? OpaqueString.prepare(password)) ?? password
    var keys = [(name: "short-term", key: MessageIntegrityKey(shortTermPassword: prepared))]
    guard let username = username ?? lastUsername, let realm = realm ?? lastRealm else {
      return keys
    }
    let name = (try? OpaqueString.prepare(username)) ?? username
    for algorithm in [PasswordAlgorithm.md5, .sha256] {
      if let key = MessageIntegrityKey(
        username: name, realm: realm, password: prepared, algorithm: algorithm)
      {
        keys.append(("long-term (\(algorithm))", key))
      }
    }
    return keys
  }

  private func isVerified(
    _ message: STUNMessage, _ type: AttributeType, _ key: MessageIntegrityKey
  ) -> Bool {
    guard type == .messageIntegritySHA256 else {
      return message.verifyMessageIntegrity(with: key) == .verified
    }
    // Here nobody is let in, so a code that was cut is looked at in the length that it has.
    let count = message.value(of: type)?.count ?? 0
    return message.verifyMessageIntegritySHA256(with: key, byteCount: count) == .verified
  }
}
