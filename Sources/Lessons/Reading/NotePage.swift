import MessageDump
public import NoteFormat
public import Terminal

/// Lays out a note, or one step of it, as lines of styled text.
public struct NotePage {
  private let note: Note
  /// The notes that the note can embed; nil where embeddings are only named.
  let course: Course?
  let presentation: Presentation
  let state: PageState
  var page = PageLayout()
  var embeddings: EmbeddingTrail
  /// The note whose blocks are being laid out.
  var source: Note { embeddings.note }
  /// The anchor of the current step and the number of its questions so far, which name a question.
  private var anchor = ""
  private var questionCount = 0

  /// Lays out the whole note, or one step by its index in `note.steps`.
  ///
  /// - Parameter course: the notes from which parts are embedded; nil to name them only.
  public static func page(
    of note: Note, step: Int? = nil, in course: Course? = nil, state: PageState = PageState(),
    _ presentation: Presentation
  ) -> PageLayout {
    var layout = NotePage(note: note, in: course, presentation: presentation, state: state)
    layout.add(step: step)
    while layout.lines.last?.isEmpty == true { layout.lines.removeLast() }
    // An item at the end of the page does not include the final blank line.
    layout.page.items = layout.page.items.map { item, lines in
      (item, lines.clamped(to: 0..<layout.page.lines.count))
    }
    layout.page.findLinks()
    return layout.page
  }

  /// The lines of the whole note, or of one step.
  public static func lines(
    of note: Note, step: Int? = nil, in course: Course? = nil, state: PageState = PageState(),
    _ presentation: Presentation
  ) -> [StyledText] {
    page(of: note, step: step, in: course, state: state, presentation).lines
  }

  /// The lines of some blocks of a note, such as a hint.
  public static func lines(
    of blocks: [Block], in note: Note, _ presentation: Presentation
  ) -> [StyledText] {
    var layout = NotePage(
      note: note, presentation: presentation, state: PageState(revealsAll: true))
    layout.add(blocks, Margin())
    while layout.lines.last?.isEmpty == true { layout.lines.removeLast() }
    return layout.lines
  }

  private init(
    note: Note, in course: Course? = nil, presentation: Presentation, state: PageState
  ) {
    self.note = note
    self.course = course
    embeddings = EmbeddingTrail(note)
    self.presentation = presentation
    self.state = state
  }

  var lines: [StyledText] {
    get { page.lines }
    _modify { yield &page.lines }
  }

  private var width: Int { presentation.proseWidth }

  private mutating func add(step: Int?) {
    if let step {
      if step == 0 { addProblems() }
      add(note.steps[step], number: step + 1)
      addFootnotes(of: note.steps[step].blocks)
      return
    }
    addWrapped(StyledText(note.title, .heading, emphasis: .bold))
    addRule("=")
    addBlank()
    addProblems()
    add(note.introduction, Margin())
    for (index, step) in note.steps.enumerated() {
      addBlank()
      add(step, number: index + 1)
    }
    addFootnotes(of: note.blocks)
  }

  private mutating func add(_ step: Step, number: Int) {
    let prefix = StyledText("Step \(number) of \(note.steps.count)  ", .muted)
    addWrapped(prefix + Self.styled(step.title).defaulting(to: .heading).emphasised(.bold))
    addRule("-")
    // The line sets the step off, and a screen of 24 rows has none to give away.
    if presentation.plain { addBlank() }
    (anchor, questionCount) = (step.anchor, 0)
    let last = step.blocks.firstIndex(where: isHeldBack) ?? step.blocks.count - 1
    add(Array(step.blocks.prefix(last + 1)), Margin())
    if last + 1 < step.blocks.count, case .example(let example) = step.blocks[last].content {
      page.heldBackBy = example.id
      addHeldBack(by: example)
    }
  }

  /// Adds what the learner does to see the rest of a step.
  private mutating func addHeldBack(by example: Example) {
    switch state.invites {
    case .keys:
      addWrapped(StyledText("The rest of this step follows once you have run it.", .muted))
    case .commands:
      addWrapped(
        StyledText("The rest of this step follows once you have predicted it: ", .muted)
          + StyledText("\(state.predictCommand) \(example.id)", .key)
          + StyledText("; --all shows it at once.", .muted))
    }
  }

  /// Whether the blocks after `block` would reveal an output that the learner has yet to predict.
  private func isHeldBack(by block: Block) -> Bool {
    guard state.holdsBack, !state.revealsAll, case .example(let example) = block.content else {
      return false
    }
    guard example.asksForPrediction, !state.settled.contains(example.id) else { return false }
    return state.runs[example.id]?.isRunning != false
  }

  /// Adds a line below a heading, if the presentation draws lines.
  mutating func addRule(_ ascii: String) {
    guard !presentation.plain else { return }
    let mark = presentation.unicode ? (ascii == "=" ? "═" : "─") : ascii
    lines.append(StyledText(String(repeating: mark, count: width), .muted))
  }

  mutating func addBlank() {
    if let last = lines.last, !last.isEmpty { lines.append("") }
  }

  // MARK: Text

  /// The text to the left of a block.
  struct Margin {
    var first: StyledText = ""
    var rest: StyledText = ""

    /// The margin of the lines after the first.
    var continued: Margin { Margin(first: rest, rest: rest) }

    func adding(_ first: StyledText, _ rest: StyledText) -> Margin {
      Margin(first: self.first + first, rest: self.rest + rest)
    }
  }

  mutating func addWrapped(_ text: StyledText, _ margin: Margin = Margin()) {
    lines += presentation.prepared(text).wrapped(
      to: width, first: margin.first, continuation: margin.rest)
  }

  /// What stands at the left of each line of code or output, and where a line is continued.
  struct Bar {
    var first: StyledText
    var continued: StyledText

    static let spaces = Bar(first: "    ", continued: "    ")
    static let none = Bar(first: "", continued: "")
  }

  /// Adds code or output, which may be wider than prose; a line that is too long continues below it,
  /// indented.
  ///
  /// - Parameter narrow: the bar for a text that fits the screen only with that.
  mutating func addVerbatim(
    _ text: [StyledText], _ margin: Margin, bar: Bar, narrow: Bar = .none
  ) {
    let text = text.map(presentation.prepared)
    let room = presentation.width - margin.rest.displayWidth
    let widest = text.map(\.displayWidth).max() ?? 0
    func fits(_ bar: Bar) -> Bool { widest + bar.first.displayWidth <= room }
    let bar = !fits(bar) && fits(narrow) ? narrow : bar
    for line in text {
      lines += line.wrapped(
        to: presentation.width, first: margin.rest + bar.first,
        continuation: margin.rest + bar.continued + "    ")
    }
  }

  // MARK: Blocks

  mutating func add(_ blocks: [Block], _ margin: Margin, isTight: Bool = false) {
    var margin = margin
    for block in blocks {
      if let reference = block.reference { page.mark("^" + reference) }
      add(block, margin)
      margin = margin.continued
      if !isTight { addBlank() }
    }
  }

  private mutating func add(_ block: Block, _ margin: Margin) {
    switch block.content {
    case .paragraph(let inlines): addParagraph(inlines, margin)
    case .heading(_, let inlines):
      page.mark(Slug.anchor(inlines.plainText))
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
    case .callout(let callout): add(callout, margin)
    case .table(let table): add(table, margin)
    case .html(let html): addHTML(html, margin)
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

  private mutating func add(_ list: ListBlock, _ margin: Margin) {
    for (index, item) in list.items.enumerated() {
      let number = list.start.map { "\($0 + index). " }
      let box = list.boxes[index].map { $0 ? "[x] " : "[ ] " }
      let mark = box.map { (number ?? "") + $0 } ?? number ?? presentation.symbols.bullet + " "
      let blank = StyledText(String(repeating: " ", count: mark.displayWidth))
      let outer = index == 0 ? margin : margin.continued
      if item.isEmpty {
        addWrapped(StyledText(mark), outer)
      } else {
        add(item, outer.adding(StyledText(mark, .label), blank), isTight: list.isTight)
      }
    }
  }

  mutating func addCode(_ code: [StyledText], _ margin: Margin) {
    var code = code
    while code.last?.isEmpty == true { code.removeLast() }
    guard !presentation.plain else { return addVerbatim(code, margin, bar: .spaces) }
    let symbols = presentation.symbols
    func frame(_ indentation: String) -> Bar {
      Bar(
        first: StyledText("\(indentation)\(symbols.vertical) ", .muted),
        continued: StyledText("\(indentation)\(symbols.continued) ", .muted))
    }
    addVerbatim(code, margin, bar: frame("  "), narrow: frame(""))
  }

  // MARK: What the learner does

  /// Lays out something that the learner can act on, and records its lines.
  private mutating func addItem(_ item: PageItem, _ body: (inout NotePage) -> Void) {
    let start = lines.count
    body(&self)
    page.items.append((item, start..<lines.count))
  }

  private mutating func add(_ example: Example, _ margin: Margin) {
    addItem(.example(example.id)) { page in
      let inner = margin.continued
      let what =
        example.mode == .fails
        ? StyledText(" does not compile", .muted)
        : example.after.map { StyledText(" continues \($0.name)", .muted) } ?? ""
      page.addWrapped(
        StyledText("Example ", .muted) + StyledText(example.id, .label, emphasis: .bold) + what,
        margin)
      page.addCode(SwiftLexer.highlight(example.code.text), inner)
      page.addProblems(of: example, inner)
      if let prediction = example.prediction { page.addQuestion(prediction, of: example, inner) }
      if let run = page.state.runs[example.id] {
        page.addRun(run, of: example, inner)
      } else if page.state.asks(about: example), !page.state.revealsAll {
        page.addPredictionInvitation(of: example, inner)
      } else if let output = example.output {
        page.addPromised(output.text, of: example, inner)
      }
      if let prediction = example.prediction { page.addResult(prediction, of: example, inner) }
      if let lines = page.state.plays[example.id] {
        page.addBlank()
        page.addWrapped(
          StyledText(
            lines.isEmpty ? "Running your copy" : "Your copy beside the note", .subheading),
          inner)
        page.addBlank()
        page.lines += lines
      }
    }
  }

  private mutating func addPromised(_ output: String, of example: Example, _ margin: Margin) {
    if example.prediction != nil { addBlank() }
    addWrapped(StyledText(example.mode == .fails ? "The compiler says" : "Prints", .muted), margin)
    addOutput(output, margin)
  }

  mutating func addOutput(_ output: String, _ margin: Margin) {
    addVerbatim(OutputPattern.lines(of: output).map { StyledText($0) }, margin, bar: .spaces)
  }

  private mutating func addRun(_ run: PageState.Run, of example: Example, _ margin: Margin) {
    if example.prediction != nil { addBlank() }
    addWrapped(StyledText(run.isRunning ? "Running" : "Printed just now", .muted), margin)
    let room = presentation.width(presentation.width - margin.rest.displayWidth)
    addOutput(run.pictures.fitted(run.output, to: room), margin)
    if !run.remarks.isEmpty { addBlank() }
    lines += run.remarks
  }

  private mutating func add(_ question: Question, _ margin: Margin) {
    questionCount += 1
    let name = QuestionName(note: note.slug, step: anchor, number: questionCount)
    addItem(.question(name)) { page in
      page.addWrapped(
        StyledText("Question: ", .warning, emphasis: .bold)
          + Self.styled(question.title).emphasised(.bold), margin)
      page.addBlank()
      let inner = margin.continued
      page.add(question.prompt, inner)
      let given = page.state.answers[name]
      let isRevealed = page.state.revealsAll || given?.isOpen == true
      switch question.answer {
      case .choice(let choices, let correct, let reasons):
        // A wrong choice opens its own reason alone, so that there is something left to try.
        let opened =
          isRevealed
          ? Set(choices.indices)
          : Set((given?.tries ?? []).compactMap { Question.choice($0).map { $0 - 1 } })
        page.addChoices(choices, correct, reasons, opened, inner)
        if let given { page.addGiven(given, inner, afterBlank: true) }
      case .typed(let key, let explanation):
        if isRevealed { page.addAnswer(key, explanation, given, inner) }
      case .run(let reference, let explanation):
        if isRevealed {
          page.addAnswer("what \(reference.name) prints", explanation, given, inner)
        }
      }
      if !isRevealed {
        if case .choice = question.answer {
        } else if let given {
          page.addGiven(given, inner)
        }
        page.addQuestionInvitation(question, name, inner, isAgain: given != nil)
      }
    }
  }

  private mutating func addQuestionInvitation(
    _ question: Question, _ name: QuestionName, _ margin: Margin, isAgain: Bool
  ) {
    addBlank()
    var text: StyledText
    let verb = isAgain ? "Try again" : "Answer"
    switch (state.invites, question.answer) {
    case (.commands, _):
      guard let command = state.answerCommand else {
        text = StyledText("The answer is shown with --answers.", .muted)
        break
      }
      // The number of a step is shorter to type than its name.
      let step = note.stepIndex(named: name.step).map { "\($0 + 1)" } ?? name.step
      text =
        StyledText("\(verb): ", .note)
        + StyledText("\(command) \(note.slug)#\(step)/\(name.number)", .key)
    case (.keys, .choice(let choices, _, _)):
      text =
        StyledText("\(verb) with ", .note) + StyledText("1", .key) + StyledText(" to ", .note)
        + StyledText("\(choices.count)", .key)
    case (.keys, _): text = StyledText("\(verb) with ", .note) + StyledText("a", .key)
    }
    if isAgain, state.invites == .keys {
      text +=
        StyledText("; ", .note) + StyledText("s", .key) + StyledText(" shows the answer", .note)
    }
    addWrapped(text, margin)
  }

  private mutating func addChoices(
    _ choices: [[Block]], _ correct: Int, _ reasons: [[Block]], _ opened: Set<Int>,
    _ margin: Margin
  ) {
    for (index, choice) in choices.enumerated() {
      add(choice, margin.adding(StyledText("\(index + 1). ", .label), "   "), isTight: true)
      guard opened.contains(index), reasons.indices.contains(index) else { continue }
      let mark =
        index + 1 == correct
        ? StyledText("   right: ", .success) : StyledText("   wrong: ", .failure)
      add(
        Self.withoutRight(reasons[index]), margin.continued.adding(mark, "          "),
        isTight: true)
    }
  }

  /// A reason without an opening `Right.`, which the mark before it says.
  private static func withoutRight(_ reason: [Block]) -> [Block] {
    guard case .paragraph(var inlines) = reason.first?.content,
      case .text(let text) = inlines.first,
      let opening = ["Right. ", "Right: ", "Right, "].first(where: text.hasPrefix)
    else { return reason }
    let rest = text.dropFirst(opening.count)
    inlines[0] = .text(rest.prefix(1).uppercased() + rest.dropFirst())
    var reason = reason
    reason[0].content = .paragraph(inlines)
    return reason
  }

  /// Adds what the learner has said, and what it was worth.
  ///
  /// - Parameter choice: the text of the choice that was made, where the choices are not shown.
  mutating func addGiven(
    _ given: PageState.GivenAnswer, _ margin: Margin, choice: String? = nil,
    afterBlank: Bool = false
  ) {
    if afterBlank { addBlank() }
    let ordinals = ["second", "third", "fourth", "fifth"]
    let count = given.tries.count
    let attempt =
      count == 1 || !given.isRight
      ? ""
      : ordinals.indices.contains(count - 2) ? ", at the \(ordinals[count - 2]) try" : ", at last"
    let symbols = presentation.symbols
    let mark = presentation.plain ? "" : (given.isRight ? symbols.success : symbols.failure) + " "
    addWrapped(
      StyledText("You said \(given.text)\(choice.map { ", \($0)" } ?? ""): ")
        + (given.isRight
          ? StyledText("\(mark)right\(attempt)", .success)
          : StyledText("\(mark)not quite", .failure)),
      margin)
  }

  private mutating func addAnswer(
    _ key: String, _ explanation: [Block], _ given: PageState.GivenAnswer?, _ margin: Margin
  ) {
    if let given { addGiven(given, margin) }
    addWrapped(StyledText("Answer: ", .success) + StyledText(key), margin)
    addBlank()
    add(explanation, margin)
  }

  private mutating func add(_ exercise: Exercise, _ margin: Margin) {
    addItem(.exercise(exercise.id)) { page in
      page.addWrapped(
        StyledText("Exercise: ", .warning, emphasis: .bold)
          + Self.styled(exercise.title).emphasised(.bold), margin)
      page.addBlank()
      let inner = margin.continued
      page.add(exercise.task, inner)
      let state = page.state.exercises[exercise.id] ?? PageState.Exercise()
      let hintCount = page.state.revealsAll ? exercise.hints.count : state.hintsTaken
      for (index, hint) in exercise.hints.prefix(hintCount).enumerated() {
        page.addWrapped(StyledText("Hint \(index + 1)", .subheading), inner)
        page.add(hint, inner.adding("  ", "  "))
      }
      page.addBlank()
      page.addExerciseInvitation(exercise, state, inner)
      page.addResults(state, inner)
    }
  }

  private mutating func addExerciseInvitation(
    _ exercise: Exercise, _ state: PageState.Exercise, _ margin: Margin
  ) {
    switch self.state.invites {
    case .commands:
      for (what, command) in [("Start", "start"), ("Check", "check"), ("Hint", "hint")] {
        addWrapped(
          StyledText("\(what): ", .note)
            + StyledText("./workbook \(command) \(exercise.id)", .key), margin)
      }
    case .keys:
      // With the focus on an example, e changes a copy of that.
      let isElsewhere = self.state.focus.map { $0 != page.items.count } == true
      var text = isElsewhere ? StyledText(self.state.focusKey, .key) + ", then " : ""
      text += StyledText("e", .key) + StyledText(state.isStarted ? " edit" : " begin", .note)
      if state.isStarted { text += StyledText("  c", .key) + StyledText(" check", .note) }
      let hintsLeft = exercise.hints.count - state.hintsTaken
      if hintsLeft > 0 {
        text += StyledText("  h", .key) + StyledText(" hint (\(hintsLeft) left)", .note)
      }
      let compares = !state.solution.isEmpty && !state.comparesSolution
      text += StyledText("  s", .key) + StyledText(compares ? " compare" : " solution", .note)
      addWrapped(text, margin)
    }
  }

  private mutating func addResults(_ state: PageState.Exercise, _ margin: Margin) {
    if state.isChecking {
      addBlank()
      addWrapped(StyledText("Checking", .muted), margin)
    } else if !state.verdict.isEmpty {
      addBlank()
      lines += state.verdict
    } else if state.isPassed {
      addBlank()
      addWrapped(StyledText("\(presentation.symbols.success) passed", .success), margin)
    }
    guard !state.solution.isEmpty else { return }
    addBlank()
    let title = state.comparesSolution ? "A solution beside your answer" : "A solution"
    addWrapped(StyledText(title, .subheading), margin)
    addBlank()
    addCode(state.solution, margin)
  }
}
