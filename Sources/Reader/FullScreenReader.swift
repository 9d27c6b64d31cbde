import CLinux
import Lessons
import NoteFormat
import ProgramSupport
public import Terminal

/// Drives a reader on a full-screen terminal.
public struct FullScreenReader: ~Copyable {
  private var reader: Reader
  private let workshop: Workshop
  private let screen: CursesScreen
  private var hasQuit = false
  private var answers: SavedAnswers
  /// Whether it was said how an editor is left that was not chosen.
  private var hasExplainedEditor = false
  /// What the next check needs, after one that did not pass.
  private var waiting: WaitingPrograms?

  /// Runs until the learner quits, restores the terminal, and returns the reader as it was then.
  @discardableResult
  public static func run(
    _ makeReader: (_ rows: Int, _ presentation: Presentation) -> Reader, workshop: Workshop,
    presentation: Presentation
  ) -> Reader {
    // Ctrl-C ends a running example or check, never the reader.
    linux_remember_interrupts()
    let screen = CursesScreen(presentation)
    defer { screen.end() }
    let reader = makeReader(screen.rows, presentation.width(screen.columns))
    var driver = FullScreenReader(
      reader: reader, workshop: workshop, screen: screen,
      answers: workshop.savedAnswers(of: reader.course))
    driver.loop()
    return driver.reader
  }

  private mutating func loop() {
    perform(reader.arrived())
    screen.draw(reader.frame)
    while !hasQuit {
      guard
        let key = screen.nextKey(
          milliseconds: answers.patience, unlessReadable: answers.descriptor)
      else {
        checkSavedAnswers()
        continue
      }
      if key == .resized { reader.resized(rows: screen.rows, columns: screen.columns) }
      perform(reader.pressed(key))
      screen.draw(reader.frame)
    }
  }

  private mutating func perform(_ actions: [Reader.Action]) {
    for action in actions { perform(action) }
  }

  private mutating func perform(_ action: Reader.Action) {
    switch action {
    case .quit: hasQuit = true
    case .record(let event):
      if let error = workshop.record(event) { reader.failed(error) }
    case .copy(let text): screen.copy(text)
    case .permit:
      if let error = workshop.permit() { reader.failed(error) }
    case .play(let example): play(example)
    case .resetPlay(let example): resetPlay(example)
    case .step(let example): step(through: example)
    case .run(let example): run(example)
    case .edit(let exercise): edit(exercise)
    case .check(let exercise): check(exercise)
    case .showSolution(let exercise, let besideAnswer):
      showSolution(exercise, besideAnswer: besideAnswer)
    }
  }

  // MARK: Examples

  private mutating func run(_ example: Example) {
    let note = reader.note
    screen.draw(reader.frame)
    // Discards a Ctrl-C from before the run. One that arrives between compiling an example and
    // running it ends the run.
    _ = linux_take_interrupt()
    do throws(WorkbookError) {
      try makeReady()
      if example.mode == .fails {
        reader.refused(try workshop.refuse(example, in: note))
        return
      }
      let run = try showing { [workshop, screen] shown throws(WorkbookError) in
        try workshop.run(
          example, in: note, isUnwanted: { Self.endsWaiting(screen, showing: &shown) },
          onOutput: { bytes in
            shown.printed(String(decoding: bytes, as: UTF8.self), by: example.id)
            screen.draw(shown.frame)
          })
      }
      perform(reader.ran(run))
    } catch .interrupted {
      reader.stopped(example.id)
    } catch {
      reader.failed(error, example: example.id)
    }
  }

  /// Waits for what examples and answers are run with, and says so; Esc and Ctrl-C end the wait.
  private mutating func makeReady() throws(WorkbookError) {
    let before = reader.message
    defer { reader.message = before }
    try showing { [workshop, screen] shown throws(WorkbookError) in
      try workshop.makeReady(
        isUnwanted: { Self.endsWaiting(screen, showing: &shown) },
        onProgress: { news in
          shown.say(news)
          screen.draw(shown.frame)
        })
    }
  }

  /// Lets closures change and draw the reader, of which this method alone has exclusive access.
  private mutating func showing<Result>(
    _ body: (inout Reader) throws(WorkbookError) -> Result
  ) throws(WorkbookError) -> Result {
    var shown = reader
    defer { reader = shown }
    return try body(&shown)
  }

  /// Whether the learner wants what is being waited for to end; until then, a terminal whose size
  /// changes is drawn anew.
  private static func endsWaiting(
    _ screen: CursesScreen, showing shown: inout Reader
  ) -> Bool {
    let key = screen.nextKey(milliseconds: 0)
    if key == .resized {
      shown.resized(rows: screen.rows, columns: screen.columns)
      screen.draw(shown.frame)
    }
    return key == .escape || key == .endOfInput || linux_take_interrupt() != 0
  }

  // MARK: Exercises

  private mutating func edit(_ exercise: String) {
    do throws(WorkbookError) {
      let (path, isNew) = try workshop.start(exercise)
      if isNew {
        // The copy of the skeleton does not count as a save.
        _ = answers.take(exercise)
        perform(.record(.started(exercise: exercise)))
      }
      reader.started(exercise)
      let shownPath = workshop.workspace.display(path)
      guard let editor = workshop.editor else {
        reader.say(Self.noEditor(shownPath))
        return
      }
      guard !explainsEditor(shownPath) else { return }
      let edit = try screen.lend { () throws(WorkbookError) in
        try workshop.edit(exercise, with: editor)
      }
      reader.resized(rows: screen.rows, columns: screen.columns)
      if !edit.endedWell { reader.say(Self.failedEditor(editor, shownPath)) }
      if edit.saved { check(exercise) }
    } catch {
      reader.failed(error, exercise: exercise)
    }
  }

  private static func noEditor(_ path: String) -> StyledText {
    "There is no editor; name one in VISUAL or EDITOR, or edit \(path)"
  }

  /// Says once how an editor is left that was not chosen, before it takes the screen.
  private mutating func explainsEditor(_ path: String) -> Bool {
    guard workshop.isEditorAStranger, !hasExplainedEditor else { return false }
    hasExplainedEditor = true
    reader.say(
      "No editor is named in EDITOR, so e once more opens vi: i begins to write, and Esc :wq Enter "
        + "saves and leaves. Or edit \(path) in another window.")
    return true
  }

  private static func failedEditor(_ editor: String, _ path: String) -> StyledText {
    "The editor '\(editor)' is missing or ended with an error; your copy is \(path)"
  }

  private mutating func play(_ example: Example) {
    let playground = workshop.playground(example, in: reader.note)
    do throws(WorkbookError) {
      let isNew = try playground.start()
      let path = workshop.workspace.display(playground.path)
      guard let editor = workshop.editor else {
        reader.say(Self.noEditor(path))
        if !isNew { try run(playground) }
        return
      }
      guard !explainsEditor(path) else { return }
      let before = playground.stamp
      let endedWell = screen.lend { workshop.edit(playground, with: editor) }
      reader.resized(rows: screen.rows, columns: screen.columns)
      if !endedWell { reader.say(Self.failedEditor(editor, path)) }
      if playground.stamp != before { try run(playground) }
    } catch {
      reader.failed(error)
    }
  }

  private mutating func run(_ playground: Playground) throws(WorkbookError) {
    let id = playground.example.id
    reader.beganPlaying(id)
    screen.draw(reader.frame)
    _ = linux_take_interrupt()
    do throws(WorkbookError) {
      try makeReady()
      let played = try showing { [screen] shown throws(WorkbookError) in
        try playground.run(isUnwanted: { Self.endsWaiting(screen, showing: &shown) })
      }
      reader.played(played)
    } catch {
      reader.forgetPlay(of: id)
      if error != .interrupted { throw error }
      reader.say("Stopped.")
    }
  }

  private mutating func step(through example: Example) {
    screen.draw(reader.frame)
    _ = linux_take_interrupt()
    do throws(WorkbookError) {
      try makeReady()
      let presentation = reader.presentation
      let end = try screen.lend { () throws(WorkbookError) in
        try workshop.step(through: example, presentation)
      }
      // The size may have changed meanwhile, and a Ctrl-C was the stepper's.
      reader.resized(rows: screen.rows, columns: screen.columns)
      _ = linux_take_interrupt()
      reader.stepped(through: example, end)
    } catch .interrupted {
      reader.say("Stopped.")
    } catch {
      reader.failed(error)
    }
  }

  private mutating func resetPlay(_ example: Example) {
    do throws(WorkbookError) {
      if let backup = try workshop.playground(example, in: reader.note).reset() {
        reader.resetPlay(of: example, keeping: workshop.workspace.display(backup))
      }
    } catch {
      reader.failed(error)
    }
  }

  private mutating func check(_ exercise: String) {
    reader.beganChecking(exercise)
    screen.draw(reader.frame)
    do throws(WorkbookError) {
      try makeReady()
      let checker = try workshop.checker(of: exercise)
      var verdict = try checker.check(with: waiting)
      answers.checked(verdict)
      perform(reader.checked(verdict))
      // The verdict is shown first, because finding a known mistake can take longer.
      screen.draw(reader.frame)
      try checker.explain(&verdict)
      reader.explained(verdict)
      // Where they cannot be started, the next check says why.
      waiting = verdict.passed ? nil : try? checker.startPrograms()
    } catch .interrupted {
      reader.stoppedChecking(exercise)
    } catch {
      reader.failed(error, exercise: exercise)
    }
  }

  private mutating func showSolution(_ exercise: String, besideAnswer: Bool) {
    do throws(WorkbookError) {
      try workshop.showSolution(of: exercise, besideAnswer: besideAnswer, in: &reader)
    } catch {
      reader.failed(error, exercise: exercise)
    }
  }

  /// Checks the answers of this note that another program has saved.
  private mutating func checkSavedAnswers() {
    for folder in answers.take() where reader.note.exercises.contains(where: { $0.id == folder.id })
    {
      check(folder.id)
      screen.draw(reader.frame)
    }
  }
}
