public import STUNCodec
public import SansIO
public import TransportAddress

/// Finds out who a request is from, and what to say when it does not prove it.
///
/// RFC 8489 §9.1.3 and §9.2.4. It stores nothing: what a client has to send back, the nonce says.
public struct Authenticator: Sendable {
  /// Who may come in.
  public enum Policy: Sendable {
    /// Anybody.
    case open
    /// One name and password, agreed on by another way. RFC 8489 §9.1.
    case shortTerm(username: String, password: String)
    /// The realm's users, by name with password. RFC 8489 §9.2.
    case longTerm(LongTerm)
  }

  /// What a server with long-term credentials needs.
  public struct LongTerm: Sendable {
    public let realm: String
    /// Passwords by user name, both as OpaqueString prepares them.
    public let passwords: [String: String]
    /// Best first; none for a server that speaks as before RFC 8489.
    public let algorithms: [PasswordAlgorithm]
    let nonces: NonceMaker
    /// Names by USERHASH.
    let hashes: [[UInt8]: String]

    /// - Parameter secret: random bytes that nobody else knows, 16 at least; they seal the nonces.
    public init(
      realm: String, passwords: [String: String], secret: [UInt8],
      algorithms: [PasswordAlgorithm] = [.sha256, .md5], nonceLifetime: Duration = .seconds(600)
    ) {
      self.realm = realm
      self.passwords = passwords
      self.algorithms = algorithms.filter(\.isSupported)
      nonces = NonceMaker(
        secret: secret,
        features: self.algorithms.isEmpty ? [] : [.passwordAlgorithms, .usernameAnonymity],
        lifetime: nonceLifetime)
      hashes = Dictionary(
        passwords.keys.map { (STUNDigest.userhash(username: $0, realm: realm), $0) },
        uniquingKeysWith: { first, _ in first })
    }
  }

  /// What has been found out.
  public enum Verdict: Sendable {
    /// Nobody has to prove anything.
    case anonymous
    /// It is this user; answers are sealed with the key, by this attribute.
    case user(String, key: MessageIntegrityKey, seal: AttributeType)
    /// It proves nothing: answer so.
    case refuse(Refusal)
    /// Say nothing at all.
    case drop
  }

  /// How to refuse. RFC 8489 §9.1.3 and §9.2.4.
  public struct Refusal: Sendable {
    public let code: ErrorCode
    /// REALM, NONCE and PASSWORD-ALGORITHMS, where a new try can help.
    public let challenge: (realm: String, nonce: String, algorithms: [PasswordAlgorithm])?
  }

  public let policy: Policy

  public init(_ policy: Policy = .open) {
    self.policy = policy
  }

  /// Judges a request, or an indication, which is dropped where a request would be refused.
  ///
  /// - Complexity: O(*n*) in the message's bytes, and one key derivation.
  public func judge(
    _ message: STUNMessage, from client: TransportAddress, at now: Instant
  ) -> Verdict {
    let verdict: Verdict =
      switch policy {
      case .open: .anonymous
      case .shortTerm(let username, let password):
        judge(message, username: username, password: password)
      case .longTerm(let settings): judge(message, settings, from: client, at: now)
      }
    if case .refuse = verdict, message.type.class != .request { return .drop }
    return verdict
  }

  private func judge(_ message: STUNMessage, username: String, password: String) -> Verdict {
    let hasSeal =
      message.value(of: .messageIntegrity) != nil
      || message.value(of: .messageIntegritySHA256) != nil
    guard hasSeal, let claimed = try? message.username else {
      return .refuse(Refusal(code: .badRequest, challenge: nil))
    }
    let key = MessageIntegrityKey(shortTermPassword: password)
    guard claimed == username, let seal = Self.verifiedSeal(of: message, key) else {
      return .refuse(Refusal(code: .unauthenticated, challenge: nil))
    }
    return .user(username, key: key, seal: seal)
  }

  /// The better of the seals that are there; nil if one is wrong, or none is there.
  static func verifiedSeal(of message: STUNMessage, _ key: MessageIntegrityKey) -> AttributeType? {
    let sha1 = message.verifyMessageIntegrity(with: key)
    let sha256 = message.verifyMessageIntegritySHA256(with: key)
    // A missing seal is no valid one (pitfall 3), and a wrong one is not made good by the other.
    if sha1 == .wrong || sha256 == .wrong { return nil }
    if sha256 == .verified { return .messageIntegritySHA256 }
    return sha1 == .verified ? .messageIntegrity : nil
  }
}
