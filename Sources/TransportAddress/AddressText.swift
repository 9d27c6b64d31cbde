/// A value with one canonical text, by which it prints, parses, encodes and is written as a literal.
public protocol AddressText:
  CustomStringConvertible, ExpressibleByStringLiteral, Codable, Hashable, Comparable, Sendable
{
  /// Reads the whole text.
  ///
  /// - Throws: ``AddressParseError`` with the offset of the first byte that cannot be right.
  /// - Complexity: O(the text's length).
  init(parsing text: some StringProtocol) throws(AddressParseError)
}

extension AddressText {
  /// Reads a literal; a malformed one is the programmer's error and traps.
  public init(stringLiteral text: String) {
    do throws(AddressParseError) {
      try self.init(parsing: text)
    } catch {
      preconditionFailure(error.description)
    }
  }

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

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}
