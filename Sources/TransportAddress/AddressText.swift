/// A value with one canonical text, which is its description, its encoding and its literal.
public protocol AddressText:
  CustomStringConvertible, ExpressibleByStringLiteral, Codable, Hashable, Comparable, Sendable
{
  /// Parses the whole text.
  ///
  /// - Throws: ``AddressParseError`` with the offset of the first wrong byte.
  /// - Complexity: O(the text's length).
  init(parsing text: some StringProtocol) throws(AddressParseError)
}

extension AddressText {
  /// Parses a literal; a malformed literal is a programming error and traps.
  public init(stringLiteral text: String) {
    do throws(AddressParseError) {
      try self.init(parsing: text)
    } catch {
      preconditionFailure(error.description)
    }
  }

  /// Decodes the canonical text from a string.
  ///
  /// - Throws: `DecodingError.dataCorrupted` if the string is not an address.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let text = try container.decode(String.self)
    do throws(AddressParseError) {
      try self.init(parsing: text)
    } catch {
      throw DecodingError.dataCorruptedError(
        in: container, debugDescription: error.description)
    }
  }

  /// Encodes the canonical text as a string.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}
