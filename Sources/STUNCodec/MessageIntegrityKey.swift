internal import CLibcrypto

/// What both sides know and nobody else does, made ready for checking many messages.
///
/// The preparation hashes the key's two blocks for HMAC-SHA1 and HMAC-SHA256; a message then costs
/// only its own bytes, and no allocation. RFC 8489 §14.5 and §14.6.
public struct MessageIntegrityKey: Hashable, Sendable {
  let sha1: PreparedHMAC<SHA1Hash>
  let sha256: PreparedHMAC<SHA256Hash>

  /// A key given as bytes.
  public init(bytes: [UInt8]) {
    sha1 = PreparedHMAC(key: bytes)
    sha256 = PreparedHMAC(key: bytes)
  }

  /// The short-term key: the password itself, as ICE uses it. RFC 8489 §9.1.
  ///
  /// The password is taken as it is: what OpaqueString (RFC 8265 §4.2) would change must have been
  /// changed by the caller. It changes nothing in ASCII.
  public init(shortTermPassword password: String) {
    self.init(bytes: Array(password.utf8))
  }

  /// The long-term key: MD5 of `username:realm:password`, as TURN uses it. RFC 8489 §9.2.2.
  ///
  /// The three are taken as they are, like the short-term password.
  public init(username: String, realm: String, password: String) {
    self.init(bytes: Self.md5("\(username):\(realm):\(password)"))
  }

  /// The long-term key that this algorithm makes, or nil where it is not known here.
  ///
  /// PASSWORD-ALGORITHM says which to take; without it, it is MD5. RFC 8489 §9.2.2 and §18.5.1.
  public init?(
    username: String, realm: String, password: String, algorithm: PasswordAlgorithm
  ) {
    let text = "\(username):\(realm):\(password)"
    switch algorithm {
    case .md5: self.init(bytes: Self.md5(text))
    case .sha256: self.init(bytes: STUNDigest.sha256(text))
    default: return nil
    }
  }

  /// The HMAC-SHA256 of any bytes with this key, 32 bytes: for nonces and tokens of one's own.
  public func authenticationCode(of bytes: [UInt8]) -> [UInt8] {
    let code = sha256.code(of: bytes.span.bytes)
    return (0..<SHA256Hash.digestByteCount).map { code[$0] }
  }

  private static func md5(_ text: String) -> [UInt8] {
    let bytes = Array(text.utf8)
    var digest = [UInt8](repeating: 0, count: Int(MD5_DIGEST_LENGTH))
    _ = MD5(bytes, bytes.count, &digest)
    return digest
  }
}

/// Digests of whole texts, for keys and USERHASH.
public enum STUNDigest {
  /// The 32 bytes of a text's SHA-256.
  public static func sha256(_ text: String) -> [UInt8] {
    var hash = SHA256Hash()
    Array(text.utf8).withUnsafeBytes { hash.update($0) }
    let digest = hash.finish()
    return (0..<SHA256Hash.digestByteCount).map { digest[$0] }
  }

  /// What USERHASH holds: SHA-256 of `username:realm`, both prepared by the caller. RFC 8489 §14.4.
  public static func userhash(username: String, realm: String) -> [UInt8] {
    sha256("\(username):\(realm)")
  }
}
