/// Questions and exercises: a third-level heading and the blocks after it become one block.
extension NoteParser {
  static let questionPrefix = "Question:"
  static let exercisePrefix = "Exercise:"

  mutating func groupQuestionsAndExercises(_ blocks: [Block]) -> [Block] {
    var result: [Block] = []
    var rest = blocks[...]
    while let block = rest.popFirst() {
      if case .heading(3, let title) = block.content {
        let text = title.plainText
        if text.hasPrefix(Self.questionPrefix) {
          if let question = takeQuestion(block, title, from: &rest) {
            result.append(question)
            continue
          }
        } else if text.hasPrefix(Self.exercisePrefix) {
          if let exercise = takeExercise(block, title, from: &rest) {
            result.append(exercise)
            continue
          }
        } else if let word = text.split(separator: ":").first, word.count < text.count,
          let meant = Suggestion.nearest(to: String(word), among: ["Question", "Exercise"])
        {
          report(block.range.start, "'\(word):' opens nothing; did you mean '\(meant):'?")
        }
      }
      if case .details(let details) = block.content,
        details.summary == "Hint" || details.summary.hasPrefix("Answer:")
      {
        report(
          block.range.start,
          details.summary == "Hint"
            ? "a hint outside an exercise; put it behind '### Exercise: …'"
            : "an answer outside a question; put it behind '### Question: …'")
      }
      result.append(block)
    }
    return result
  }

  /// The heading's text after `Question:` or `Exercise:`, with its styling.
  private func title(_ inlines: [Inline], without prefix: String) -> [Inline] {
    guard case .text(let first) = inlines.first, first.hasPrefix(prefix) else { return inlines }
    let rest = first.dropFirst(prefix.count).trimmed
    // A space precedes styled words: "Question: *which* one".
    let separator = inlines.count > 1 && first.last == " " && !rest.isEmpty ? " " : ""
    return (rest.isEmpty ? [] : [.text(rest + separator)]) + inlines.dropFirst()
  }

  /// Takes the blocks up to the next heading of the same level or above that `isLast` does not stop.
  private func takeSection(
    from rest: inout ArraySlice<Block>, through isLast: (Block) -> Bool
  ) -> [Block] {
    var section: [Block] = []
    while let block = rest.first {
      if case .heading(let level, _) = block.content, level <= 3 { break }
      section.append(rest.removeFirst())
      if isLast(block) { break }
    }
    return section
  }

  // MARK: Questions

  private mutating func takeQuestion(
    _ heading: Block, _ inlines: [Inline], from rest: inout ArraySlice<Block>
  ) -> Block? {
    let before = rest
    var section = takeSection(from: &rest) {
      if case .details = $0.content { true } else { false }
    }
    guard let last = section.popLast(), case .details(let details) = last.content,
      details.summary.hasPrefix("Answer:")
    else {
      rest = before
      report(
        heading.range.start,
        "this question has no answer; end it with <details><summary>Answer: …</summary>")
      return nil
    }
    let key = details.summary.dropFirst("Answer:".count).trimmed
    let title = title(inlines, without: Self.questionPrefix)
    let range = SourceRange(start: heading.range.start, endLine: last.range.endLine)
    var answer = Question.Answer.typed(key, explanation: details.blocks)
    if key.isEmpty {
      report(last.range.start, "the answer is empty; write it behind 'Answer:'")
    }
    if let choices = section.last?.orderedItems {
      section.removeLast()
      answer = choiceAnswer(choices, key, details, at: last.range.start)
    } else if key.hasPrefix("run ") {
      let id = key.dropFirst("run ".count).trimmed
      if exampleIDs[id] == nil {
        report(
          last.range.start,
          "no example '\(id)' in this note"
            + Suggestion.phrase(for: id, among: exampleIDs.keys.sorted()))
      }
      answer = .run(
        Example.Reference(name: id, position: last.range.start), explanation: details.blocks)
    }
    return Block(.question(Question(title: title, prompt: section, answer: answer)), range)
  }

  private mutating func choiceAnswer(
    _ choices: [[Block]], _ key: String, _ details: Details, at position: SourcePosition
  ) -> Question.Answer {
    if !(2...5).contains(choices.count) {
      report(position, "a question has two to five choices; this one has \(choices.count)")
    }
    let correct = Int(key) ?? 0
    if !(1...max(1, choices.count)).contains(correct) {
      report(position, "the answer is one of the choices, 1 to \(choices.count); it says '\(key)'")
    }
    let reasons = details.blocks.lazy.compactMap(\.orderedItems).first ?? []
    if reasons.count != choices.count {
      report(
        position,
        "each of the \(choices.count) choices needs a reason in an ordered list; "
          + "here are \(reasons.count)")
    }
    return .choice(choices: choices, correct: correct, reasons: reasons)
  }

  // MARK: Exercises

  private mutating func takeExercise(
    _ heading: Block, _ inlines: [Inline], from rest: inout ArraySlice<Block>
  ) -> Block? {
    let before = rest
    var task = takeSection(from: &rest) {
      if case .details(let details) = $0.content { details.summary == "Hint" } else { false }
    }
    var hints: [[Block]] = []
    var endLine = task.last?.range.endLine ?? heading.range.endLine
    if case .details(let details) = task.last?.content, details.summary == "Hint" {
      task.removeLast()
      hints.append(details.blocks)
    }
    while !hints.isEmpty, case .details(let details) = rest.first?.content,
      details.summary == "Hint"
    {
      hints.append(details.blocks)
      endLine = rest.removeFirst().range.endLine
    }
    if hints.count != 3 {
      report(
        heading.range.start,
        "an exercise has exactly three <details><summary>Hint</summary>; this one has \(hints.count)"
      )
    }
    guard let (id, position) = exerciseLink(in: task) else {
      rest = before
      report(
        heading.range.start,
        "an exercise links to its skeleton: [Exercise.swift](../Exercises/ID/Exercise.swift)")
      return nil
    }
    return Block(
      .exercise(
        Exercise(
          id: id, title: title(inlines, without: Self.exercisePrefix), task: task, hints: hints,
          position: position)),
      SourceRange(start: heading.range.start, endLine: endLine))
  }

  private func exerciseLink(in blocks: [Block]) -> (id: String, position: SourcePosition)? {
    var found: (String, SourcePosition)?
    blocks.forEachNested { block in
      block.inlines.forEachLink { link in
        let parts = link.destination.split(separator: "/")
        if found == nil, parts.count == 4, parts[0] == "..", parts[1] == "Exercises",
          parts[3] == "Exercise.swift", Self.isID(String(parts[2]))
        {
          found = (String(parts[2]), link.position)
        }
      }
    }
    return found
  }
}

extension Block {
  fileprivate var orderedItems: [[Block]]? {
    guard case .list(let list) = content, list.start != nil else { return nil }
    return list.items
  }
}

extension Sequence<Inline> {
  /// Calls `body` for every CommonMark link, including those inside emphasis.
  public func forEachLink(_ body: (MarkdownLink) -> Void) {
    for inline in self {
      if case .link(let link) = inline { body(link) } else { inline.children.forEachLink(body) }
    }
  }

  /// Calls `body` for every wiki link and embedding, including those inside emphasis and labels.
  public func forEachWikiLink(_ body: (WikiLink) -> Void) {
    for inline in self {
      switch inline {
      case .wikiLink(let link), .embed(let link): body(link)
      default: inline.children.forEachWikiLink(body)
      }
    }
  }
}
