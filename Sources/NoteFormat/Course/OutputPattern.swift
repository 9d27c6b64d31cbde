/// The expected output of an example: `...` matches any lines, `[..]` any text within a line.
public struct OutputPattern: Hashable, Sendable {
  /// The lines of the pattern, without line feeds.
  public var lines: [String]

  init(lines: [String]) {
    self.lines = lines
  }

  /// Creates a pattern from the text of an `output` fence.
  public init(_ text: String) {
    lines = Self.lines(of: text)
  }

  /// The lines of a text; text after the last line feed is a line if it is not empty.
  public static func lines(of text: String) -> [String] {
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    if lines.last == "" { lines.removeLast() }
    return lines
  }

  /// Whether the printed text matches the pattern.
  ///
  /// - Complexity: O(*n* · *m*) in the numbers of lines.
  public func matches(_ printed: String) -> Bool {
    alignment(with: Self.lines(of: printed)) != nil
  }

  /// The range of printed lines that each line of the pattern matches; nil if they differ.
  ///
  /// Each `...` matches as few lines as possible.
  public func alignment(with printed: [String]) -> [Range<Int>]? {
    // Where matching restarts after the last `...`, as in matching a glob.
    var alignment: [Range<Int>] = []
    var position = 0
    var restart: (line: Int, position: Int)?
    var index = 0
    while index < lines.count || position < printed.count {
      if index < lines.count, lines[index] == "..." {
        restart = (index, position)
        alignment.append(position..<position)
        index += 1
      } else if index < lines.count, position < printed.count,
        Self.line(lines[index], matches: printed[position])
      {
        alignment.append(position..<(position + 1))
        index += 1
        position += 1
      } else if let last = restart, last.position < printed.count {
        // The last `...` matches one more line.
        restart = (last.line, last.position + 1)
        alignment.removeSubrange((last.line + 1)...)
        alignment[last.line] = alignment[last.line].lowerBound..<(last.position + 1)
        index = last.line + 1
        position = last.position + 1
      } else {
        return nil
      }
    }
    return alignment
  }

  /// Whether one printed line matches one line of a pattern.
  public static func line(_ pattern: String, matches printed: String) -> Bool {
    guard pattern.contains("[..]") else { return pattern == printed }
    var pieces = Self.pieces(of: pattern)[...]
    var rest = printed[...]
    // The first piece starts the line and the last one ends it; the others follow in order.
    guard let first = pieces.popFirst(), rest.hasPrefix(first) else { return false }
    rest = rest.dropFirst(first.count)
    guard let last = pieces.popLast() else { return rest.isEmpty }
    for piece in pieces where !piece.isEmpty {
      guard let found = rest.firstRange(of: piece) else { return false }
      rest = rest[found.upperBound...]
    }
    return rest.hasSuffix(last)
  }

  private static func pieces(of pattern: String) -> [Substring] {
    var pieces: [Substring] = []
    var rest = pattern[...]
    while let found = rest.firstRange(of: "[..]") {
      pieces.append(rest[..<found.lowerBound])
      rest = rest[found.upperBound...]
    }
    return pieces + [rest]
  }

  /// The text for the note's `output` fence after a new run; ellipses that still match are kept.
  public func updated(with printed: String) -> String {
    let printedLines = Self.lines(of: printed)
    if alignment(with: printedLines) != nil { return Self.text(lines) }
    let kept = OutputPattern(lines: keepingEllipses(in: printedLines))
    return Self.text(kept.matches(printed) ? kept.lines : printedLines)
  }

  /// The printed lines, with the ellipses whose neighboring lines are still printed.
  private func keepingEllipses(in printed: [String]) -> [String] {
    var result: [String] = []
    var position = 0
    for (index, line) in lines.enumerated() {
      if line == "..." {
        let next = lines[(index + 1)...].first
        if let next, next != "...", index > 0 || position == 0,
          let found = printed[position...].firstIndex(where: { Self.line(next, matches: $0) }),
          index == 0 || result.last == lines[index - 1]
        {
          result.append(line)
          position = found
        } else if next == nil, index == 0 || result.last == lines[index - 1] {
          return result + [line]
        }
      } else if let found = printed[position...].firstIndex(where: { Self.line(line, matches: $0) })
      {
        result += printed[position..<found]
        // A line with `[..]` that still matches stays as the author wrote it.
        result.append(line)
        position = found + 1
      }
    }
    return result + printed[position...]
  }

  private static func text(_ lines: [String]) -> String {
    lines.map { $0 + "\n" }.joined()
  }
}
