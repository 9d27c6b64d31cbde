import Terminal

/// Two lists or dictionaries side by side, an element a row.
struct ListComparison: Equatable {
  private var expected: [String]
  private var actual: [String]

  /// Takes both values apart; nil unless both are lists, or both dictionaries.
  init?(_ comparison: Comparison) {
    guard let expected = Self.elements(of: comparison.expected),
      let actual = Self.elements(of: comparison.actual)
    else { return nil }
    // A dictionary has no order of its own.
    let isTable = comparison.expected == "[:]" || expected.contains { $0.contains(": ") }
    self.expected = isTable ? expected.sorted() : expected
    self.actual = isTable ? actual.sorted() : actual
  }

  /// The elements of `[a, b]` or `[a: b]`.
  private static func elements(of text: String) -> [String]? {
    guard text.hasPrefix("["), text.hasSuffix("]") else { return nil }
    let inner = text.dropFirst().dropLast()
    if inner.isEmpty || inner == ":" { return [] }
    var elements: [String] = []
    var element = ""
    var depth = 0
    for character in inner {
      if "([".contains(character) { depth += 1 }
      if ")]".contains(character) { depth -= 1 }
      if character == ",", depth == 0 {
        elements.append(element)
        element = ""
      } else if !(element.isEmpty && character == " ") {
        element.append(character)
      }
    }
    return elements + [element]
  }

  private static let mostRows = 7

  /// The rows; empty where they do not fit side by side.
  func lines(_ presentation: Presentation, indentation: String) -> [StyledText] {
    let column = (presentation.proseWidth - indentation.count - 4) / 2
    guard (expected + actual).allSatisfy({ $0.displayWidth <= column }) else { return [] }
    let count = max(expected.count, actual.count)
    let different = presentation.unicode ? "\u{2260}" : "!="
    var lines = [
      StyledText(indentation) + StyledText("should be", .label).padded(to: column + 4)
        + StyledText("but is", .label)
    ]
    // The rows begin shortly before the first difference.
    let first = (0..<count).first { row in !isEqual(row) } ?? 0
    let start = count > Self.mostRows ? max(0, min(first - 1, count - Self.mostRows)) : 0
    for row in (start..<count).prefix(Self.mostRows) {
      let left = expected.indices.contains(row) ? expected[row] : ""
      let right = actual.indices.contains(row) ? actual[row] : ""
      let mark = isEqual(row) ? "  " : different
      lines.append(
        StyledText(indentation) + StyledText(left, .code).padded(to: column)
          + StyledText(" \(mark)").padded(to: 4)
          + StyledText(right, isEqual(row) ? .code : .highlight))
    }
    if count > Self.mostRows {
      lines.append(
        StyledText(
          "\(indentation)rows \(start + 1) to \(start + Self.mostRows) of \(count)", .muted))
    }
    return lines
  }

  private func isEqual(_ row: Int) -> Bool {
    expected.indices.contains(row) && actual.indices.contains(row) && expected[row] == actual[row]
  }
}
