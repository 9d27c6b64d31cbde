import Glibc
import Lessons
import NoteFormat
import ProgramSupport
public import Terminal

/// Drives a reader with lines of text, for pipes, simple terminals and screen readers.
///
/// Every input line is a command; nothing is overwritten, and the end of input quits.
public struct PlainReader {
  private var reader: Reader
  private let workshop: Workshop
  private let output: Writer
  private var hasQuit = false
  /// Whether code was to run that may not, and there is no terminal to ask on.
  private var wasRefused = false

  /// Runs until the learner quits or input ends.
  ///
  /// - Returns: the reader as it was then, and whether it ended because the notes' code may not run,
  ///   and there is no terminal to ask on.
  @discardableResult
  public static func run(
    _ reader: Reader, workshop: Workshop, output: Writer
  ) -> (reader: Reader, wasRefused: Bool) {
    var driver = PlainReader(reader: reader, workshop: workshop, output: output)
    driver.reader.state.focusKey = "f"
    driver.loop()
    return (driver.reader, driver.wasRefused)
  }

  private mutating func loop() {
    perform(reader.arrived())
    if let lines = reader.welcomeLines {
      output.lines(lines)
      reader.showPage()
    }
    showStep()
    while !hasQuit {
      output.text(prompt)
      output.flush()
      guard let line = readLine() else {
        output.line()
        break
      }
      obey(line.split(separator: " ", omittingEmptySubsequences: true).map(String.init))
      if let leftOpen = reader.leftOpen { output.lines(wrapped(leftOpen)) }
      if let message = reader.message { output.lines(wrapped(message)) }
    }
    output.flush()
  }

  private var prompt: StyledText {
    let place =
      reader.review.map { "review \($0.index + 1)/\($0.items.count)" }
      ?? "\(reader.note.slug) \(reader.stepIndex + 1)/\(max(1, reader.note.steps.count))"
    return StyledText("[\(place)] command, ? for help: ")
  }

  private func wrapped(_ text: StyledText) -> [StyledText] {
    text.wrapped(to: output.presentation.proseWidth)
  }

  private func showStep() {
    output.line()
    if reader.review == nil { output.line(StyledText(reader.note.title, .heading)) }
    output.lines(reader.page.lines)
    output.line()
  }

  /// Prints the part of the page that has just changed, or the link that has the focus.
  private func showFocus() {
    let page = reader.page
    if let link = reader.focusedLink {
      output.lines(page.lines[link.lines])
      output.lines(wrapped(StyledText("A link to \(link.target): v follows it.", .muted)))
      return
    }
    guard let item = page.items.first(where: { $0.item == reader.focusedItem }) else { return }
    output.lines(page.lines[item.lines])
    output.line()
  }

  // MARK: Commands

  static let help: [(String, String)] = [
    ("n", "the next step"), ("p", "the step before"),
    ("", "extra steps are passed by; o lists them"), ("g NOTE#STEP", "go to a note or a step"),
    ("w", "show this step again"), ("r [EXAMPLE]", "run an example; one to predict asks you first"),
    ("t [EXAMPLE]", "what happens to each packet of the network that it shows"),
    ("1 to 5", "answer or predict by a number"), ("a", "answer in words"),
    ("e", "get the exercise to write, in your editor if you have named one"), ("c", "check it"),
    ("e EXAMPLE", "change a copy of an example, and run it"),
    ("x", "make the copy as it was; yours is kept"),
    ("h", "a hint"), ("s", "a solution, once you passed or asked twice; beside yours then"),
    ("", "the answer to a question or prediction, once you tried"),
    ("f", "on to the next thing to do, or link, in this step"),
    ("v", "follow the link that f has come to; b goes back"),
    ("y", "print the example's code alone"),
    ("o", "the contents of this note"), ("b", "back to before the last g"), ("l", "list the notes"),
    ("d [WORD]", "the words of this step, explained, or any other word"),
    ("i", "what this is, where to begin, and how long it takes"),
    ("/ WORDS", "search all notes"), ("q", "quit"),
  ]

  private mutating func obey(_ words: [String]) {
    let command = words.first ?? "n"
    let rest = words.dropFirst().joined(separator: " ")
    if reader.review != nil, ["l", "g", "o", "b", "/", "d"].contains(command.prefix(1)) {
      output.line("This is a review: n goes on, q ends it, and the reader has all the rest.")
      return
    }
    // Of the end of a note only n goes on; everything else is about its last step.
    let isAtEnd = reader.endLines != nil
    (reader.message, reader.leftOpen) = (nil, nil)
    if command != "n" { reader.showPage() }
    switch command {
    case "p" where isAtEnd: showStep()
    case "?", "help": showHelp()
    case "w": showStep()
    case "l": showList()
    case "g": go(rest)
    case "o":
      let contents = Contents(
        note: reader.note, read: reader.read, state: reader.state, current: reader.stepIndex)
      output.lines(contents.lines(height: .max, output.presentation))
      output.line("Go to a step with: g \(reader.note.slug)#STEP")
    case "y": perform(reader.copy())
    case "d": output.lines(reader.lines(explaining: rest))
    case "b":
      let actions = reader.back()
      perform(actions)
      if !actions.isEmpty { showStep() }
    case "f":
      reader.moveFocus(by: 1)
      showFocus()
    case "v": followLink()
    case _ where command.hasPrefix("/"):
      search((String(command.dropFirst()) + " " + rest))
    case "n", "p":
      let before = (reader.noteIndex, reader.stepIndex, reader.review?.index)
      perform(reader.pressed(.character(Character(command))))
      if let lines = reader.endLines {
        output.lines(lines)
        output.line("Go to a step with: g NOTE#STEP; on with: n")
      } else if before != (reader.noteIndex, reader.stepIndex, reader.review?.index) {
        showStep()
      }
    case "i":
      reader.introduce()
      if let lines = reader.welcomeLines {
        output.lines(lines)
      } else {
        showHelp()
      }
      reader.showPage()
    case "r", "t", "e", "c", "h", "s", "a", "x", "1", "2", "3", "4", "5", "q":
      act(command, on: rest)
    default: output.line("There is no command '\(command)'; ? lists them.")
    }
  }

  private func showHelp() {
    for (key, what) in Self.help {
      output.line("  " + StyledText(key).padded(to: 14) + StyledText(what))
    }
  }

  private mutating func act(_ command: String, on name: String) {
    if !name.isEmpty, !reader.focus(on: name) {
      output.line("There is no '\(name)' in this step.")
      return
    }
    let actions = reader.pressed(.character(Character(command)))
    perform(actions)
    // A prediction with several blanks asks for one after the other.
    while let question = reader.inputLabel {
      if reader.asksForPermission, isatty(STDIN_FILENO) == 0 {
        (hasQuit, wasRefused) = (true, true)
        return
      }
      output.lines(wrapped(StyledText(question)))
      output.flush()
      perform(reader.submitted(readText()))
    }
    if !["q", "t"].contains(command), reader.message == nil { showFocus() }
  }

  /// Reads lines up to an empty line or the end of input.
  private func readText() -> String {
    var lines: [String] = []
    while let line = readLine(), !line.isEmpty {
      lines.append(line)
      if !reader.inputIsMultiline { break }
    }
    return lines.joined(separator: "\n")
  }

  private mutating func followLink() {
    guard let link = reader.focusedLink else {
      output.line("No link has the focus; f goes on to the next one.")
      return
    }
    let before = (reader.noteIndex, reader.stepIndex)
    perform(reader.follow(link))
    if before != (reader.noteIndex, reader.stepIndex) { showStep() }
  }

  private mutating func go(_ name: String) {
    let parts = name.split(separator: "#", maxSplits: 1).map(String.init)
    let here = reader.place
    guard let note = parts.first, reader.course.note(named: note) != nil else {
      let hint = Suggestion.phrase(for: parts.first ?? "", among: reader.course.noteNames)
      output.line("No note is called '\(name)'\(hint.isEmpty ? "; l lists them." : hint)")
      return
    }
    perform(reader.leftForElsewhere())
    reader.go(to: note, step: parts.dropFirst().first)
    reader.remember(here)
    perform(reader.arrived())
    showStep()
  }

  private func showList() {
    for (index, note) in reader.course.notes.enumerated() {
      output.line("  \(note.number ?? index + 1)  \(note.slug): \(note.title)")
    }
    output.line("Go to one with: g NAME")
  }

  private func search(_ words: String) {
    let matches = NoteSearch.matches(of: words, in: reader.course)
    for match in matches.prefix(20) {
      output.lines(wrapped("  \(match.note)#\(match.step): \(match.line)"))
    }
    output.line(
      matches.isEmpty ? "Nothing is found." : "\(matches.count) found. Go to one with: g NOTE#STEP")
  }

  // MARK: Actions

  private mutating func perform(_ actions: [Reader.Action]) {
    for action in actions { perform(action) }
  }

  private mutating func perform(_ action: Reader.Action) {
    do throws(WorkbookError) {
      switch action {
      case .quit: hasQuit = true
      // What is printed without a margin can be copied.
      case .play(let example): try play(example)
      case .resetPlay(let example):
        if let backup = try workshop.playground(example, in: reader.note).reset() {
          reader.resetPlay(of: example, keeping: workshop.workspace.display(backup))
        }
      case .step(let example):
        try makeReady()
        output.flush()
        reader.stepped(
          through: example, try workshop.step(through: example, output.presentation))
      case .copy(let text): output.text(StyledText(text))
      case .permit:
        if let error = workshop.permit() { throw error }
      case .record(let event):
        if let error = workshop.record(event) { throw error }
      case .run(let example) where example.mode == .fails:
        try makeReady()
        reader.refused(try workshop.refuse(example, in: reader.note))
      case .run(let example):
        try makeReady()
        let run = try workshop.run(
          example, in: reader.note, isUnwanted: { false }, onOutput: { _ in })
        perform(reader.ran(run))
      case .edit(let exercise): try edit(exercise)
      case .check(let exercise): try check(exercise)
      case .showSolution(let exercise, let besideAnswer):
        try workshop.showSolution(of: exercise, besideAnswer: besideAnswer, in: &reader)
      }
    } catch {
      reader.failed(error)
    }
  }

  private mutating func edit(_ exercise: String) throws(WorkbookError) {
    let (path, isNew) = try workshop.start(exercise)
    if isNew { perform(.record(.started(exercise: exercise))) }
    reader.started(exercise)
    output.line("Your copy is \(workshop.workspace.display(path)).")
    // An editor that nobody named would take over a screen that is perhaps none.
    guard let editor = workshop.namedEditor else { return }
    output.flush()
    if try workshop.edit(exercise, with: editor).saved { try check(exercise) }
  }

  private mutating func play(_ example: Example) throws(WorkbookError) {
    let playground = workshop.playground(example, in: reader.note)
    let isNew = try playground.start()
    output.line("Your copy is \(workshop.workspace.display(playground.path)).")
    if let editor = workshop.namedEditor {
      output.flush()
      _ = workshop.edit(playground, with: editor)
    } else if isNew {
      output.line("Change it, then e runs it.")
      return
    }
    try makeReady()
    reader.beganPlaying(example.id)
    reader.played(try playground.run())
  }

  /// Waits for what examples and answers are run with, and says so once.
  private func makeReady() throws(WorkbookError) {
    var isTold = false
    try workshop.makeReady(
      isUnwanted: { false },
      onProgress: { news in
        guard !isTold else { return }
        isTold = true
        output.lines(wrapped(news))
        output.flush()
      })
  }

  private mutating func check(_ exercise: String) throws(WorkbookError) {
    try makeReady()
    let checker = try workshop.checker(of: exercise)
    var verdict = try checker.check()
    perform(reader.checked(verdict))
    try checker.explain(&verdict)
    reader.explained(verdict)
  }
}
