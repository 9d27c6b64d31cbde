/// Why a text is not an address: the text, the UTF-8 offset of the first wrong byte, and the reason.
public struct AddressParseError: Error, Hashable, Sendable {
  /// What was to be parsed, whole.
  public var text: String

  /// Where the text stops being an address, in UTF-8 bytes from its start.
  ///
  /// It equals the text's length when something is missing at the end.
  public var offset: Int

  public var reason: Reason

  public init(text: String, offset: Int, reason: Reason) {
    self.text = text
    self.offset = offset
    self.reason = reason
  }

  /// What is wrong at the offset.
  public enum Reason: Hashable, Sendable {
    case empty
    case expectedDecimalDigit
    case expectedHexDigit
    /// `010` is eight to one parser and ten to another (RFC 6943 §3.1.1), so neither is guessed.
    case leadingZero
    case octetTooLarge
    case tooFewOctets
    case expectedDot
    case groupTooLong
    case tooFewGroups
    case tooManyGroups
    case secondDoubleColon
    case expectedColon
    /// A zone such as `%eth0` names an interface of one host and is no part of the address.
    case zone
    case missingBracket
    case unclosedBracket
    case missingPort
    case portTooLarge
    case trailingText
  }
}

extension AddressParseError: CustomStringConvertible {
  /// One sentence: `"10.0.0.256" is not an address: an octet is more than 255, at byte 7`.
  public var description: String {
    // `debugDescription` escapes control characters, so that hostile text cannot drive a terminal.
    let shown =
      text.utf8.count <= 80 ? text.debugDescription : "\(text.prefix(64))…".debugDescription
    return "\(shown) is not an address: \(reason), at byte \(offset)"
  }
}

extension AddressParseError.Reason: CustomStringConvertible {
  public var description: String {
    switch self {
    case .empty: "there is no text"
    case .expectedDecimalDigit: "a decimal digit should stand here"
    case .expectedHexDigit: "a hexadecimal digit should stand here"
    case .leadingZero: "a decimal number has a leading zero, which some read as octal"
    case .octetTooLarge: "an octet is more than 255"
    case .tooFewOctets: "an IPv4 address has four octets, and the text ends before the fourth"
    case .expectedDot: "a dot should stand between two octets"
    case .groupTooLong: "a group has more than four hexadecimal digits"
    case .tooFewGroups: "an IPv6 address without \"::\" has eight groups, and the text ends early"
    case .tooManyGroups: "there are more groups than an IPv6 address has room for"
    case .secondDoubleColon: "\"::\" may stand only once"
    case .expectedColon: "a colon should stand between two groups"
    case .zone: "a zone belongs to one host's interface, not to the address"
    case .missingBracket: "an IPv6 address with a port is written in brackets, [2001:db8::1]:3478"
    case .unclosedBracket: "the bracket is never closed"
    case .missingPort: "a colon and a port should follow the address"
    case .portTooLarge: "a port is at most 65535"
    case .trailingText: "something follows the end"
    }
  }
}
