public import Lessons
public import NoteFormat
public import Terminal

/// The reader as a value: keys and results go in, actions and frames come out.
///
/// It knows neither a terminal nor a process. Whoever drives it performs its actions and tells it
/// how they went, so that the full screen, a pipe and a test all drive the same reader.
public struct Reader: Sendable {
  public let course: Course
  public internal(set) var presentation: Presentation
  var rows: Int

  /// Where the learner is: a note's and a step's place in the course.
  public internal(set) var noteIndex = 0 {
    didSet {
      guard noteIndex != oldValue else { return }
      // People's own notes may call their examples alike, so each note has its own runs.
      runsOfNotes[oldValue] = state.runs
      state.runs = runsOfNotes[noteIndex] ?? [:]
    }
  }
  public internal(set) var stepIndex = 0
  /// How many lines of the page are above the screen.
  var scroll = 0
  /// The place of the item that keys act on, among those of the page.
  var focus = 0
  public internal(set) var state = PageState(invites: .keys)
  var read: Set<StepName> = []
  /// Steps that say something else by now than when they were read.
  var changed: Set<StepName> = []
  var panel = Panel.page
  private var runsOfNotes: [Int: [String: PageState.Run]] = [:]
  /// The exercise whose solution was asked for once, before it was passed.
  var solutionAskedFor: String?
  /// One line at the foot of the screen, until the next key.
  public internal(set) var message: StyledText?

  /// What lies over the page.
  enum Panel: Sendable {
    case page
    case help
    case list(NoteList)
    case search(SearchPanel)
    case input(TextInput, for: Purpose)

    var isPage: Bool { if case .page = self { true } else { false } }
  }

  /// What a text that is being typed is for.
  enum Purpose: Hashable, Sendable {
    case prediction(of: String)
    case answer(QuestionName)
  }

  struct StepName: Hashable, Sendable {
    var note: String
    var step: String
  }

  /// What the driver has to do.
  public enum Action: Hashable, Sendable {
    case run(Example)
    case edit(exercise: String)
    case check(exercise: String)
    case showSolution(exercise: String, besideAnswer: Bool)
    case record(ProgressEvent)
    case quit
  }

  /// Opens the course where the learner left off.
  public init(
    _ course: Course, progress: Progress, presentation: Presentation, rows: Int
  ) {
    self.course = course
    self.presentation = presentation
    self.rows = rows
    for note in course.notes {
      for step in note.steps where progress.hasRead(note: note.slug, step: step.anchor) {
        let name = StepName(note: note.slug, step: step.anchor)
        read.insert(name)
        if !progress.wasReadAs(step.digest, note: note.slug, step: step.anchor) {
          changed.insert(name)
        }
      }
      for exercise in note.exercises {
        state.exercises[exercise.id] = PageState.Exercise(progress, exercise.id)
      }
    }
    if let place = progress.lastPlace { go(to: place.note, step: place.step) }
  }

  // MARK: Place

  public var note: Note { course.notes[noteIndex] }

  /// The step on the screen; nil for a note that has none.
  public var step: Step? { note.steps.indices.contains(stepIndex) ? note.steps[stepIndex] : nil }

  var stepName: StepName { StepName(note: note.slug, step: step?.anchor ?? "") }

  /// Goes to a note, and a step of it by its anchor, title or number; to nowhere if there is none.
  @discardableResult
  public mutating func go(to name: String, step: String? = nil) -> Bool {
    guard let found = course.note(named: name),
      let index = course.notes.firstIndex(where: { $0.slug == found.slug })
    else { return false }
    noteIndex = index
    stepIndex = step.flatMap { found.stepIndex(named: $0) } ?? 0
    (scroll, focus) = (0, 0)
    return true
  }

  /// What is to be recorded when a step has come onto the screen.
  public mutating func arrived() -> [Action] {
    guard let step else { return [] }
    read.insert(stepName)
    changed.remove(stepName)
    return [
      .record(.place(note: note.slug, step: step.anchor)),
      .record(.stepRead(note: note.slug, step: step.anchor, digest: step.digest)),
    ]
  }

  mutating func next() -> [Action] {
    if stepIndex + 1 < note.steps.count {
      stepIndex += 1
    } else if noteIndex + 1 < course.notes.count {
      (noteIndex, stepIndex) = (noteIndex + 1, 0)
    } else {
      message = "This is the last step of the last note."
      return []
    }
    (scroll, focus) = (0, 0)
    return arrived()
  }

  mutating func previous() -> [Action] {
    if stepIndex > 0 {
      stepIndex -= 1
    } else if noteIndex > 0 {
      noteIndex -= 1
      stepIndex = max(0, note.steps.count - 1)
    } else {
      message = "This is the first step of the first note."
      return []
    }
    (scroll, focus) = (0, 0)
    return arrived()
  }

  public mutating func resized(rows: Int, columns: Int) {
    self.rows = rows
    presentation.width = columns
    clampScroll()
  }

  // MARK: What the page holds

  public var page: PageLayout {
    NotePage.page(
      of: note, step: step == nil ? nil : stepIndex, state: state,
      presentation.width(max(20, textWidth)))
  }

  public var focusedItem: PageItem? {
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

extension PageState.Exercise {
  init(_ progress: Progress, _ id: String) {
    self.init()
    hintsTaken = progress.hintsTaken(id)
    isStarted = progress.isStarted(id)
    isPassed = progress.isPassed(id)
  }
}
