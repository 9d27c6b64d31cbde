public import Lessons
public import NoteFormat
public import Terminal

/// The reader as a state machine: keys and results are its input, actions and frames its output.
///
/// It uses neither a terminal nor processes. A driver performs its actions and reports their results,
/// so that a full screen, a pipe and a test can drive the same reader.
public struct Reader: Sendable {
  /// The notes to read.
  public let course: Course
  /// Reads the terms that can be looked up, which a start need not wait for; there are none for notes
  /// that are not the course's.
  let readGlossary: @Sendable () -> Glossary
  /// Reads the cheat sheets of the notes; there are none for notes that are not the course's.
  let readCheatSheets: @Sendable () -> CheatSheets
  /// The presentation of the screen.
  public internal(set) var presentation: Presentation
  var rows: Int

  /// The index of the current note in the course.
  public internal(set) var noteIndex = 0 {
    didSet {
      guard noteIndex != oldValue else { return }
      // The user's own notes may use the same example ids, so each note has its own runs.
      runsOfNotes[oldValue] = state.runs
      state.runs = runsOfNotes[noteIndex] ?? [:]
      predictionsOfNotes[oldValue] = state.predictions
      state.predictions = predictionsOfNotes[noteIndex] ?? [:]
      playsOfNotes[oldValue] = state.plays
      state.plays = playsOfNotes[noteIndex] ?? [:]
    }
  }
  /// The index of the current step in the note.
  public internal(set) var stepIndex = 0
  /// The number of lines of the page above the screen.
  var scroll = 0
  /// The index of the focused item among the items of the page.
  var focus = 0
  /// The index of the focused link among the links of the page; nil while an item has the focus.
  var linkFocus: Int?
  /// Whether the focus has been moved since the learner came to this step.
  var hasMovedFocus = false
  /// The words of the search that led here, which are marked on the page; nil for none.
  var searched: String?
  /// The places to go back to, the last one at the end.
  var history: [Place] = []
  /// The state of the current page.
  public internal(set) var state = PageState(invites: .keys)
  var read: Set<StepName> = []
  /// The steps that were left by n in this session, with what they hide still hidden.
  var seen: Set<StepName> = []
  /// The steps whose text has changed since they were read.
  var changed: Set<StepName> = []
  var panel = Panel.page
  /// The examples that were run in earlier sessions.
  private(set) var ranBefore: Set<String> = []
  /// Whether there is a first screen, which tells of this course.
  let isCourse: Bool
  private var runsOfNotes: [Int: [String: PageState.Run]] = [:]
  private var predictionsOfNotes: [Int: [String: PageState.GivenAnswer]] = [:]
  private var playsOfNotes: [Int: [String: [StyledText]]] = [:]
  /// The review that is under way; nil while notes are read.
  var review: ReviewSession?
  /// The exercise whose solution was requested once before it was passed.
  var solutionAskedFor: String?
  /// Whether the notes' code may run; what is not the course's is asked about first.
  public var mayRunCode = true
  /// The line at the bottom of the screen, shown until the next key; nil for none.
  public internal(set) var message: StyledText?

  /// What the step before was left with, shown above the bottom line until the next key.
  var leftOpen: StyledText?

  /// The panel that covers the page.
  enum Panel: Sendable {
    case page
    /// The lines of help above the screen.
    case help(Int)
    /// The first screen, and how many of its lines are above the screen.
    case welcome(Int)
    case end(NoteEnd)
    case list(NoteList)
    case contents(Contents)
    case search(SearchPanel)
    case words(WordList)
    case input(TextInput, for: Purpose)

    var isPage: Bool { if case .page = self { true } else { false } }
  }

  /// The purpose of a text that is being typed.
  enum Purpose: Hashable, Sendable {
    /// `filled` has the blanks that were typed already.
    case prediction(of: String, filled: [String])
    case answer(QuestionName)
    /// Whether the notes' code may run, before what a key asks for.
    case permission(then: TerminalKey)
  }

  struct StepName: Hashable, Sendable {
    var note: String
    var step: String
  }

  /// A place that the learner has left by a link, the list, the contents or a search.
  struct Place: Hashable, Sendable {
    var note: Int
    var step: Int
    var scroll: Int
    var focus: Int
    var linkFocus: Int?
  }

  /// An action for the driver to perform.
  public enum Action: Hashable, Sendable {
    case run(Example)
    case edit(exercise: String)
    case check(exercise: String)
    case showSolution(exercise: String, besideAnswer: Bool)
    case record(ProgressEvent)
    case copy(String)
    case play(Example)
    case resetPlay(Example)
    /// Step through the packets of the network that the example shows.
    case step(Example)
    /// Remember that the notes' code may run.
    case permit
    case quit
  }

  /// Opens a course at the step that was visited last.
  ///
  /// - Parameters:
  ///   - isCourse: whether these are the notes of this course, and not the user's own. They open with a
  ///     screen that tells what it is until something was read.
  ///   - glossary: the terms that can be looked up, read when the first one is.
  ///   - cheatSheets: the pages to keep of the notes, read at the end of the first one.
  public init(
    _ course: Course, progress: Progress, presentation: Presentation, rows: Int,
    isCourse: Bool = false, glossary: @escaping @Sendable () -> Glossary = { Glossary() },
    cheatSheets: @escaping @Sendable () -> CheatSheets = { CheatSheets() }
  ) {
    self.course = course
    readGlossary = glossary
    readCheatSheets = cheatSheets
    self.isCourse = isCourse
    self.presentation = presentation
    self.rows = rows
    for (noteIndex, note) in course.notes.enumerated() {
      for step in note.steps where progress.hasRead(note: note.slug, step: step.anchor) {
        let name = StepName(note: note.slug, step: step.anchor)
        read.insert(name)
        if !progress.wasReadAs(step.digest, note: note.slug, step: step.anchor) {
          changed.insert(name)
        }
      }
      for index in note.steps.indices {
        for (name, _) in note.questions(inStep: index) {
          let attempt = progress.answer(to: name.description)
          state.answers[name] = attempt.map(PageState.GivenAnswer.init)
        }
      }
      for example in note.examples {
        if progress.hasRun(example.id) { ranBefore.insert(example.id) }
        if progress.hasSettled(example) { state.settled.insert(example.id) }
        guard let prediction = example.prediction, !prediction.isOfWholeOutput,
          let attempt = progress.prediction(for: example.id)
        else { continue }
        let given = PageState.GivenAnswer(attempt)
        if noteIndex == self.noteIndex {
          state.predictions[example.id] = given
        } else {
          predictionsOfNotes[noteIndex, default: [:]][example.id] = given
        }
      }
      for exercise in note.exercises {
        state.exercises[exercise.id] = PageState.Exercise(progress, exercise.id)
      }
    }
    if let last = progress.lastStep { go(to: last.note, step: last.step) }
    if isCourse, read.isEmpty, progress.lastStep == nil { panel = .welcome(0) }
  }

  /// Asks for a prediction again that was made in an earlier session.
  mutating func forgetPrediction(of example: String, inNote slug: String) {
    if slug == note.slug { state.predictions[example] = nil }
    guard let index = course.notes.firstIndex(where: { $0.slug == slug }) else { return }
    predictionsOfNotes[index]?[example] = nil
  }

  /// The results of a note's examples in this session.
  func runs(in note: Note) -> [String: PageState.Run] {
    let index = course.notes.firstIndex { $0.slug == note.slug }
    return index == noteIndex ? state.runs : index.flatMap { runsOfNotes[$0] } ?? [:]
  }

  /// Shows what the course is; notes of the user's own have the help instead.
  mutating func introduce() {
    panel = isCourse ? .welcome(0) : .help(0)
  }

  // MARK: Where the learner is

  /// The current note.
  public var note: Note { course.notes[noteIndex] }

  /// The current step; nil for a note without steps.
  public var step: Step? { note.steps.indices.contains(stepIndex) ? note.steps[stepIndex] : nil }

  var stepName: StepName { StepName(note: note.slug, step: step?.anchor ?? "") }

  /// Goes to a note and a step of it by anchor, title or number; false if there is none.
  @discardableResult
  public mutating func go(to name: String, step: String? = nil) -> Bool {
    guard let found = course.note(named: name),
      let index = course.notes.firstIndex(where: { $0.slug == found.slug })
    else { return false }
    showPage()
    noteIndex = index
    stepIndex = step.flatMap { found.stepIndex(named: $0) } ?? 0
    startOfPage()
    return true
  }

  /// The actions that record the arrival at the current step, which is read when it is left.
  public mutating func arrived() -> [Action] {
    guard let step, review == nil else { return [] }
    return [.record(.place(note: note.slug, step: step.anchor))]
  }

  /// Shows the beginning of a step that has just been reached.
  mutating func startOfPage() {
    (scroll, focus, linkFocus, hasMovedFocus, searched) = (0, 0, nil, false, nil)
  }

  /// The screen has a new size.
  public mutating func resized(rows: Int, columns: Int) {
    self.rows = rows
    presentation.width = columns
    clampScroll()
  }

  // MARK: What the page holds

  /// The layout of the current page.
  public var page: PageLayout {
    var state = state
    state.focus = linkFocus == nil ? focus : nil
    let page = NotePage.page(
      of: note, step: step == nil ? nil : stepIndex, in: course, state: state,
      presentation.width(max(20, textWidth)))
    return review.map { cropped(page, to: $0) } ?? page
  }

  /// The item that keys act on; nil if the page has none.
  public var focusedItem: PageItem? {
    guard linkFocus == nil else { return nil }
    let items = page.items
    return items.indices.contains(focus) ? items[focus].item : nil
  }

  var focusedExample: Example? {
    guard case .example(let id) = focusedItem else { return nil }
    return note.examples.first { $0.id == id }
  }

  var focusedExercise: Exercise? {
    guard case .exercise(let id) = focusedItem else { return nil }
    return note.exercises.first { $0.id == id }
  }

  var focusedQuestion: (name: QuestionName, question: Question)? {
    guard case .question(let name) = focusedItem, step != nil else { return nil }
    return note.questions(inStep: stepIndex).first { $0.name == name }
  }
}

extension PageState.GivenAnswer {
  /// What was said in an earlier session.
  init(_ attempt: Progress.Attempt) {
    self.init(text: attempt.text, isRight: attempt.right)
  }
}

extension PageState.Exercise {
  init(_ progress: Progress, _ id: String) {
    self.init()
    hintsTaken = progress.hintsTaken(id)
    isStarted = progress.isStarted(id)
    isPassed = progress.isPassed(id)
  }
}
