package import STUNCodec
internal import SansIO
internal import TransportAddress

extension Authenticator {
  /// The user that the sender claims to be, proven or not; nil for an unknown USERHASH.
  package func claimedName(in message: STUNMessageView) -> String? {
    if let username = message.first(.username)?.value { return username.text }
    guard case .longTerm(let settings) = policy, let userhash = message.first(.userhash)?.value
    else { return nil }
    return settings.names[userhash.copied]
  }

  /// The checks of RFC 8489 §9.2.4, in its order.
  func authenticate(
    _ message: STUNMessageView, _ settings: LongTerm, from client: TransportAddress,
    at now: Instant
  ) -> Result {
    func reject(_ code: ErrorCode) -> Result {
      .rejected(Rejection(code: code, challenge: settings.challenge(for: client, at: now)))
    }
    let badRequest = Result.rejected(Rejection(code: .badRequest))

    guard message.hasMessageIntegrity else { return reject(.unauthenticated) }
    guard let fields = Fields(message) else { return badRequest }
    // Bid-down: what was offered must come back as it went out, and the choice be part of it.
    guard let choice = Choice(message, offered: settings.algorithms, nonce: fields.nonce) else {
      return badRequest
    }
    guard let user = fields.user(settings), fields.realm.isEqual(to: Array(settings.realm.utf8)),
      let key = settings.key(of: user, choice.algorithm, at: now)
    else { return reject(.unauthenticated) }
    guard let attribute = message.verifiedIntegrity(with: key) else {
      return reject(.unauthenticated)
    }
    // After the HMAC: a client with a wrong password learns that, and does not try again for ever
    // with fresh nonces.
    guard settings.nonces.isFresh(fields.nonce, for: client, at: now) else {
      return reject(.staleNonce)
    }
    // A client that chose in the old way may not understand MESSAGE-INTEGRITY-SHA256.
    return .user(
      User(
        name: user,
        protection: ResponseProtection(key: key, attribute: choice.isExplicit ? attribute : .sha1)))
  }

  /// What a protected request must have: a name in one of two forms, REALM and NONCE.
  private struct Fields: ~Escapable {
    let username: RawSpan?
    let userhash: RawSpan?
    let realm: RawSpan
    let nonce: RawSpan

    /// Nil where one is missing or cannot be read.
    @_lifetime(copy message)
    init?(_ message: STUNMessageView) {
      do throws(STUNDecodingError) {
        username = try message.username
        userhash = try message.userhash
        guard let realm = try message.realm, let nonce = try message.nonce,
          username != nil || userhash != nil
        else { return nil }
        self.realm = realm
        self.nonce = nonce
      } catch {
        return nil
      }
    }

    func user(_ settings: LongTerm) -> String? {
      if let username { return username.validText }
      guard let userhash else { return nil }
      return settings.names[userhash.copied]
    }
  }

  /// The algorithm of the key, and whether the client named it.
  private struct Choice {
    let algorithm: PasswordAlgorithm
    let isExplicit: Bool

    /// Nil where an attacker may have changed the list or the choice (RFC 8489 §9.2.4).
    init?(_ message: STUNMessageView, offered: [PasswordAlgorithm], nonce: RawSpan) {
      let features = nonce.withUnsafeBytes { NonceCookie.features(of: $0) } ?? []
      let isNamed =
        message.first(.passwordAlgorithms) != nil || message.first(.passwordAlgorithm) != nil
      guard features.contains(.passwordAlgorithms), isNamed else {
        algorithm = .md5
        isExplicit = false
        return
      }
      do throws(STUNDecodingError) {
        guard var list = try message.passwordAlgorithms, let choice = try message.passwordAlgorithm,
          offered.contains(choice)
        else { return nil }
        for algorithm in offered { guard list.next() == algorithm else { return nil } }
        guard list.next() == nil else { return nil }
        algorithm = choice
        isExplicit = true
      } catch {
        return nil
      }
    }
  }
}
