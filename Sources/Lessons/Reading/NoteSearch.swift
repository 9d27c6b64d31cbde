public import NoteFormat
public import Terminal

/// A search for words in notes.
public enum NoteSearch {
  /// A line that contains some of the words, in a step that contains all of them.
  public struct Match: Hashable, Sendable {
    /// The note's slug.
    public var note: String
    /// The step's anchor.
    public var step: String
    /// The step's title.
    public var title: String
    /// The text of the line.
    public var line: String
    /// The ranges of the words in the line, in reading order.
    public var marks: [Range<String.Index>]
  }

  /// The matches in the order of the course, at most `limit` lines for each step.
  ///
  /// Each search word must be the beginning of a word of the step; case is ignored. Folded answers and
  /// hints are not searched.
  /// - Complexity: O(*n* · *m*) in the length of the notes and the number of words.
  public static func matches(
    of words: String, in course: Course, limit: Int = 3
  ) -> [Match] {
    let words = words.lowercased().split(whereSeparator: \.isWhitespace).map(String.init)
    guard !words.isEmpty else { return [] }
    return course.notes.flatMap { note in
      note.steps.indices.flatMap { matches(of: words, in: note, step: $0, limit: limit) }
    }
  }

  private static func matches(
    of words: [String], in note: Note, step index: Int, limit: Int
  ) -> [Match] {
    let step = note.steps[index]
    // A search of the step's Markdown excludes most steps quickly.
    let source = step.source.lowercased()
    guard words.allSatisfy(source.contains) else { return [] }
    let title = step.title.plainText
    let lines = NotePage.lines(
      of: note, step: index, Presentation(width: Presentation.widestProse)
    ).dropFirst().map { trimmed($0.text) }
    var found: Set<String> = []
    var matches: [Match] = []
    for line in [title] + lines {
      var marks: [Range<String.Index>] = []
      for word in words {
        let ranges = self.ranges(of: word, in: line)
        if !ranges.isEmpty { found.insert(word) }
        marks += ranges
      }
      guard !marks.isEmpty, matches.count < limit else { continue }
      matches.append(
        Match(
          note: note.slug, step: step.anchor, title: title, line: line, marks: joined(marks)))
    }
    return found.count == Set(words).count ? matches : []
  }

  /// The ranges in a line at which one of the words begins, in reading order.
  public static func marks(of words: String, in line: String) -> [Range<String.Index>] {
    let words = words.lowercased().split(whereSeparator: \.isWhitespace).map(String.init)
    return joined(words.flatMap { ranges(of: $0, in: line) })
  }

  private static func trimmed(_ line: String) -> String {
    String(line.drop { $0 == " " })
  }

  private static func ranges(of word: String, in line: String) -> [Range<String.Index>] {
    var ranges: [Range<String.Index>] = []
    var start = line.startIndex
    while start < line.endIndex {
      let isWordStart =
        start == line.startIndex || !isWordCharacter(line[line.index(before: start)])
        || !isWordCharacter(line[start])
      if isWordStart, let end = end(of: word, in: line[start...]) {
        ranges.append(start..<end)
        start = end
      } else {
        start = line.index(after: start)
      }
    }
    return ranges
  }

  private static func isWordCharacter(_ character: Character) -> Bool {
    character.isLetter || character.isNumber
  }

  /// The end of `word` at the beginning of `text`; nil if the text does not begin with it.
  private static func end(of word: String, in text: Substring) -> String.Index? {
    var rest = word[...]
    var index = text.startIndex
    while !rest.isEmpty {
      guard index < text.endIndex else { return nil }
      let character = text[index].lowercased()
      guard rest.hasPrefix(character) else { return nil }
      rest = rest.dropFirst(character.count)
      index = text.index(after: index)
    }
    return index
  }

  private static func joined(_ marks: [Range<String.Index>]) -> [Range<String.Index>] {
    var joined: [Range<String.Index>] = []
    for mark in marks.sorted(by: { $0.lowerBound < $1.lowerBound }) {
      if let last = joined.last, mark.lowerBound <= last.upperBound {
        joined[joined.count - 1] = last.lowerBound..<max(last.upperBound, mark.upperBound)
      } else {
        joined.append(mark)
      }
    }
    return joined
  }
}

extension NoteSearch.Match {
  /// The line with its words marked, by brackets if the presentation has no styles.
  public func markedLine(_ presentation: Presentation) -> StyledText {
    var text = StyledText()
    var end = line.startIndex
    for mark in marks {
      text.append(String(line[end..<mark.lowerBound]))
      if presentation.emphasis {
        text.append(String(line[mark]), .highlight)
      } else {
        text.append("[\(line[mark])]")
      }
      end = mark.upperBound
    }
    text.append(String(line[end...]))
    return text
  }
}
