internal import STUNCodec
internal import SansIO
internal import TransportAddress

extension Authenticator {
  /// The checks of RFC 8489 §9.2.4, in its order.
  func judge(
    _ message: STUNMessage, _ settings: LongTerm, from client: TransportAddress, at now: Instant
  ) -> Verdict {
    let hasSHA1 = message.value(of: .messageIntegrity) != nil
    let hasSHA256 = message.value(of: .messageIntegritySHA256) != nil
    guard hasSHA1 || hasSHA256 else {
      return refuse(.unauthenticated, settings, client, now)
    }
    let username = try? message.username
    let userhash = try? message.userhash
    guard username != nil || userhash != nil, let realm = try? message.realm,
      let nonce = try? message.nonce
    else { return .refuse(Refusal(code: .badRequest, challenge: nil)) }

    // Bid-down: what we offered must come back as it went out, and the choice be among it.
    guard let algorithm = chosenAlgorithm(message, settings, nonce: nonce) else {
      return .refuse(Refusal(code: .badRequest, challenge: nil))
    }
    guard let user = username ?? userhash.flatMap({ settings.hashes[$0] }), realm == settings.realm,
      let password = settings.passwords[user]
    else { return refuse(.unauthenticated, settings, client, now) }
    guard settings.nonces.isFresh(nonce, for: client, at: now) else {
      return refuse(.staleNonce, settings, client, now)
    }
    let key = MessageIntegrityKey(
      username: user, realm: settings.realm, password: password, algorithm: algorithm.algorithm)
    guard let key, let seal = Self.verifiedSeal(of: message, key) else {
      return refuse(.unauthenticated, settings, client, now)
    }
    // Whoever chose in the old way may not understand the new seal.
    return .user(user, key: key, seal: algorithm.isExplicit ? seal : .messageIntegrity)
  }

  /// The algorithm of the key, and whether the client named it; nil where somebody has meddled.
  private func chosenAlgorithm(
    _ message: STUNMessage, _ settings: LongTerm, nonce: String
  ) -> (algorithm: PasswordAlgorithm, isExplicit: Bool)? {
    let features = NonceCookie.features(of: nonce.utf8) ?? []
    let hasList = message.value(of: .passwordAlgorithms) != nil
    let hasChoice = message.value(of: .passwordAlgorithm) != nil
    guard features.contains(.passwordAlgorithms), hasList || hasChoice else { return (.md5, false) }
    guard let list = try? message.passwordAlgorithms, list == settings.algorithms,
      let choice = try? message.passwordAlgorithm, list.contains(choice)
    else { return nil }
    return (choice, true)
  }

  private func refuse(
    _ code: ErrorCode, _ settings: LongTerm, _ client: TransportAddress, _ now: Instant
  ) -> Verdict {
    .refuse(
      Refusal(
        code: code,
        challenge: (
          settings.realm, settings.nonces.nonce(for: client, at: now), settings.algorithms
        )))
  }
}
