public import STUNCodec

/// A client's side of the long-term credential mechanism with one server (RFC 8489 §9.2).
///
///                     challenged: retry             challenged (438, or another realm): retry
///     unchallenged ─────────────────────▶ keyed ◀──────────────────┐
///                                           └──────────────────────┘
///
/// All requests to the server share it: what one of them learns from a 401 or 438, the next ones
/// use. The key is derived when realm or algorithm change, not for each request.
public struct LongTermSession: Sendable {
  /// What one request has been through; each request of a session has its own.
  public struct Attempt: Sendable {
    /// How its latest form was protected, to check the response.
    public internal(set) var protection = RequestProtection.none
    fileprivate var wasUnauthenticated = false
    fileprivate var staleNonceCount = 0

    /// A request that has not been sent yet.
    public init() {}
  }

  /// What to do about a challenge.
  public enum Reaction: Hashable, Sendable {
    /// Send the request again, with a new transaction ID and `protect`ed anew.
    case retry
    /// Wait on: it cannot be believed, and the true response may still come.
    case drop(ResponseDropReason)
    /// The request has failed: these credentials are not taken, or nonces do not last.
    case fail
    /// The request has failed: no key can be derived with any algorithm of the server's.
    case noKnownAlgorithm
  }

  private enum State: Sendable {
    /// Realm and nonce are unknown, so requests go out bare. Can transition to `keyed`.
    case unchallenged
    /// Can transition to itself with another challenge.
    case keyed(Challenge, key: MessageIntegrityKey, userhash: [UInt8])
  }

  /// USERNAME, prepared.
  public let username: String
  /// Whether requests get FINGERPRINT.
  public let fingerprint: Bool
  private let password: String
  private var state = State.unchallenged

  /// A session with this name and password.
  ///
  /// - Throws: when OpaqueString takes one of them not (RFC 8489 §9.2.2).
  public init(
    username: String, password: String, fingerprint: Bool = false
  ) throws(OpaqueStringError) {
    self.username = try OpaqueString.prepare(username)
    self.password = try OpaqueString.prepare(password)
    self.fingerprint = fingerprint
  }

  /// The same credentials for another server, of which nothing is known yet (RFC 8489 §10).
  public var unchallenged: LongTermSession {
    var copy = self
    copy.state = .unchallenged
    return copy
  }

  /// The server's realm; nil before the first challenge.
  public var realm: String? {
    if case .keyed(let challenge, _, _) = state { challenge.realm } else { nil }
  }

  /// The server's latest nonce; nil before the first challenge.
  public var nonce: String? {
    if case .keyed(let challenge, _, _) = state { challenge.nonce } else { nil }
  }

  /// How requests are protected now, to check their responses.
  public var protection: RequestProtection {
    guard case .keyed(let challenge, let key, _) = state else { return .none }
    return .integrity(key, challenge.algorithm == .implicit ? .sha1 : .sha256)
  }

  /// Notes in the attempt how the request is protected that `protect` makes now.
  public func began(_ attempt: inout Attempt) {
    attempt.protection = protection
  }

  /// Appends what proves the sender, the integrity attribute, and FINGERPRINT where it is wanted.
  ///
  /// Whatever else the request has must stand before them. A first request gets none of them, as its
  /// sender knows neither realm nor nonce (RFC 8489 §9.2.3.1).
  ///
  /// - Throws: where they do not fit.
  @_lifetime(message: copy message)
  public func protect(_ message: inout STUNMessageBuilder) throws(STUNEncodingError) {
    if case .keyed(let challenge, let key, let userhash) = state {
      if challenge.hidesUsername {
        try message.append(userhash: userhash)
      } else {
        try message.append(username: username)
      }
      try message.append(realm: challenge.realm)
      try message.append(nonce: challenge.nonce)
      switch challenge.algorithm {
      case .implicit: try message.appendMessageIntegrity(key)
      case .chosen(let algorithm, let offered):
        try message.append(.passwordAlgorithms, bytes: offered)
        try message.append(passwordAlgorithm: algorithm)
        try message.appendMessageIntegritySHA256(key)
      }
    }
    if fingerprint { try message.appendFingerprint() }
  }

  /// Takes a 401 or 438 to a request.
  ///
  /// It may be unprotected, as there is no key yet that both sides agree on; so it is believed no
  /// further than to send the request once more (RFC 8489 §9.2.5).
  ///
  /// - Complexity: one key derivation where realm or algorithm are new.
  public mutating func challenged(
    by response: STUNMessageView, _ code: ErrorCode, _ attempt: inout Attempt
  ) -> Reaction {
    let next: Challenge
    do throws(Challenge.Rejection) {
      next = try Challenge(response)
    } catch {
      switch error {
      case .incomplete: return .drop(.incompleteChallenge)
      case .bidDown: return .drop(.bidDown)
      case .noKnownAlgorithm: return .noKnownAlgorithm
      }
    }
    // The second 401 says that these credentials are wrong; and nonces that are always stale would
    // keep both sides busy for ever.
    if code == .staleNonce {
      guard attempt.staleNonceCount < 2 else { return .fail }
      attempt.staleNonceCount += 1
    } else {
      guard !attempt.wasUnauthenticated else { return .fail }
    }
    attempt.wasUnauthenticated = true
    return take(next) ? .retry : .noKnownAlgorithm
  }

  /// - Returns: whether a key could be derived.
  private mutating func take(_ next: Challenge) -> Bool {
    if case .keyed(let last, let key, let userhash) = state, last.realm == next.realm,
      last.algorithm.passwordAlgorithm == next.algorithm.passwordAlgorithm
    {
      state = .keyed(next, key: key, userhash: userhash)
      return true
    }
    let key = MessageIntegrityKey(
      username: username, realm: next.realm, password: password,
      algorithm: next.algorithm.passwordAlgorithm)
    guard let key else { return false }
    state = .keyed(
      next, key: key, userhash: STUNDigest.userhash(username: username, realm: next.realm))
    return true
  }
}
