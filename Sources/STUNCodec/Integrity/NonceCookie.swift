/// The security features of a server, 24 bits at the beginning of its nonces (RFC 8489 §9.2).
///
/// An attacker in the middle could remove PASSWORD-ALGORITHMS from a 401 response to make the client
/// use MD5. The attacker cannot change the nonce, which the server checks. So the nonce announces the
/// attribute, and a client that misses the attribute detects the attack (RFC 8489 §9.2.1).
public struct SecurityFeatures: OptionSet, Hashable, Sendable {
  /// The 24 bits as a number, the first bit of the registry highest.
  public let rawValue: UInt32

  /// The features in the lowest 24 bits.
  public init(rawValue: UInt32) {
    self.rawValue = rawValue & 0xFF_FFFF
  }

  /// Bit 0, the leftmost: the server sends PASSWORD-ALGORITHMS (RFC 8489 §18.1).
  public static let passwordAlgorithms = SecurityFeatures(rawValue: 1 << 23)
  /// Bit 1: the server understands USERHASH (RFC 8489 §18.1).
  public static let usernameAnonymity = SecurityFeatures(rawValue: 1 << 22)
}

/// The nonce cookie: `obMatJos2` and four characters that encode the security features
/// (RFC 8489 §9.2).
///
/// The RFC's own sample counts its bits from the right and would mean bit 22 here (RFC 8489 §B.1).
/// Registry and text count from the left, and so does this type.
public enum NonceCookie {
  /// The nine characters that a cookie begins with.
  public static let prefix = "obMatJos2"
  /// The number of characters of prefix and features together.
  public static let byteCount = 13

  /// The features that a nonce announces, or nil when it has no cookie.
  ///
  /// - Complexity: O(1).
  public static func features(of nonce: some Collection<UInt8>) -> SecurityFeatures? {
    guard nonce.starts(with: prefix.utf8) else { return nil }
    let digits = nonce.dropFirst(prefix.utf8.count).prefix(4)
    guard digits.count == 4 else { return nil }
    var bits: UInt32 = 0
    for digit in digits {
      guard let value = value(ofBase64: digit) else { return nil }
      bits = bits << 6 | UInt32(value)
    }
    return SecurityFeatures(rawValue: bits)
  }

  /// The cookie that announces these features; a server appends its own nonce.
  public static func text(promising features: SecurityFeatures) -> String {
    var text = prefix
    for shift in [18, 12, 6, 0] {
      text.unicodeScalars.append(digit(UInt8(features.rawValue >> UInt32(shift) & 0x3F)))
    }
    return text
  }

  private static func value(ofBase64 digit: UInt8) -> UInt8? {
    switch digit {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): digit - UInt8(ascii: "A")
    case UInt8(ascii: "a")...UInt8(ascii: "z"): digit - UInt8(ascii: "a") + 26
    case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0") + 52
    case UInt8(ascii: "+"): 62
    case UInt8(ascii: "/"): 63
    default: nil
    }
  }

  private static func digit(_ value: UInt8) -> Unicode.Scalar {
    switch value {
    case 0..<26: Unicode.Scalar(UInt8(ascii: "A") + value)
    case 26..<52: Unicode.Scalar(UInt8(ascii: "a") + value - 26)
    case 52..<62: Unicode.Scalar(UInt8(ascii: "0") + value - 52)
    case 62: "+"
    default: "/"
    }
  }
}
