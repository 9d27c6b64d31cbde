internal import CLibcrypto

/// The key of MESSAGE-INTEGRITY, prepared for many messages (RFC 8489 §14.5, §14.6).
///
/// The initializers hash the key's two blocks for HMAC-SHA1 and HMAC-SHA256 once. A message then
/// costs only the hashing of its own bytes, and no allocation. Copies share the hashed blocks.
public struct MessageIntegrityKey: Hashable, Sendable {
  /// 128 bytes, which every request and session would carry around otherwise.
  private final class Blocks: Sendable {
    let sha1: PreparedHMAC<SHA1Hash>
    let sha256: PreparedHMAC<SHA256Hash>

    init(key: [UInt8]) {
      sha1 = PreparedHMAC(key: key)
      sha256 = PreparedHMAC(key: key)
    }
  }

  private let blocks: Blocks

  var sha1: PreparedHMAC<SHA1Hash> { blocks.sha1 }
  var sha256: PreparedHMAC<SHA256Hash> { blocks.sha256 }

  /// A key given as bytes.
  public init(bytes: [UInt8]) {
    blocks = Blocks(key: bytes)
  }

  /// Whether both have the same key.
  public static func == (left: MessageIntegrityKey, right: MessageIntegrityKey) -> Bool {
    left.blocks === right.blocks || left.sha1 == right.sha1 && left.sha256 == right.sha256
  }

  /// Hashes the blocks, not where they are.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(sha256)
  }

  /// The short-term key: the password itself, as ICE uses it (RFC 8489 §9.1.1).
  ///
  /// The password is used as it is. The caller prepares it with `OpaqueString`, which changes nothing
  /// in ASCII.
  public init(shortTermPassword password: String) {
    self.init(bytes: Array(password.utf8))
  }

  /// The long-term key: the MD5 of `username:realm:password`, as TURN uses it (RFC 8489 §9.2.2).
  ///
  /// The three are used as they are, like the short-term password.
  public init(username: String, realm: String, password: String) {
    self.init(bytes: Self.md5("\(username):\(realm):\(password)"))
  }

  /// The long-term key by this algorithm, or nil when it is not supported
  /// (RFC 8489 §9.2.2, §18.5.1).
  ///
  /// PASSWORD-ALGORITHM names the algorithm; without it, it is MD5.
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

  /// The 32 bytes of the HMAC-SHA256 of any bytes with this key, for a server's nonces and tokens.
  public func authenticationCode(of bytes: [UInt8]) -> [UInt8] {
    let code = sha256.code(of: bytes.span.bytes)
    return (0..<SHA256Hash.digestByteCount).map { code[$0] }
  }

  /// The 20 bytes of the HMAC-SHA1 of any bytes with this key, for passwords that follow from a secret.
  public func sha1AuthenticationCode(of bytes: [UInt8]) -> [UInt8] {
    let code = sha1.code(of: bytes.span.bytes)
    return (0..<SHA1Hash.digestByteCount).map { code[$0] }
  }

  private static func md5(_ text: String) -> [UInt8] {
    let bytes = Array(text.utf8)
    var digest = [UInt8](repeating: 0, count: Int(MD5_DIGEST_LENGTH))
    _ = MD5(bytes, bytes.count, &digest)
    return digest
  }
}

/// SHA-256 digests of texts, for keys and USERHASH (RFC 8489 §14.4).
public enum STUNDigest {
  /// The 32 bytes of a text's SHA-256.
  public static func sha256(_ text: String) -> [UInt8] {
    var hash = SHA256Hash()
    Array(text.utf8).withUnsafeBytes { hash.update($0) }
    let digest = hash.finish()
    return (0..<SHA256Hash.digestByteCount).map { digest[$0] }
  }

  /// The value of USERHASH: the SHA-256 of `username:realm`, both prepared by the caller
  /// (RFC 8489 §14.4).
  public static func userhash(username: String, realm: String) -> [UInt8] {
    sha256("\(username):\(realm)")
  }
}
