/// The mark that candidates share which are likely to work or to fail alike (RFC 8445 §5.1.1.3).
///
/// 1 to 32 ice-chars: letters, digits, `+` and `/` (RFC 8839 §5.1). An ice-char has 6 bits, so the
/// text fits into three words: foundations are compared and hashed without touching a string.
public struct CandidateFoundation: Hashable, Sendable {
  /// 32 ice-chars, the first in the lowest bits of the first word; ten and two thirds in each.
  private var bits: (UInt64, UInt64, UInt64) = (0, 0, 0)
  /// Characters, 1 to 32: trailing `A`s, whose bits are 0, count too.
  private var length: UInt8 = 0

  /// Reads a foundation.
  ///
  /// - Returns: nil unless the text is 1 to 32 ice-chars.
  /// - Complexity: O(n) for n characters.
  public init?(text: some StringProtocol) {
    guard ICEConstants.foundationLength.contains(text.utf8.count) else { return nil }
    for byte in text.utf8 {
      guard let value = Self.value(of: byte) else { return nil }
      append(value)
    }
  }

  /// The decimal digits of a number.
  ///
  /// - Complexity: O(1).
  public init(number: UInt32) {
    // Ten digits at most.
    for byte in String(number).utf8 { append(Self.value(of: byte) ?? 0) }
  }

  private mutating func append(_ value: UInt8) {
    let position = Int(length) * 6
    switch position / 64 {
    case 0:
      bits.0 |= UInt64(value) << position
      // A character that crosses into the next word: its upper bits go there.
      if position > 58 { bits.1 |= UInt64(value) >> (64 - position) }
    case 1:
      bits.1 |= UInt64(value) << (position - 64)
      if position > 122 { bits.2 |= UInt64(value) >> (128 - position) }
    default: bits.2 |= UInt64(value) << (position - 128)
    }
    length += 1
  }

  /// The character at a position, 6 bits.
  private func value(at index: Int) -> UInt8 {
    let position = index * 6
    let value =
      switch position {
      case ..<64: bits.0 >> position | (position > 58 ? bits.1 << (64 - position) : 0)
      case ..<128:
        bits.1 >> (position - 64) | (position > 122 ? bits.2 << (128 - position) : 0)
      default: bits.2 >> (position - 128)
      }
    return UInt8(truncatingIfNeeded: value & 0x3F)
  }

  /// An ice-char's number, in the order of base64.
  private static func value(of byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): byte - UInt8(ascii: "A")
    case UInt8(ascii: "a")...UInt8(ascii: "z"): byte - UInt8(ascii: "a") + 26
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0") + 52
    case UInt8(ascii: "+"): 62
    case UInt8(ascii: "/"): 63
    default: nil
    }
  }

  private static func byte(of value: UInt8) -> UInt8 {
    switch value {
    case 0..<26: value + UInt8(ascii: "A")
    case 26..<52: value - 26 + UInt8(ascii: "a")
    case 52..<62: value - 52 + UInt8(ascii: "0")
    case 62: UInt8(ascii: "+")
    default: UInt8(ascii: "/")
    }
  }

  /// Whether two foundations have the same characters.
  public static func == (left: CandidateFoundation, right: CandidateFoundation) -> Bool {
    left.bits == right.bits && left.length == right.length
  }

  /// Hashes the characters and their number.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(bits.0)
    hasher.combine(bits.1)
    hasher.combine(bits.2)
    hasher.combine(length)
  }
}

extension CandidateFoundation: CustomStringConvertible {
  /// The text, as a candidate line has it.
  public var description: String {
    String(decoding: (0..<Int(length)).map { Self.byte(of: value(at: $0)) }, as: UTF8.self)
  }
}

extension CandidateFoundation: ExpressibleByStringLiteral {
  /// A literal that is no foundation is a programmer's error and stops the program.
  public init(stringLiteral text: String) {
    guard let foundation = CandidateFoundation(text: text) else {
      preconditionFailure("a foundation is 1 to 32 letters, digits, + or /")
    }
    self = foundation
  }
}

extension CandidatePair {
  /// The foundations of both candidates of a pair together (RFC 8445 §6.1.2.6).
  public struct Foundation: Hashable, Sendable, CustomStringConvertible {
    /// The local candidate's foundation.
    public var local: CandidateFoundation
    /// The remote candidate's foundation.
    public var remote: CandidateFoundation

    /// The foundation of a pair of candidates with these foundations.
    public init(local: CandidateFoundation, remote: CandidateFoundation) {
      self.local = local
      self.remote = remote
    }

    /// Both texts, local first: `1:3`.
    public var description: String { "\(local):\(remote)" }
  }
}
