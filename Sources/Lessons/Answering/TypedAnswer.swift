import TransportAddress

/// A typed answer in one form, so that how it is written does not matter; equal ones say the same.
///
/// - `203.0.113.7:40000`, `203.0.113.7 port 40000`, `[2001:DB8:0::1]:3478`, `2001:db8::1`: addresses;
/// - `76`, `0x4C`, `4c`, `21 12 a4 42`: numbers, in hex where the writing shows that it is hex;
/// - anything else: words, but for case, blanks, quotation marks and a full stop at the end.
public struct TypedAnswer: Hashable, Sendable {
  private let meaning: Meaning

  private enum Meaning: Hashable, Sendable {
    case endpoint(TransportAddress)
    case address(IPAddress)
    /// Hex digits without leading zeros, so that numbers of any length fit.
    case number(String)
    case words(String)
  }

  /// - Complexity: O(*n*) in the length of the text.
  public init(_ text: String) {
    let text = Self.tidied(text)
    meaning =
      Self.endpoint(text).map(Meaning.endpoint) ?? Self.address(text).map(Meaning.address)
      ?? Self.number(text).map(Meaning.number) ?? .words(text)
  }

  /// Lower case, without what surrounds an answer and means nothing.
  private static func tidied(_ text: String) -> String {
    var text = text.lowercased().split(whereSeparator: \.isWhitespace).joined(separator: " ")[...]
    while let last = text.last, "\"'`“”‘’.;, ".contains(last) { text.removeLast() }
    while let first = text.first, "\"'`“”‘’ ".contains(first) { text.removeFirst() }
    return String(text)
  }

  // MARK: Addresses

  /// `ADDRESS:PORT`, with blanks around the colon too, `ADDRESS PORT` or `ADDRESS port PORT`.
  private static func endpoint(_ text: String) -> TransportAddress? {
    var parts = text.split(separator: " ").filter { $0 != "port" }.map(String.init)
    guard parts.count <= 3 else { return nil }
    if parts.count == 2, !parts[0].hasSuffix(":"), !parts[1].hasPrefix(":") {
      if parts[0].contains(":"), !parts[0].hasPrefix("[") { parts[0] = "[\(parts[0])]" }
      parts.insert(":", at: 1)
    }
    return try? TransportAddress(parsing: parts.joined())
  }

  private static func address(_ text: String) -> IPAddress? {
    let isBracketed = text.hasPrefix("[") && text.hasSuffix("]")
    return try? IPAddress(parsing: isBracketed ? text.dropFirst().dropLast() : text[...])
  }

  // MARK: Numbers

  /// The number's hex digits; nil where the text is no number.
  private static func number(_ text: String) -> String? {
    let text = text.filter { $0 != "_" }
    guard text.contains(where: \.isASCIIDigit) || text.hasPrefix("0x") else { return nil }
    // Two digits that lead with a zero, such as 0101, are how bytes are written, not numbers.
    let looksLikeBytes = text.hasPrefix("0") && text.count.isMultiple(of: 2)
    if text.allSatisfy(\.isASCIIDigit), !looksLikeBytes {
      return UInt64(text).map { withoutZeros(String($0, radix: 16)) } ?? "decimal \(text)"
    }
    return hexDigits(text).map(withoutZeros)
  }

  private static func withoutZeros(_ digits: String) -> String {
    String(digits.drop { $0 == "0" })
  }

  /// The digits of `0x2112A442`, of `2112a442`, or of bytes with something between them.
  private static func hexDigits(_ text: String) -> String? {
    let groups = text.split { " :,".contains($0) }
      .map { $0.hasPrefix("0x") ? $0.dropFirst(2) : $0 }
    let areBytes = groups.allSatisfy { $0.count.isMultiple(of: 2) }
    guard groups.count == 1 || areBytes, groups.allSatisfy({ !$0.isEmpty }),
      groups.joined().allSatisfy({ $0.isASCII && $0.isHexDigit })
    else { return nil }
    return groups.joined()
  }
}

extension Character {
  fileprivate var isASCIIDigit: Bool { isASCII && isNumber }
}
