internal import STUNCodec

/// What a request gets besides its own attributes: who asks, and the seal.
enum Sealing: Sendable {
  case none
  case shortTerm(username: String, key: MessageIntegrityKey)
  case longTerm(username: String, challenge: Challenge, key: MessageIntegrityKey)

  /// The sealing for these credentials, or nil where they cannot be prepared.
  ///
  /// A first long-term request is sent bare: its sender knows neither realm nor nonce. RFC 8489
  /// §9.2.3.1.
  init?(_ credentials: Credentials, _ challenge: Challenge?) {
    switch (credentials, challenge) {
    case (.none, _), (.longTerm, nil):
      self = .none
    case (.shortTerm(let username, let password), _):
      guard let password = try? OpaqueString.prepare(password) else { return nil }
      self = .shortTerm(
        username: username, key: MessageIntegrityKey(shortTermPassword: password))
    case (.longTerm(let username, let password), .some(let challenge)):
      guard let key = challenge.key(username: username, password: password),
        let username = try? OpaqueString.prepare(username)
      else { return nil }
      self = .longTerm(username: username, challenge: challenge, key: key)
    }
  }

  @_lifetime(message: copy message)
  func append(to message: inout STUNMessageBuilder) throws(STUNEncodingError) {
    switch self {
    case .none: break
    case .shortTerm(let username, let key):
      try message.append(username: username)
      // RFC 8489 §9.1.2: both, as long as it is not known which one the other side understands.
      try message.appendMessageIntegrity(key)
      try message.appendMessageIntegritySHA256(key)
    case .longTerm(let username, let challenge, let key):
      if challenge.hidesUsername {
        try message.append(
          userhash: STUNDigest.userhash(username: username, realm: challenge.realm))
      } else {
        try message.append(username: username)
      }
      try message.append(realm: challenge.realm)
      try message.append(nonce: challenge.nonce)
      if let algorithms = challenge.passwordAlgorithms, let chosen = challenge.chosen {
        try message.append(.passwordAlgorithms, bytes: algorithms)
        try message.append(passwordAlgorithm: chosen)
        try message.appendMessageIntegritySHA256(key)
      } else {
        try message.appendMessageIntegrity(key)
      }
    }
  }
}

extension Sealing {
  /// How to check the answer: with the same key, and with a seal of a kind that was asked with.
  func seal<Generator>() -> STUNClient<Generator>.Seal? {
    switch self {
    case .none: nil
    case .shortTerm(_, let key):
      STUNClient<Generator>.Seal(
        key: key, accepts: [.messageIntegrity, .messageIntegritySHA256])
    case .longTerm(_, let challenge, let key):
      STUNClient<Generator>.Seal(
        key: key,
        accepts: challenge.chosen == nil ? [.messageIntegrity] : [.messageIntegritySHA256])
    }
  }
}
