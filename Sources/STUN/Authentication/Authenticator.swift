public import STUNCodec
public import SansIO
public import TransportAddress

/// Finds out who has sent a request, and how to reject one that does not prove it.
///
/// RFC 8489 §9.1.3 and §9.2.4. Keys are prepared once for each user. Nothing is stored about clients:
/// what they have to send back is in the nonce.
public struct Authenticator: Sendable {
  /// Whose requests are taken.
  public enum Policy: Sendable {
    /// Everybody's, without proof.
    case open
    /// Those protected with a password that was agreed on by another way (RFC 8489 §9.1).
    case shortTerm(ShortTerm)
    /// Those of a realm's users (RFC 8489 §9.2).
    case longTerm(LongTerm)
  }

  /// Which USERNAMEs belong to a short-term password.
  public enum UsernameRule: Hashable, Sendable {
    /// This one.
    case equal(to: String)
    /// Those that begin so: `ownUfrag:` takes an ICE check before the other side's user fragment is
    /// known (RFC 8445 §7.3).
    case beginning(with: String)
  }

  /// A short-term password, prepared, and the names that belong to it.
  public struct ShortTerm: Sendable {
    /// Which USERNAMEs belong to the password.
    public let username: UsernameRule
    /// The integrity attributes of which a request must have one.
    public let integrity: IntegrityAttributes
    let key: MessageIntegrityKey
    fileprivate let usernameBytes: [UInt8]

    /// - Throws: when OpaqueString takes the password not.
    public init(
      username: UsernameRule, password: String, integrity: IntegrityAttributes = .both
    ) throws(STUNConfigurationError) {
      self.username = username
      self.integrity = integrity
      key = MessageIntegrityKey(shortTermPassword: try prepared(password))
      switch username {
      case .equal(let text), .beginning(let text): usernameBytes = Array(text.utf8)
      }
    }

    fileprivate func takes(_ name: RawSpan) -> Bool {
      switch username {
      case .equal: name.isEqual(to: usernameBytes)
      case .beginning: name.starts(with: usernameBytes)
      }
    }
  }

  /// A realm: its users with a key for each algorithm, and its nonces.
  public struct LongTerm: Sendable {
    /// REALM.
    public let realm: String
    /// PASSWORD-ALGORITHMS, best first; none for a server that speaks as before RFC 8489.
    public let algorithms: [PasswordAlgorithm]
    let nonces: NonceGenerator
    private let users: Users
    /// User names by USERHASH.
    let names: [[UInt8]: String]

    private enum Users: Sendable {
      case listed([String: [PasswordAlgorithm: MessageIntegrityKey]])
      case timed(TimedCredentials)
    }

    /// - Parameters:
    ///   - passwords: by user name.
    ///   - secret: random bytes that no other party knows, 16 or more; they authenticate nonces.
    ///   - nonceLifetime: the time after which a nonce is stale.
    /// - Throws: for a text that OpaqueString does not take, an algorithm that is not supported, and a
    ///   secret that is too short.
    /// - Complexity: O(*n*) key derivations for *n* users.
    public init(
      realm: String, passwords: [String: String], secret: [UInt8],
      algorithms: [PasswordAlgorithm] = [.sha256, .md5], nonceLifetime: Duration = .seconds(600)
    ) throws(STUNConfigurationError) {
      let realm = try prepared(realm)
      var keys: [String: [PasswordAlgorithm: MessageIntegrityKey]] = [:]
      var names: [[UInt8]: String] = [:]
      for (name, password) in passwords {
        let (name, password) = (try prepared(name), try prepared(password))
        // MD5 is for clients that know only the old way.
        for algorithm in Set(algorithms + [.md5]) {
          keys[name, default: [:]][algorithm] = MessageIntegrityKey(
            username: name, realm: realm, password: password, algorithm: algorithm)
        }
        names[STUNDigest.userhash(username: name, realm: realm)] = name
      }
      try self.init(
        realm: realm, .listed(keys), names, secret, algorithms, nonceLifetime,
        features: [.passwordAlgorithms, .usernameAnonymity])
    }

    /// A realm whose user names carry their own time (`1700003600:alice`).
    ///
    /// USERHASH is not offered, as no name is known before it comes.
    ///
    /// - Parameters:
    ///   - secret: random bytes that no other party knows, 16 or more; they authenticate nonces.
    ///   - nonceLifetime: the time after which a nonce is stale.
    /// - Throws: for a realm that OpaqueString does not take, an algorithm that is not supported, and a
    ///   secret that is too short.
    public init(
      realm: String, timed: TimedCredentials, secret: [UInt8],
      algorithms: [PasswordAlgorithm] = [.sha256, .md5], nonceLifetime: Duration = .seconds(600)
    ) throws(STUNConfigurationError) {
      try self.init(
        realm: try prepared(realm), .timed(timed), [:], secret, algorithms, nonceLifetime,
        features: .passwordAlgorithms)
    }

    private init(
      realm: String, _ users: Users, _ names: [[UInt8]: String], _ secret: [UInt8],
      _ algorithms: [PasswordAlgorithm], _ nonceLifetime: Duration, features: SecurityFeatures
    ) throws(STUNConfigurationError) {
      guard secret.count >= 16 else { throw .secretTooShort(byteCount: secret.count) }
      if let unsupported = algorithms.first(where: { !$0.isSupported }) {
        throw .unsupportedAlgorithm(unsupported)
      }
      self.realm = realm
      self.algorithms = algorithms
      self.users = users
      self.names = names
      nonces = NonceGenerator(
        secret: secret, features: algorithms.isEmpty ? [] : features, lifetime: nonceLifetime)
    }

    /// The key of a user; nil for one that is not known, or not any more.
    ///
    /// - Complexity: O(1) for listed users, one key derivation for timed ones.
    func key(
      of user: String, _ algorithm: PasswordAlgorithm, at now: Instant
    ) -> MessageIntegrityKey? {
      switch users {
      case .listed(let keys): return keys[user]?[algorithm]
      case .timed(let credentials):
        guard credentials.isValid(user, at: now) else { return nil }
        return MessageIntegrityKey(
          username: user, realm: realm, password: credentials.password(of: user),
          algorithm: algorithm)
      }
    }

    /// What a rejected client needs for another try.
    func challenge(for client: TransportAddress, at now: Instant) -> Challenge {
      Challenge(
        realm: realm, nonce: nonces.nonce(for: client, at: now), algorithms: algorithms)
    }
  }

  /// What has been found out about a message's sender.
  public enum Result: Hashable, Sendable {
    /// Nothing, and nothing is asked.
    case anonymous
    /// It is this user.
    case user(User)
    /// It has not proven who it is: answer with this.
    case rejected(Rejection)
    /// It has not proven who it is, and is no request: do not answer.
    case drop
  }

  /// A user whose message has been found authentic.
  public struct User: Hashable, Sendable {
    /// USERNAME, also where USERHASH was sent.
    public let name: String
    /// How responses to the user are to be protected.
    public let protection: ResponseProtection
  }

  /// The error response to a request that is not authentic (RFC 8489 §9.1.3 and §9.2.4).
  public struct Rejection: Hashable, Sendable {
    /// 400, 401 or 438.
    public let code: ErrorCode
    /// What the client needs for another try; nil where another try cannot help.
    public let challenge: Challenge?

    /// A rejection with this code, and with what a client needs for another try.
    public init(code: ErrorCode, challenge: Challenge? = nil) {
      self.code = code
      self.challenge = challenge
    }
  }

  /// REALM, NONCE and PASSWORD-ALGORITHMS of an error response.
  public struct Challenge: Hashable, Sendable {
    /// REALM.
    public let realm: String
    /// NONCE, made for the client's address.
    public let nonce: String
    /// PASSWORD-ALGORITHMS, best first; none for a server that speaks as before RFC 8489.
    public let algorithms: [PasswordAlgorithm]
  }

  /// Whose requests are taken.
  public let policy: Policy

  /// An authenticator of this policy; everybody's requests are taken unless it is given.
  public init(_ policy: Policy = .open) {
    self.policy = policy
  }

  /// Finds out who has sent a request or an indication.
  ///
  /// - Complexity: O(*n*) in the message's bytes.
  public func authenticate(
    _ message: STUNMessageView, from client: TransportAddress, at now: Instant
  ) -> Result {
    let result: Result =
      switch policy {
      case .open: .anonymous
      case .shortTerm(let settings): authenticate(message, settings)
      case .longTerm(let settings): authenticate(message, settings, from: client, at: now)
      }
    if case .rejected = result, message.type.class != .request { return .drop }
    return result
  }

  /// The checks of RFC 8489 §9.1.3, in its order.
  private func authenticate(_ message: STUNMessageView, _ settings: ShortTerm) -> Result {
    let badRequest = Result.rejected(Rejection(code: .badRequest))
    guard message.hasMessageIntegrity else { return badRequest }
    let name: RawSpan
    do throws(STUNDecodingError) {
      guard let username = try message.username else { return badRequest }
      name = username
    } catch {
      return badRequest
    }
    guard settings.takes(name),
      let attribute = message.verifiedIntegrity(with: settings.key, accepting: settings.integrity)
    else { return .rejected(Rejection(code: .unauthenticated)) }
    return .user(
      User(
        name: name.text,
        protection: ResponseProtection(key: settings.key, attribute: attribute)))
  }
}

private func prepared(_ text: String) throws(STUNConfigurationError) -> String {
  do throws(OpaqueStringError) {
    return try OpaqueString.prepare(text)
  } catch {
    throw .cannotPrepare(error)
  }
}
