internal import STUNCodec

/// What a client can prove itself with.
public enum Credentials: Hashable, Sendable {
  /// Nothing: a public STUN server asks for none.
  case none
  /// A name and password that both sides got by another way, as ICE does. RFC 8489 §9.1.
  case shortTerm(username: String, password: String)
  /// A name and password that a server asks for with 401, as TURN does. RFC 8489 §9.2.
  case longTerm(username: String, password: String)
}

/// What a server's challenge has told: everything that goes into the next request's seal.
///
/// RFC 8489 §9.2.3.2.
struct Challenge: Hashable, Sendable {
  let realm: String
  let nonce: String
  /// PASSWORD-ALGORITHMS exactly as it came: it must go back so, or the server sees a forgery.
  let passwordAlgorithms: [UInt8]?
  /// What to derive the key with; nil where the server knows only the old way.
  let chosen: PasswordAlgorithm?
  let hidesUsername: Bool

  /// Why a challenge is not taken up.
  enum Refusal: Error, Hashable, Sendable {
    /// It lacks REALM or NONCE, or one of them cannot be read.
    case incomplete
    /// The nonce promises PASSWORD-ALGORITHMS, which is not there: somebody has struck it out.
    case bidDown
    /// None of the algorithms is known here.
    case noKnownAlgorithm
  }

  /// Reads the challenge in a 401 or 438. RFC 8489 §9.2.5.
  init(_ message: STUNMessage) throws(Refusal) {
    // `try?` flattens: both an absent and an unreadable attribute are nil.
    guard let realm = try? message.realm, let nonce = try? message.nonce else {
      throw .incomplete
    }
    self.realm = realm
    self.nonce = nonce
    let features = NonceCookie.features(of: nonce.utf8) ?? []
    hidesUsername = features.contains(.usernameAnonymity)
    let value = message.value(of: .passwordAlgorithms)
    guard features.contains(.passwordAlgorithms) else {
      // Without the promise the attribute may be anybody's; it is not believed (pitfall 14).
      passwordAlgorithms = nil
      chosen = nil
      return
    }
    guard let value else { throw .bidDown }
    guard let offered = try? message.passwordAlgorithms else { throw .incomplete }
    guard let first = offered.first(where: \.isSupported) else { throw .noKnownAlgorithm }
    passwordAlgorithms = value
    chosen = first
  }

  /// The key, or nil where a part cannot be brought into the form that is hashed.
  func key(username: String, password: String) -> MessageIntegrityKey? {
    guard let username = try? OpaqueString.prepare(username),
      let password = try? OpaqueString.prepare(password)
    else { return nil }
    return MessageIntegrityKey(
      username: username, realm: realm, password: password, algorithm: chosen ?? .md5)
  }
}
