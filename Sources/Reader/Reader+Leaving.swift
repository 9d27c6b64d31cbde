import Lessons
import NoteFormat
import Terminal

/// Leaving a step: what counts as read, what is left open, and the end of a note.
extension Reader {
  /// The actions that record that a step was read, which is when it is left for another.
  private mutating func left() -> [Action] {
    guard let step, !read.contains(stepName) || changed.contains(stepName) else { return [] }
    // Of a step that waits for a prediction, the rest has not been seen.
    guard page.heldBackBy == nil else { return [] }
    read.insert(stepName)
    changed.remove(stepName)
    return [.record(.stepRead(note: note.slug, step: step.anchor, digest: step.digest))]
  }

  /// The same where the step is left by a link or a list: it counts if its end is on the screen.
  mutating func leftForElsewhere() -> [Action] {
    scroll + bodyHeight >= page.lines.count ? left() : []
  }

  /// Goes to the next step of the road, saying what is left open in this one and what is passed by, or
  /// shows the end of the note.
  mutating func next() -> [Action] {
    if review != nil { return moveReview(by: 1) }
    let actions = left()
    seen.insert(stepName)
    guard let next = roadSteps(in: note.steps.indices.dropFirst(stepIndex + 1)).first else {
      let hasSheet = readCheatSheets().sheet(of: note) != nil
      panel = .end(
        NoteEnd(of: course, note: noteIndex, hasSheet: hasSheet) { openSteps(of: $0) })
      return actions
    }
    let things = openThings(inStep: stepIndex, of: note)
    let passed = note.steps[stepIndex + 1..<next]
    // From a step of the road, p goes to the one before on the road, past an extra step.
    let isPassedByBack = step?.isExtra == true && !note.steps[next].isExtra
    stepIndex = next
    startOfPage()
    var left: [String] = []
    if !things.isEmpty {
      let way = isPassedByBack ? "o lists the step" : "p goes back"
      left.append("Left open: \(OpenStep.list(things)) (\(way))")
    }
    if !passed.isEmpty {
      let steps = passed.count == 1 ? "an extra step" : "\(passed.count) extra steps"
      left.append("Passed by: \(steps) (o lists them)")
    }
    if !left.isEmpty { leftOpen = StyledText(left.joined(separator: ". "), .note) }
    return actions + arrived()
  }

  /// Goes to the step before on the road.
  mutating func previous() -> [Action] {
    if review != nil { return moveReview(by: -1) }
    if let before = roadSteps(in: note.steps.indices.prefix(stepIndex)).last {
      stepIndex = before
    } else if noteIndex > 0 {
      noteIndex -= 1
      stepIndex = note.steps.lastIndex { !$0.isExtra } ?? max(0, note.steps.count - 1)
    } else {
      message = "This is the first step of the first note."
      return []
    }
    startOfPage()
    return arrived()
  }

  /// Those of some steps that a learner goes to from here: from an extra step all, from others the road's.
  private func roadSteps(in indices: Range<Int>) -> [Int] {
    step?.isExtra == true ? Array(indices) : indices.filter { !note.steps[$0].isExtra }
  }

  /// Goes on from the end of a note.
  mutating func goOn() -> [Action] {
    panel = .page
    guard noteIndex + 1 < course.notes.count else {
      message = "This is the last step of the last note; l lists the notes."
      return []
    }
    (noteIndex, stepIndex) = (noteIndex + 1, 0)
    startOfPage()
    return arrived()
  }

  // MARK: What is open

  /// The steps of a note in which something is open.
  func openSteps(of note: Note) -> [OpenStep] {
    note.steps.indices.compactMap { index in
      let things = openThings(inStep: index, of: note)
      guard !things.isEmpty else { return nil }
      let step = note.steps[index]
      return OpenStep(
        note: note.slug, anchor: step.anchor, number: index + 1, title: step.title.plainText,
        things: things)
    }
  }

  /// What is not done in a step; for one that was never left, that it is not read.
  private func openThings(inStep index: Int, of note: Note) -> [String] {
    guard note.steps.indices.contains(index) else { return [] }
    let step = note.steps[index]
    let name = StepName(note: note.slug, step: step.anchor)
    guard read.contains(name) || seen.contains(name) else { return ["not read"] }
    var predictions = 0
    var exercises: [String] = []
    step.blocks.forEachNested { block in
      switch block.content {
      case .example(let example):
        if example.asksForPrediction, !hasRun(example, in: note) { predictions += 1 }
      case .exercise(let exercise):
        if state.exercises[exercise.id]?.isPassed != true { exercises.append(exercise.id) }
      default: break
      }
    }
    let questions = note.questions(inStep: index).count { !isDone($0.name) }
    return [Self.count(predictions, "prediction"), Self.count(questions, "question")]
      .compactMap { $0 } + exercises.map { "the exercise \($0)" }
  }

  private static func count(_ number: Int, _ thing: String) -> String? {
    switch number {
    case 0: nil
    case 1: "a \(thing)"
    default: "\(number) \(thing)s"
    }
  }

  /// Whether a question was answered rightly, or its answer was looked at.
  private func isDone(_ question: QuestionName) -> Bool {
    state.answers[question].map { $0.isRight || $0.gaveUp } == true
  }

  private func hasRun(_ example: Example, in note: Note) -> Bool {
    ranBefore.contains(example.id) || runs(in: note)[example.id] != nil
  }

  // MARK: For a driver that reads lines

  /// The lines of the end of the note, if that is shown.
  var endLines: [StyledText]? {
    guard case .end(let end) = panel else { return nil }
    return end.plainLines(presentation)
  }

  /// The lines of the first screen, if that is shown.
  var welcomeLines: [StyledText]? {
    guard case .welcome = panel else { return nil }
    return Welcome.plainLines(for: course, presentation)
  }

  /// Leaves the first screen, the help or the end of a note for the page.
  mutating func showPage() {
    switch panel {
    case .welcome, .end, .help: panel = .page
    default: break
    }
  }
}
