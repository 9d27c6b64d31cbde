public import NoteFormat
public import Terminal

/// A note, or one step of it, as lines of styled text.
public struct NotePage {
  /// What the page gives away.
  public enum Answers: Sendable {
    case hidden, shown
  }

  private let note: Note
  private let presentation: Presentation
  private let answers: Answers
  private var lines: [StyledText] = []

  /// The whole note, or one step of it by its place in `note.steps`.
  public static func lines(
    of note: Note, step: Int? = nil, answers: Answers = .hidden, _ presentation: Presentation
  ) -> [StyledText] {
    var page = NotePage(note: note, presentation: presentation, answers: answers)
    page.add(step: step)
    while page.lines.last?.isEmpty == true { page.lines.removeLast() }
    return page.lines
  }

  private init(note: Note, presentation: Presentation, answers: Answers) {
    self.note = note
    self.presentation = presentation
    self.answers = answers
  }

  private var width: Int { presentation.proseWidth }

  private mutating func add(step: Int?) {
    if let step {
      add(note.steps[step], number: step + 1)
      return
    }
    addWrapped(StyledText(note.title, .heading, emphasis: .bold))
    addRule("=")
    addBlank()
    add(note.introduction, Margin())
    for (index, step) in note.steps.enumerated() {
      addBlank()
      add(step, number: index + 1)
    }
  }

  private mutating func add(_ step: Step, number: Int) {
    let place = StyledText("Step \(number) of \(note.steps.count)  ", .muted)
    addWrapped(place + Self.styled(step.title).defaulting(to: .heading).emphasised(.bold))
    addRule("-")
    addBlank()
    add(step.blocks, Margin())
  }

  /// A line below a heading, where lines are drawn at all.
  private mutating func addRule(_ ascii: String) {
    guard !presentation.plain else { return }
    let mark = presentation.unicode ? (ascii == "=" ? "═" : "─") : ascii
    lines.append(StyledText(String(repeating: mark, count: width), .muted))
  }

  private mutating func addBlank() {
    if let last = lines.last, !last.isEmpty { lines.append("") }
  }

  // MARK: Text

  /// What stands left of the text.
  private struct Margin {
    var first: StyledText = ""
    var rest: StyledText = ""

    /// The same, once the first line is printed.
    var continued: Margin { Margin(first: rest, rest: rest) }

    func adding(_ first: StyledText, _ rest: StyledText) -> Margin {
      Margin(first: self.first + first, rest: self.rest + rest)
    }
  }

  private mutating func addWrapped(_ text: StyledText, _ margin: Margin = Margin()) {
    lines += presentation.prepared(text).wrapped(
      to: width, first: margin.first, continuation: margin.rest)
  }

  /// Code and output keep their lines and may be wider than prose; a line too long for the screen
  /// goes on below, further in.
  private mutating func addVerbatim(_ text: [StyledText], _ margin: Margin, bar: StyledText) {
    let text = text.map(presentation.prepared)
    let room = presentation.width - margin.rest.displayWidth
    let widest = text.map(\.displayWidth).max() ?? 0
    // A table that just fits the screen is worth more than its indentation.
    let bar = widest + bar.displayWidth <= room || widest > room ? bar : ""
    for line in text {
      lines += line.wrapped(
        to: presentation.width, first: margin.rest + bar, continuation: margin.rest + bar + "    ")
    }
  }

  static func styled(_ inlines: [Inline]) -> StyledText {
    var text = StyledText()
    for inline in inlines {
      switch inline {
      case .text(let words): text.append(words)
      case .code(let code): text.append(code, .code)
      case .emphasis(let children): text.append(styled(children).emphasised(.italic))
      case .strong(let children): text.append(styled(children).emphasised(.bold))
      case .link(let link):
        text.append(styled(link.label).defaulting(to: .link))
        // The address is worth its room where the words do not say it and it can be opened.
        if link.destination.contains("://"), link.label.plainText != link.destination {
          text.append(" (\(link.destination))", .muted)
        }
      case .image(let source, let description):
        text.append("[picture: \(description.isEmpty ? source : description.plainText)]", .note)
      case .wikiLink(let link): text.append(link.text, .link)
      case .html: break
      case .softBreak: text.append(" ")
      case .lineBreak: text.append("\n")
      }
    }
    return text
  }

  // MARK: Blocks

  private mutating func add(_ blocks: [Block], _ margin: Margin, isTight: Bool = false) {
    var margin = margin
    for block in blocks {
      add(block, margin)
      margin = margin.continued
      if !isTight { addBlank() }
    }
  }

  private mutating func add(_ block: Block, _ margin: Margin) {
    switch block.content {
    case .paragraph(let inlines): addWrapped(Self.styled(inlines), margin)
    case .heading(_, let inlines):
      addWrapped(Self.styled(inlines).defaulting(to: .subheading).emphasised(.bold), margin)
    case .list(let list): add(list, margin)
    case .quote(let blocks):
      let bar = StyledText(presentation.plain ? "> " : presentation.symbols.vertical + " ", .quote)
      add(blocks, margin.adding(bar, bar), isTight: blocks.count == 1)
    case .code(let code):
      let text =
        code.language == "swift"
        ? SwiftLexer.highlight(code.text)
        : OutputPattern.lines(of: code.text).map { StyledText($0, .code) }
      addCode(text, margin)
    case .html: break
    case .thematicBreak: addRule("-")
    case .details(let details):
      addWrapped(StyledText(details.summary, .subheading), margin)
      add(details.blocks, margin.continued.adding("  ", "  "))
    case .example(let example): add(example, margin)
    case .quotation(let quotation):
      addWrapped(StyledText("From \(quotation.path):", .muted), margin)
      addCode(SwiftLexer.highlight(quotation.code.text), margin.continued)
    case .stunMessage(let fence):
      lines += STUNMessageDump.lines(of: fence.bytes, presentation)
    case .question(let question): add(question, margin)
    case .exercise(let exercise): add(exercise, margin)
    }
  }

  private mutating func add(_ list: List, _ margin: Margin) {
    for (index, item) in list.items.enumerated() {
      let mark = list.start.map { "\($0 + index). " } ?? presentation.symbols.bullet + " "
      let blank = StyledText(String(repeating: " ", count: mark.displayWidth))
      let outer = index == 0 ? margin : margin.continued
      if item.isEmpty {
        addWrapped(StyledText(mark), outer)
      } else {
        add(item, outer.adding(StyledText(mark, .label), blank), isTight: list.isTight)
      }
    }
  }

  private mutating func addCode(_ code: [StyledText], _ margin: Margin) {
    var code = code
    while code.last?.isEmpty == true { code.removeLast() }
    let bar =
      presentation.plain
      ? StyledText("    ") : StyledText("  \(presentation.symbols.vertical) ", .muted)
    addVerbatim(code, margin, bar: bar)
  }

  // MARK: What the learner does

  private mutating func add(_ example: Example, _ margin: Margin) {
    let inner = margin.continued
    let what =
      example.mode == .fails
      ? StyledText(" does not compile", .muted)
      : example.after.map { StyledText(" continues \($0.name)", .muted) } ?? ""
    addWrapped(
      StyledText("Example ", .muted) + StyledText(example.id, .label, emphasis: .bold) + what,
      margin)
    addBlank()
    addCode(SwiftLexer.highlight(example.code.text), inner)
    guard let output = example.output else { return }
    addBlank()
    if example.asksForPrediction, answers == .hidden {
      addWrapped(
        StyledText("What does it print? Decide, then: ", .note)
          + StyledText("./workbook run \(example.id)", .key), inner)
      return
    }
    addWrapped(StyledText(example.mode == .fails ? "The compiler says" : "Prints", .muted), inner)
    addBlank()
    addVerbatim(OutputPattern.lines(of: output.text).map { StyledText($0) }, inner, bar: "    ")
  }

  private mutating func add(_ question: Question, _ margin: Margin) {
    addWrapped(
      StyledText("Question: ", .warning, emphasis: .bold)
        + Self.styled(question.title).emphasised(.bold), margin)
    addBlank()
    let inner = margin.continued
    add(question.prompt, inner)
    switch question.answer {
    case .choice(let choices, let correct, let reasons):
      for (index, choice) in choices.enumerated() {
        add(choice, inner.adding(StyledText("\(index + 1). ", .label), "   "), isTight: true)
        if answers == .shown, reasons.indices.contains(index) {
          let mark =
            index + 1 == correct
            ? StyledText("   right: ", .success) : StyledText("   wrong: ", .failure)
          add(reasons[index], inner.adding(mark, "          "), isTight: true)
        }
      }
    case .typed(let key, let explanation):
      addAnswer(key, explanation, inner)
    case .run(let reference, let explanation):
      addAnswer("what ./workbook run \(reference.name) prints", explanation, inner)
    }
    if answers == .hidden {
      addBlank()
      addWrapped(StyledText("The answer is shown with --answers.", .muted), inner)
    }
  }

  private mutating func addAnswer(_ key: String, _ explanation: [Block], _ margin: Margin) {
    guard answers == .shown else { return }
    addWrapped(StyledText("Answer: ", .success) + StyledText(key), margin)
    addBlank()
    add(explanation, margin)
  }

  private mutating func add(_ exercise: Exercise, _ margin: Margin) {
    addWrapped(
      StyledText("Exercise: ", .warning, emphasis: .bold)
        + Self.styled(exercise.title).emphasised(.bold), margin)
    addBlank()
    let inner = margin.continued
    add(exercise.task, inner)
    if answers == .shown {
      for (index, hint) in exercise.hints.enumerated() {
        addWrapped(StyledText("Hint \(index + 1)", .subheading), inner)
        add(hint, inner.adding("  ", "  "))
      }
    }
    addBlank()
    for (what, command) in [("Start", "start"), ("Check", "check")] {
      addWrapped(
        StyledText("\(what): ", .note) + StyledText("./workbook \(command) \(exercise.id)", .key),
        inner)
    }
  }
}
