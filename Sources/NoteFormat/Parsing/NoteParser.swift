extension Note {
  /// Parses a note from the bytes of a file.
  ///
  /// Any CommonMark text gives a note. Violations of the note format are returned beside it in file
  /// order, so that a reader can open arbitrary notes and a check can reject a course's notes.
  ///
  /// - Throws: a `Problem` only if the text is over 4 MiB or is nested deeper than 100 levels.
  public static func parse(
    _ bytes: [UInt8], file: String
  ) throws(Problem) -> (note: Note, problems: [Problem]) {
    var parser = NoteParser(SourceText(file: file, bytes: bytes))
    let note = try parser.parse()
    return (note, parser.problems.sorted { $0.position < $1.position })
  }
}

/// Runs the passes that turn the blocks of CommonMark into a note.
struct NoteParser {
  private(set) var source: SourceText
  private(set) var problems: [Problem] = []
  /// The properties of each code block, by its first line.
  private(set) var codes: [Int: Markdown.RawCode] = [:]
  /// The footnotes so far, and the numbers of all of them.
  private var footnotes: [Footnote] = []
  private var footnoteNumbers = FootnoteNumbers()
  /// The number of examples so far, which names those without an id.
  var exampleCount = 0
  /// The position of the blanks of a prediction, by the line of its fence.
  var blankPositions: [Int: SourcePosition] = [:]
  /// The position where each example id was first used.
  var exampleIDs: [String: SourcePosition] = [:]

  init(_ source: SourceText) {
    self.source = source
  }

  mutating func report(_ position: SourcePosition, _ message: String) {
    problems.append(Problem(file: source.file, position: position, message: message))
  }

  mutating func parse() throws(Problem) -> Note {
    try NestingGuard.check(source)
    let frontMatter = FrontMatter(source)
    source = frontMatter.remainder
    footnoteNumbers = FootnoteNumbers(source)
    var blocks = try self.blocks(of: source, lineOffset: 0)
    blocks = try foldDetails(blocks)
    blocks = readFences(blocks)
    checkContinuations(in: blocks)
    checkBlanks(in: blocks)

    let (number, slug) = Slug.parts(ofFile: source.file)
    let title = takeTitle(from: &blocks)
    var note = Note(
      file: source.file, number: number, slug: slug, title: title ?? frontMatter.title ?? slug,
      aliases: frontMatter.aliases, introduction: [], steps: [])
    splitIntoSteps(blocks, into: &note)
    note.footnotes = footnotes.sorted { $0.number < $1.number }
    return note
  }

  /// Parses Markdown that is part of a block of raw HTML.
  mutating func blocks(of text: String, lineOffset: Int) throws(Problem) -> [Block] {
    try blocks(of: SourceText(file: source.file, text: text), lineOffset: lineOffset)
  }

  private mutating func blocks(of text: SourceText, lineOffset: Int) throws(Problem) -> [Block] {
    var markdown = Markdown(text, lineOffset: lineOffset, footnotes: footnoteNumbers)
    let blocks = try markdown.blocks()
    codes.merge(markdown.codes) { _, new in new }
    let known = Set(footnotes.map(\.name))
    footnotes += markdown.footnotes.filter { !known.contains($0.name) }
    return blocks
  }

  /// Reports every `after` that does not name an earlier example of the same note.
  private mutating func checkContinuations(in blocks: [Block]) {
    var seen: [String: (mode: Example.Mode, chainLength: Int)] = [:]
    for example in blocks.examples {
      var chainLength = 1
      if let after = example.after {
        chainLength += seen[after.name]?.chainLength ?? 0
        switch seen[after.name]?.mode {
        case .runs where chainLength > ExampleFunctions.longestChain:
          report(
            after.position,
            "\(ExampleFunctions.longestChain) examples may continue each other, no more; begin anew"
          )
        case .runs: break
        case .fails:
          report(
            after.position, "example '\(after.name)' does not compile, so none can continue it")
        case nil:
          report(
            after.position,
            "no example '\(after.name)' stands before this one"
              + Suggestion.phrase(for: after.name, among: seen.keys.sorted()))
        }
      }
      seen[example.id] = (example.mode, chainLength)
    }
  }

  // MARK: Title and steps

  private mutating func takeTitle(from blocks: inout [Block]) -> String? {
    func isTitle(_ block: Block) -> Bool {
      if case .heading(1, _) = block.content { true } else { false }
    }
    guard let index = blocks.firstIndex(where: isTitle) else {
      report(
        SourcePosition(line: 1, column: 1), "a note starts with its title: a line '# Title'")
      return nil
    }
    if index != 0 {
      report(blocks[index].range.start, "the title must be the first block of the note")
    }
    let title = blocks.remove(at: index)
    for block in blocks where isTitle(block) {
      report(block.range.start, "a note has one title; make this heading a step with '##'")
    }
    return title.inlines.plainText
  }

  private mutating func splitIntoSteps(_ blocks: [Block], into note: inout Note) {
    var anchors: [String: Int] = [:]
    func finish(_ pending: [Block]) {
      let grouped = groupQuestionsAndExercises(pending)
      if note.steps.isEmpty {
        note.introduction = grouped
      } else {
        note.steps[note.steps.count - 1].blocks = grouped
        let last = grouped.last?.range.endLine ?? 0
        note.steps[note.steps.count - 1].range.endLine = max(
          note.steps[note.steps.count - 1].range.endLine, last)
      }
    }
    var pending: [Block] = []
    for block in blocks {
      guard case .heading(2, let title) = block.content else {
        pending.append(block)
        continue
      }
      finish(pending)
      pending = []
      let base = Slug.anchor(title.plainText)
      let uses = anchors[base, default: 0]
      anchors[base] = uses + 1
      if uses > 0 {
        report(block.range.start, "step '\(title.plainText)' has the name of an earlier one")
      }
      note.steps.append(
        Step(
          title: title, anchor: uses == 0 ? base : "\(base)-\(uses)", blocks: [],
          range: block.range, source: ""))
    }
    finish(pending)
    for index in note.steps.indices {
      let next = note.steps[(index + 1)...].first?.range.start.line ?? source.lineCount + 1
      note.steps[index].source = source.text(note.steps[index].range.start.line..<next)
    }
  }
}
