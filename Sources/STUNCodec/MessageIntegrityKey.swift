internal import CLibcrypto

/// What both sides know and nobody else does, made ready for checking many messages.
///
/// The preparation hashes the key's two blocks for HMAC-SHA1 and HMAC-SHA256; a message then costs
/// only its own bytes, and no allocation. RFC 8489 §14.5 and §14.6.
public struct MessageIntegrityKey: Sendable {
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
    let text = Array("\(username):\(realm):\(password)".utf8)
    var digest = [UInt8](repeating: 0, count: Int(MD5_DIGEST_LENGTH))
    _ = MD5(text, text.count, &digest)
    self.init(bytes: digest)
  }
}
