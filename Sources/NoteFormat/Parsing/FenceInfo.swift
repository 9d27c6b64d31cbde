/// The parts of a fence's info string: the language, then attributes with their positions.
///
/// `swift id=nat-outbound predict="How many get in?" answer=1 after=nat-setup`
struct FenceInfo {
  struct Attribute {
    var name: String
    var value: String?
    var position: SourcePosition
    /// The position of the value, at its quotation mark if it has one.
    var valuePosition: SourcePosition
    /// Whether the value begins with a quotation mark and does not end with one.
    var isUnclosed = false
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
      let word = rest.prefix(Self.length(ofWord: rest))
      let wordPosition = SourcePosition(line: range.start.line, column: column)
      let text = String(decoding: word, as: UTF8.self)
      if isFirst {
        language = text
        position = wordPosition
      } else {
        let halves = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let hasValue = halves.count > 1
        let (value, isClosed) = hasValue ? Self.unquoted(halves[1]) : ("", true)
        attributes.append(
          Attribute(
            name: String(halves[0]), value: hasValue ? value : nil,
            position: wordPosition,
            valuePosition: SourcePosition(
              line: range.start.line,
              column: column + (hasValue ? halves[0].utf8.count + 1 : 0)),
            isUnclosed: !isClosed))
      }
      isFirst = false
      column += word.count
      rest = rest[word.endIndex...]
    }
  }

  /// The length of the word at the start of a text; blanks between quotation marks belong to it.
  private static func length(ofWord text: ArraySlice<UInt8>) -> Int {
    let quote = UInt8(ascii: "\"")
    var isQuoted = false
    var previous: UInt8 = 0
    for (length, byte) in text.enumerated() {
      if byte == quote {
        isQuoted = !isQuoted && previous == UInt8(ascii: "=")
      } else if isBlank(byte), !isQuoted {
        return length
      }
      previous = byte
    }
    return text.count
  }

  /// A value without its quotation marks, and whether those are a pair.
  private static func unquoted(_ value: Substring) -> (value: String, isClosed: Bool) {
    guard value.hasPrefix("\"") else { return (String(value), true) }
    let isClosed = value.count > 1 && value.hasSuffix("\"")
    return (String(isClosed ? value.dropFirst().dropLast() : value.dropFirst()), isClosed)
  }

  private static func isBlank(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t")
  }
}
