/// The parts of an expectation's message: `(expression → actual) == (expression → expected)`.
struct Comparison: Equatable {
  var expression: String
  var actual: String
  var expected: String
  /// Whether the values should be equal, and not different.
  var isEquality: Bool

  /// Parses a message; nil if it has a different form and must be shown unchanged.
  init?(_ message: String) {
    guard let middle = Self.middle(of: message) else { return nil }
    let (left, right) = (message[..<middle.lowerBound], message[middle.upperBound...])
    guard let actual = Self.value(of: left) else { return nil }
    isEquality = message[middle] == " == "
    expression = actual.expression
    self.actual = actual.value
    expected = Self.value(of: right)?.value ?? String(right)
  }

  /// The part of the actual value between the common prefix and suffix of both values; empty if they
  /// have nothing in common.
  var differingPart: Range<String.Index> {
    let prefix = zip(actual, expected).prefix { $0 == $1 }.count
    let suffix = zip(actual.dropFirst(prefix).reversed(), expected.dropFirst(prefix).reversed())
      .prefix { $0 == $1 }.count
    let start = actual.index(actual.startIndex, offsetBy: prefix)
    let end = actual.index(actual.endIndex, offsetBy: -suffix)
    return prefix + suffix == 0 ? start..<start : start..<end
  }

  /// Both values without what precedes the difference, and cut to a length.
  func excerpt(_ length: Int) -> Comparison {
    let context = 16
    let prefix = zip(actual, expected).prefix { $0 == $1 }.count
    let dropped = prefix > context * 2 ? prefix - context : 0
    func cut(_ value: String) -> String {
      let rest = value.dropFirst(dropped)
      return (dropped > 0 ? "... " : "") + rest.prefix(length)
        + (rest.count > length ? " ..." : "")
    }
    var copy = self
    copy.actual = cut(actual)
    copy.expected = cut(expected)
    return copy
  }

  /// The range of ` == ` or ` != ` outside all parentheses, brackets and quotes.
  private static func middle(of message: String) -> Range<String.Index>? {
    var depth = 0
    var isInString = false
    var index = message.startIndex
    while index < message.endIndex {
      switch message[index] {
      case "\"": isInString.toggle()
      case "(" where !isInString, "[" where !isInString: depth += 1
      case ")" where !isInString, "]" where !isInString: depth -= 1
      case " "
      where depth == 0 && !isInString
        && (message[index...].hasPrefix(" == ") || message[index...].hasPrefix(" != ")):
        return index..<message.index(index, offsetBy: 4)
      default: break
      }
      index = message.index(after: index)
    }
    return nil
  }

  private static func value(of side: Substring) -> (expression: String, value: String)? {
    guard side.hasPrefix("("), side.hasSuffix(")"), let arrow = side.firstRange(of: " → ") else {
      return nil
    }
    let inner = side.dropFirst().dropLast()
    return (String(inner[..<arrow.lowerBound]), String(inner[arrow.upperBound...]))
  }
}
