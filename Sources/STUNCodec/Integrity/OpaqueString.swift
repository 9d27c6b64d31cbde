/// Prepares a user name, realm or password, so that both sides hash the same bytes (RFC 8265 §4.2).
///
/// The same letters can be typed as different bytes, so STUN applies the OpaqueString profile to
/// names and passwords (RFC 8489 §9.2.2). The profile needs Unicode tables that this package does not
/// have. This type does the part that is exact without them: it accepts only scalars that
/// normalization form C does not change, and refuses the rest, which the other side might hash
/// differently.
///
/// Accepted: ASCII from space to tilde; spaces of any script, which become U+0020; the letters, digits
/// and signs of Latin-1, Latin Extended-A, Greek, Cyrillic, Hebrew and Arabic that stand alone;
/// Kana, CJK ideographs and Hangul syllables. Refused: control characters and invisible ones, which
/// the profile forbids too, combining marks, and every other script.
public enum OpaqueString {
  /// The text to hash and to send.
  ///
  /// - Throws: `OpaqueStringError` at the first scalar that cannot be prepared, or when the text is
  ///   empty.
  /// - Complexity: O(*n*) in the text's length.
  public static func prepare(_ text: String) throws(OpaqueStringError) -> String {
    var prepared = ""
    var offset = 0
    for scalar in text.unicodeScalars {
      if isOtherSpace(scalar) {
        prepared.unicodeScalars.append(" ")
      } else if isInert(scalar) {
        prepared.unicodeScalars.append(scalar)
      } else {
        throw OpaqueStringError(scalar: scalar, byteOffset: offset)
      }
      offset += UTF8.width(scalar)
    }
    guard !prepared.isEmpty else { throw OpaqueStringError(scalar: nil, byteOffset: 0) }
    return prepared
  }

  /// Whether the scalar is a space outside ASCII, category Zs (RFC 8265 §4.2.2).
  private static func isOtherSpace(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0xA0, 0x1680, 0x2000...0x200A, 0x202F, 0x205F, 0x3000: true
    default: false
    }
  }

  /// Whether form C leaves the scalar unchanged next to any other of these.
  private static func isInert(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x20...0x7E: true
    case 0xA1...0x17F: scalar.value != 0xAD  // the soft hyphen is invisible
    case 0x386, 0x388...0x38A, 0x38C, 0x38E...0x3A1, 0x3A3...0x3CE: true
    case 0x400...0x482, 0x48A...0x4FF: true
    case 0x5D0...0x5EA, 0x620...0x63F, 0x641...0x64A, 0x660...0x669: true
    case 0x3041...0x3096, 0x309D...0x309F, 0x30A0...0x30FF, 0x3001...0x3003: true
    case 0x4E00...0x9FFF, 0xAC00...0xD7A3: true
    default: false
    }
  }
}

/// Why a text cannot be prepared, and where.
public struct OpaqueStringError: Error, Hashable, Sendable {
  /// The scalar that cannot be prepared, or nil when the text is empty.
  public let scalar: Unicode.Scalar?
  /// The scalar's offset, in UTF-8 bytes from the text's start.
  public let byteOffset: Int
}

extension OpaqueStringError: CustomStringConvertible {
  /// One sentence with scalar and offset.
  public var description: String {
    guard let scalar else { return "an empty text cannot be used here (RFC 8265 §4.2.2)" }
    return
      "U+\(Hexadecimal.number(UInt64(scalar.value), digits: 4).dropFirst(2)) at byte \(byteOffset) "
      + "cannot be prepared here: it would have to be normalised, or is not allowed (RFC 8265 §4.2)"
  }
}
