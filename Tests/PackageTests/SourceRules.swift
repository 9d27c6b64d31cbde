/// A line of a source file that breaks a rule.
struct Violation: Hashable, CustomStringConvertible {
  var path: String
  /// Counted from 1.
  var line: Int
  var text: String

  var description: String { "\(path):\(line): \(text)" }
}

extension SourceFile {
  private func violation(_ index: Int, _ text: some StringProtocol) -> Violation {
    Violation(path: path, line: index + 1, text: text.trimmingPrefix { $0 == " " }.description)
  }

  /// The public declarations without a doc comment.
  ///
  /// Every declaration with the word `public` counts, also the members that a protocol requires;
  /// cases of enumerations and members of protocols, which have no such word, do not.
  var undocumentedDeclarations: [Violation] {
    let declaration =
      /\s*(?:@[\w.]+(?:\([^)]*\))?\s+|(?:static|final|nonisolated|indirect|mutating)\s+)*(?:public|open)\s+(?!import\b|extension\b).*/
    return lines.indices.compactMap { index in
      guard lines[index].contains("public ") || lines[index].contains("open "),
        lines[index].wholeMatch(of: declaration) != nil
      else { return nil }
      var previous = index - 1
      while previous >= 0, lines[previous].firstMatch(of: /^\s*(@|#|\)|\/\/ snippet\.)/) != nil {
        previous -= 1
      }
      let isDocumented = previous >= 0 && lines[previous].firstMatch(of: /^\s*\/\/\//) != nil
      return isDocumented ? nil : violation(index, lines[index])
    }
  }

  /// The doc comments whose first sentence is too long to be read at a glance.
  func longFirstSentences(limit: Int = 150) -> [Violation] {
    docComments.compactMap { start, paragraph in
      let end = paragraph.firstRange(of: /[.:;?](?=\s|$)/)?.upperBound ?? paragraph.endIndex
      let sentence = paragraph[..<end]
      return sentence.count > limit ? violation(start, "\(sentence.count) characters") : nil
    }
  }

  /// The first paragraph of each doc comment, with the index of its first line.
  private var docComments: [(start: Int, paragraph: String)] {
    var comments: [(start: Int, paragraph: String)] = []
    var isOpen = false
    var isInside = false
    for (index, line) in lines.enumerated() {
      guard line.contains("///"), let match = line.firstMatch(of: /^\s*\/\/\/ ?(.*)$/) else {
        isInside = false
        isOpen = false
        continue
      }
      let text = match.output.1
      if !isInside {
        comments.append((index, String(text)))
        isOpen = true
      } else if isOpen {
        isOpen = !text.isEmpty && !text.hasPrefix("-")
        if isOpen { comments[comments.count - 1].paragraph += " " + text }
      }
      isInside = true
    }
    return comments
  }

  /// The comments with a match of a pattern.
  func comments(matching pattern: Regex<Substring>) -> [Violation] {
    lines.indices.filter { lines[$0].contains("//") && lines[$0].firstMatch(of: pattern) != nil }
      .map { violation($0, lines[$0]) }
  }

  /// The lines that contain a word in any case, also within other words.
  func lines(containing word: String) -> [Violation] {
    lines.indices.filter { lines[$0].lowercased().contains(word) }
      .map { violation($0, lines[$0]) }
  }

  /// The numbers in each `pitfall N` and `Pitfalls N and M` of the comments.
  var citedPitfalls: [(line: Int, number: Int)] {
    lines.enumerated().filter { $1.contains("itfall") }.flatMap { index, line in
      line.matches(of: /[Pp]itfalls? (\d+(?:(?:, | and |, and )\d+)*)/).flatMap { match in
        match.output.1.matches(of: /\d+/).compactMap { Int($0.output) }.map { (index + 1, $0) }
      }
    }
  }

  /// The names of the public types that the file declares outside of any other type.
  var publicTypes: [String] {
    let declaration =
      /^(?:@[\w.]+(?:\([^)]*\))?\s+)*public (?:final |indirect )?(?:struct|enum|class|actor|protocol|typealias) (\w+).*/
    return lines.filter { $0.contains("public ") }
      .compactMap { $0.wholeMatch(of: declaration).map { String($0.output.1) } }
  }
}
