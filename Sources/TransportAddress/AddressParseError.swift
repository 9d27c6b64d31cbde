/// A text that is not an address, the offset of its first wrong byte, and the reason.
public struct AddressParseError: Error, Hashable, Sendable {
  /// The whole text that was parsed.
  public var text: String

  /// The offset of the first wrong byte, in UTF-8 bytes from the start of the text.
  ///
  /// It equals the text's length when something is missing at the end.
  public var offset: Int

  /// What is wrong at the offset.
  public var reason: Reason

  /// Creates an error about the byte at `offset` of `text`.
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
    /// A number with a leading zero, which parsers read as octal or decimal (RFC 6943 §3.1.1).
    case leadingZero
    case octetTooLarge
    case tooFewOctets
    case expectedDot
    case groupTooLong
    case tooFewGroups
    case tooManyGroups
    case secondDoubleColon
    case expectedColon
    /// A zone such as `%eth0`, which names an interface of one host and is not part of the address.
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
  /// The reason as a clause that can follow a colon.
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
