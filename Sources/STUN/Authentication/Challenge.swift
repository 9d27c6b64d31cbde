internal import STUNCodec

/// What a server's challenge has told: what goes into the next request's protection.
///
/// A client reads it from a 401 or a 438 (RFC 8489 §9.2.5).
struct Challenge: Hashable, Sendable {
  let realm: String
  let nonce: String
  let algorithm: Algorithm
  /// Whether the server understands USERHASH.
  let hidesUsername: Bool

  /// How the key is derived.
  enum Algorithm: Hashable, Sendable {
    /// As before RFC 8489: by MD5, and nothing is said about it.
    case implicit
    /// By the one chosen from PASSWORD-ALGORITHMS, whose value must go back exactly as it came.
    case chosen(PasswordAlgorithm, offered: [UInt8])

    var passwordAlgorithm: PasswordAlgorithm {
      switch self {
      case .implicit: .md5
      case .chosen(let algorithm, _): algorithm
      }
    }
  }

  /// Why a challenge is not taken up.
  enum Rejection: Error, Hashable, Sendable {
    /// It lacks REALM or NONCE, or one of them cannot be read.
    case incomplete
    /// The nonce promises PASSWORD-ALGORITHMS, which is not there: an attacker has struck it out.
    case bidDown
    /// None of the algorithms is known here.
    case noKnownAlgorithm
  }

  init(_ message: STUNMessageView) throws(Rejection) {
    guard let realm = message.readableRealm, let nonce = message.readableNonce else {
      throw .incomplete
    }
    self.realm = realm
    self.nonce = nonce
    let features = NonceCookie.features(of: nonce.utf8) ?? []
    hidesUsername = features.contains(.usernameAnonymity)
    guard features.contains(.passwordAlgorithms) else {
      // Who sends the attribute must also promise it (RFC 8489 §9.2.4). Without the promise it may
      // be anybody's, and is not believed.
      algorithm = .implicit
      return
    }
    guard message.first(.passwordAlgorithms) != nil else { throw .bidDown }
    guard var list = message.readablePasswordAlgorithms else { throw .incomplete }
    let offered = list.bytes.copied
    while let candidate = list.next() {
      guard candidate.isSupported else { continue }
      algorithm = .chosen(candidate, offered: offered)
      return
    }
    throw .noKnownAlgorithm
  }
}
