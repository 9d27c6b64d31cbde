internal import STUNCodec
internal import SansIO

/// User names that say until when they are valid, with passwords that follow from a shared secret.
///
///     USERNAME   1700003600:alice      seconds since 1970, then what the service likes
///     password   base64(HMAC-SHA1(secret, USERNAME))
///
/// A web service that shares the secret with a relay hands them out, and the relay need not know a
/// single user (draft-uberti-behave-turn-rest-00 §2.2). It is what WebRTC services use.
public struct TimedCredentials: Sendable {
  /// The time of `Instant.zero`, in seconds since 1970: user names are about the clock on the wall.
  public let epoch: Int64
  private let key: MessageIntegrityKey

  /// Credentials of this secret.
  ///
  /// - Parameter epoch: the time of `Instant.zero`, in seconds since 1970.
  /// - Throws: for a secret of fewer than 16 bytes.
  public init(sharedSecret: [UInt8], epoch: Int64) throws(STUNConfigurationError) {
    guard sharedSecret.count >= 16 else { throw .secretTooShort(byteCount: sharedSecret.count) }
    key = MessageIntegrityKey(bytes: sharedSecret)
    self.epoch = epoch
  }

  /// The password of a user name.
  public func password(of username: String) -> String {
    base64(key.sha1AuthenticationCode(of: Array(username.utf8)))
  }

  /// The user name that a name has until a time, in seconds since 1970.
  public static func username(_ name: String, validUntil seconds: Int64) -> String {
    "\(seconds):\(name)"
  }

  /// Whether a user name says that it is still valid; one without a time is not.
  func isValid(_ username: String, at now: Instant) -> Bool {
    guard let seconds = Int64(username.prefix { $0 != ":" }) else { return false }
    let elapsed = now.nanoseconds / 1_000_000_000
    return seconds > epoch.addingReportingOverflow(elapsed).partialValue
  }
}

/// The bytes in base 64, padded (RFC 4648 §4).
private func base64(_ bytes: [UInt8]) -> String {
  let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
  var text: [UInt8] = []
  for start in stride(from: 0, to: bytes.count, by: 3) {
    let group = bytes[start..<min(start + 3, bytes.count)]
    let bits = group.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - group.count))
    for index in 0..<4 {
      text.append(
        index > group.count ? UInt8(ascii: "=") : digits[bits >> (18 - 6 * index) & 0x3F])
    }
  }
  return String(decoding: text, as: UTF8.self)
}
