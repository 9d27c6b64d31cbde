import Terminal

/// A text that is being typed, with a cursor.
struct TextInput: Hashable, Sendable {
  private(set) var lines: [[Character]] = [[]]
  private(set) var row = 0
  private(set) var column = 0
  /// Whether Enter starts a new line instead of ending the input.
  let isMultiline: Bool

  init(isMultiline: Bool) {
    self.isMultiline = isMultiline
  }

  enum Outcome {
    case editing, done, cancelled
  }

  var text: String { lines.map { String($0) }.joined(separator: "\n") }
  var isEmpty: Bool { lines.allSatisfy(\.isEmpty) }

  mutating func pressed(_ key: TerminalKey) -> Outcome {
    switch key {
    case .escape: return .cancelled
    case .control("d"): return .done
    case .enter:
      guard isMultiline else { return .done }
      let rest = Array(lines[row][column...])
      lines[row].removeSubrange(column...)
      lines.insert(rest, at: row + 1)
      (row, column) = (row + 1, 0)
    case .character(let character):
      lines[row].insert(character, at: column)
      column += 1
    case .backspace:
      if column > 0 {
        column -= 1
        lines[row].remove(at: column)
      } else if row > 0 {
        column = lines[row - 1].count
        lines[row - 1] += lines[row]
        lines.remove(at: row)
        row -= 1
      }
    case .delete:
      if column < lines[row].count {
        lines[row].remove(at: column)
      } else if row + 1 < lines.count {
        lines[row] += lines.remove(at: row + 1)
      }
    case .left where column > 0: column -= 1
    case .left where row > 0: (row, column) = (row - 1, lines[row - 1].count)
    case .right where column < lines[row].count: column += 1
    case .right where row + 1 < lines.count: (row, column) = (row + 1, 0)
    case .home, .control("a"): column = 0
    case .end, .control("e"): column = lines[row].count
    case .up where row > 0:
      row -= 1
      column = min(column, lines[row].count)
    case .down where row + 1 < lines.count:
      row += 1
      column = min(column, lines[row].count)
    case .control("u"):
      lines[row].removeSubrange(..<column)
      column = 0
    default: break
    }
    return .editing
  }

  /// At most `height` lines around the cursor, and the position of the cursor in them.
  func view(height: Int) -> (lines: [StyledText], cursor: (row: Int, column: Int)) {
    let first = max(0, row - height + 1)
    let shown = lines[first..<min(lines.count, first + height)].map { StyledText(String($0)) }
    return (shown, (row - first, String(lines[row][..<column]).displayWidth))
  }
}
