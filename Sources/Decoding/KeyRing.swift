import STUNCodec

/// The keys that passwords may mean, tried on messages with an integrity attribute.
public struct KeyRing: Sendable {
  /// The user name to try; by default those in the messages.
  public let username: String?
  /// The realm to try; by default those in the messages.
  public let realm: String?
  /// The passwords to try; each side of ICE has its own.
  public let passwords: [String]

  private struct Account: Hashable {
    let username: String
    let realm: String
  }

  private struct Candidate {
    let name: String
    /// Which password it is, counted from 1.
    let password: Int
    let key: MessageIntegrityKey
  }

  /// The names and realms seen, the last one first: responses do not repeat them.
  private var accounts: [Account] = []
  private var lastUsername: String?
  private var lastRealm: String?
  private var shortTerm: [Candidate] = []
  private var longTerm: [Account: [Candidate]] = [:]
  private static let mostAccounts = 8

  /// A ring of the keys that these passwords give.
  public init(username: String? = nil, realm: String? = nil, passwords: [String] = []) {
    self.username = username
    self.realm = realm
    self.passwords = passwords.map { (try? OpaqueString.prepare($0)) ?? $0 }
    shortTerm = self.passwords.enumerated().map {
      Candidate(
        name: "short-term", password: $0 + 1, key: MessageIntegrityKey(shortTermPassword: $1))
    }
  }

  /// What a check of one integrity attribute has shown.
  public struct Check: Hashable, Sendable, Encodable {
    /// `MESSAGE-INTEGRITY` or `MESSAGE-INTEGRITY-SHA256`.
    public var attribute: String
    /// `verified`, `wrong`, or `unchecked` where no password is known.
    public var result: String
    /// Which key it was: `short-term`, `long-term (MD5)`, `long-term (SHA-256)`.
    public var key: String?
    /// Which of the passwords it was, counted from 1, where several were given.
    public var password: Int?
  }

  /// Checks the integrity attributes of a message, each with every key.
  mutating func checks(of message: STUNMessage) -> [Check] {
    if let name = try? message.username { lastUsername = name }
    if let name = try? message.realm { lastRealm = name }
    return [AttributeType.messageIntegrity, .messageIntegritySHA256].compactMap { type in
      guard message.value(of: type) != nil else { return nil }
      guard !passwords.isEmpty else {
        return Check(attribute: "\(type)", result: "unchecked", key: nil)
      }
      noteAccount()
      let fitting = fitting(message, type)
      return Check(
        attribute: "\(type)", result: fitting == nil ? "wrong" : "verified", key: fitting?.name,
        password: passwords.count > 1 ? fitting?.password : nil)
    }
  }

  private mutating func noteAccount() {
    guard let username = username ?? lastUsername, let realm = realm ?? lastRealm else { return }
    let account = Account(username: username, realm: realm)
    accounts.removeAll { $0 == account }
    accounts.insert(account, at: 0)
    if accounts.count > Self.mostAccounts { accounts.removeLast() }
    guard longTerm[account] == nil else { return }
    if longTerm.count > 64 { longTerm = [:] }
    let name = (try? OpaqueString.prepare(username)) ?? username
    longTerm[account] = passwords.enumerated().flatMap { index, password in
      [PasswordAlgorithm.md5, .sha256].compactMap { algorithm in
        MessageIntegrityKey(
          username: name, realm: realm, password: password, algorithm: algorithm
        ).map {
          Candidate(name: "long-term (\(algorithm))", password: index + 1, key: $0)
        }
      }
    }
  }

  private func fitting(_ message: STUNMessage, _ type: AttributeType) -> Candidate? {
    if let key = shortTerm.first(where: { isVerified(message, type, $0.key) }) { return key }
    for account in accounts {
      let keys = longTerm[account] ?? []
      if let key = keys.first(where: { isVerified(message, type, $0.key) }) { return key }
    }
    return nil
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
