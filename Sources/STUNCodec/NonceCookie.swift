/// What a server can do beyond the old rules, in the 24 bits that its nonces open with.
///
/// An attacker in the middle could strike PASSWORD-ALGORITHMS from a 401 and so talk a client into
/// MD5. The nonce he cannot change, for the server would not know it again: so the promise stands
/// there, and a client that sees the promise without the attribute knows. RFC 8489 §9.2.1.
public struct SecurityFeatures: OptionSet, Hashable, Sendable {
  /// The 24 bits as a number, the first bit of the registry highest.
  public let rawValue: UInt32

  public init(rawValue: UInt32) {
    self.rawValue = rawValue & 0xFF_FFFF
  }

  /// Bit 0, the leftmost: the server sends PASSWORD-ALGORITHMS. RFC 8489 §18.1.
  public static let passwordAlgorithms = SecurityFeatures(rawValue: 1 << 23)
  /// Bit 1: the server understands USERHASH. RFC 8489 §18.1.
  public static let usernameAnonymity = SecurityFeatures(rawValue: 1 << 22)
}

/// The opening of a nonce that says what the server can do: `obMatJos2` and four characters.
///
/// RFC 8489 §9.2. The RFC's own sample (B.1) counts its bits from the right and would mean bit 22
/// here; registry and text count from the left, and so does this.
public enum NonceCookie {
  /// The nine characters by which the cookie is known.
  public static let prefix = "obMatJos2"
  /// How many characters the prefix and the features take together.
  public static let byteCount = 13

  /// The features that a nonce promises, or nil where it has no cookie.
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

  /// The cookie that promises these features; a server puts its own nonce behind it.
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
