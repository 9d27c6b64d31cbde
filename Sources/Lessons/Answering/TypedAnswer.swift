import TransportAddress

/// A typed answer in a normal form: answers that mean the same are equal, however they are written.
///
/// - `203.0.113.7:40000`, `203.0.113.7 port 40000`, `[2001:DB8:0::1]:3478`, `2001:db8::1`: addresses;
/// - `76`, `0x4C`, `4c`, `21 12 a4 42`: numbers, hexadecimal if the form shows it;
/// - `550 s`, `550 seconds`, `20 bytes`: a decimal number and its unit;
/// - anything else: words, ignoring case, spaces, quotation marks and a final period.
public struct TypedAnswer: Hashable, Sendable {
  private let meaning: Meaning

  private enum Meaning: Hashable, Sendable {
    case endpoint(TransportAddress)
    case address(IPAddress)
    /// Hexadecimal digits without leading zeros, for numbers of any length.
    case number(String)
    case quantity(String, unit: String)
    case words(String)
  }

  /// Parses a typed answer; any text is accepted.
  ///
  /// - Complexity: O(*n*) in the length of the text.
  public init(_ text: String) {
    let text = Self.tidied(text)
    meaning =
      Self.endpoint(text).map(Meaning.endpoint) ?? Self.address(text).map(Meaning.address)
      ?? Self.number(text).map(Meaning.number) ?? Self.quantity(text) ?? .words(text)
  }

  /// Whether this is a right answer where `key` is: the same, or the number alone without its unit, or
  /// the port alone of an endpoint, or an address with a port where the address was asked for.
  public func answers(_ key: TypedAnswer) -> Bool {
    switch (meaning, key.meaning) {
    case (.number(let port), .endpoint(let endpoint)):
      port == Self.withoutZeros(String(endpoint.port, radix: 16))
    case (.endpoint(let endpoint), .address(let address)): endpoint.address == address
    case (.number(let number), .quantity(let expected, _)): number == expected
    case (.quantity(let number, _), .number(let expected)): number == expected
    default: meaning == key.meaning
    }
  }

  /// The text in lower case, without surrounding characters that carry no meaning.
  private static func tidied(_ text: String) -> String {
    var text = text.lowercased().split(whereSeparator: \.isWhitespace).joined(separator: " ")[...]
    while let last = text.last, "\"'`“”‘’.;, ".contains(last) { text.removeLast() }
    while let first = text.first, "\"'`“”‘’ ".contains(first) { text.removeFirst() }
    return String(text)
  }

  // MARK: Addresses

  /// Parses `ADDRESS:PORT`, also with spaces around the colon, `ADDRESS PORT` or `ADDRESS port PORT`.
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

  /// The hexadecimal digits of a number; nil if the text is not a number.
  private static func number(_ text: String) -> String? {
    var text = text.filter { $0 != "_" }
    for prefix in ["port ", ":"] where text.hasPrefix(prefix) {
      text = String(text.dropFirst(prefix.count))
    }
    guard text.contains(where: \.isASCIIDigit) || text.hasPrefix("0x") else { return nil }
    // An even number of digits with a leading zero, such as 0101, is the form of bytes.
    let looksLikeBytes = text.hasPrefix("0") && text.count.isMultiple(of: 2)
    if text.allSatisfy(\.isASCIIDigit), !looksLikeBytes {
      return UInt64(text).map { withoutZeros(String($0, radix: 16)) } ?? "decimal \(text)"
    }
    return hexDigits(text).map(withoutZeros)
  }

  /// Parses a decimal number with a unit of one word behind it, such as `550 s`.
  private static func quantity(_ text: String) -> Meaning? {
    let digits = text.prefix { $0.isASCIIDigit }
    let unit = text[digits.endIndex...].drop { $0 == " " }
    guard !digits.isEmpty, !unit.isEmpty, unit.allSatisfy(\.isLetter),
      let number = number(String(digits))
    else { return nil }
    return .quantity(number, unit: unitNames[String(unit)] ?? String(unit))
  }

  /// The short names of units that have several.
  static let unitNames = [
    "sec": "s", "second": "s", "seconds": "s", "millisecond": "ms", "milliseconds": "ms",
    "minute": "min", "minutes": "min", "hour": "h", "hours": "h", "byte": "b", "bytes": "b",
    "bits": "bit",
  ]

  private static func withoutZeros(_ digits: String) -> String {
    String(digits.drop { $0 == "0" })
  }

  /// The digits of `0x2112A442`, of `2112a442`, or of bytes with separators.
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
