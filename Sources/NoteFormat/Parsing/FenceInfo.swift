/// The parts of a fence's info string: the language, then attributes with their positions.
///
/// `swift id=nat-outbound predict after=nat-setup`
struct FenceInfo {
  struct Attribute {
    var name: String
    var value: String?
    var position: SourcePosition
    /// The position of the value.
    var valuePosition: SourcePosition
  }

  var language: String
  var position: SourcePosition
  var attributes: [Attribute] = []

  /// Parses the opening line of a fence.
  init(line: ArraySlice<UInt8>, range: SourceRange) {
    let fence = line.dropFirst(range.start.column - 1)
    let mark = fence.first ?? 0
    var column = range.start.column
    var rest = fence[...]
    while rest.first == mark {
      rest.removeFirst()
      column += 1
    }
    language = ""
    position = SourcePosition(line: range.start.line, column: column)
    var isFirst = true
    while !rest.isEmpty {
      if Self.isBlank(rest.first!) {
        rest.removeFirst()
        column += 1
        continue
      }
      let word = rest.prefix { !Self.isBlank($0) }
      let wordPosition = SourcePosition(line: range.start.line, column: column)
      let text = String(decoding: word, as: UTF8.self)
      if isFirst {
        language = text
        position = wordPosition
      } else {
        let halves = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let hasValue = halves.count > 1
        attributes.append(
          Attribute(
            name: String(halves[0]), value: hasValue ? String(halves[1]) : nil,
            position: wordPosition,
            valuePosition: SourcePosition(
              line: range.start.line,
              column: column + (hasValue ? halves[0].utf8.count + 1 : 0))))
      }
      isFirst = false
      column += word.count
      rest = rest[word.endIndex...]
    }
  }

  private static func isBlank(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t")
  }
}
