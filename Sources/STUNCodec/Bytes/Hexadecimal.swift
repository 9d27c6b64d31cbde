/// Bytes and numbers as hexadecimal text, and back.
public enum Hexadecimal {
  /// The bytes of pairs of hexadecimal digits, which spaces, line ends and colons may separate.
  ///
  /// - Throws: `HexadecimalError` at the first character that is neither a digit nor a separator, or at a
  ///   pair that has only one digit. No bytes at all is not an error.
  /// - Complexity: O(*n*) in the text's length.
  public static func bytes(_ text: some StringProtocol) throws(HexadecimalError) -> [UInt8] {
    var bytes: [UInt8] = []
    var pending: UInt8?
    var offset = 0
    for character in text.utf8 {
      switch character {
      case UInt8(ascii: " "), UInt8(ascii: "\n"), UInt8(ascii: "\r"), UInt8(ascii: "\t"),
        UInt8(ascii: ":"):
        if pending != nil { throw HexadecimalError(offset: offset, isLoneDigit: true) }
      default:
        guard let value = digitValue(character) else {
          throw HexadecimalError(offset: offset, isLoneDigit: false)
        }
        if let high = pending {
          bytes.append(high << 4 | value)
          pending = nil
        } else {
          pending = value
        }
      }
      offset += 1
    }
    if pending != nil { throw HexadecimalError(offset: offset, isLoneDigit: true) }
    return bytes
  }

  /// The bytes as pairs of lowercase digits with spaces between them: `21 12 a4 42`.
  public static func text(_ bytes: some Sequence<UInt8>) -> String {
    var digits: [UInt8] = []
    digits.reserveCapacity(3 * bytes.underestimatedCount)
    for byte in bytes {
      if !digits.isEmpty { digits.append(UInt8(ascii: " ")) }
      digits.append(digit(byte >> 4))
      digits.append(digit(byte & 0xF))
    }
    return String(decoding: digits, as: UTF8.self)
  }

  /// The number with `0x` before it and at least as many digits as asked for: `0x0020`.
  public static func number(_ value: UInt64, digits: Int) -> String {
    let text = String(value, radix: 16, uppercase: true)
    return "0x" + String(repeating: "0", count: max(0, digits - text.utf8.count)) + text
  }

  private static func digitValue(_ character: UInt8) -> UInt8? {
    switch character {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): character - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): character - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): character - UInt8(ascii: "A") + 10
    default: nil
    }
  }

  private static func digit(_ value: UInt8) -> UInt8 {
    value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
  }
}

/// Why a text is not hexadecimal bytes, and where.
public struct HexadecimalError: Error, Hashable, Sendable {
  /// The offset of the error, in UTF-8 bytes from the text's start.
  public let offset: Int
  /// Whether a digit stands alone where a pair is needed; otherwise the character is not a digit.
  public let isLoneDigit: Bool
}

extension HexadecimalError: CustomStringConvertible {
  /// One sentence with the offset.
  public var description: String {
    isLoneDigit
      ? "A byte needs two hexadecimal digits; the one before position \(offset) stands alone."
      : "The character at position \(offset) is not a hexadecimal digit."
  }
}
