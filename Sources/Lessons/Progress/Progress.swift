public import NoteFormat

/// The progress of a learner, accumulated from all recorded events.
///
/// A change to a note does not remove progress; `wasReadAs` detects such a change.
public struct Progress: Encodable, Hashable, Sendable {
  /// A prediction or answer, and whether it was right.
  public struct Attempt: Encodable, Hashable, Sendable {
    /// The text that the learner entered.
    public var text: String
    /// Whether it was right.
    public var right: Bool

    /// Creates an attempt.
    public init(text: String, right: Bool) {
      self.text = text
      self.right = right
    }
  }

  /// The number of lines that are not events known to this program; they stay in the file.
  public internal(set) var skippedLines = 0

  private var last: StepName?
  private var steps: [StepName: [String]] = [:]
  private var runs: [String: Bool] = [:]
  private var predictions: [String: Attempt] = [:]
  private var firstPredictions: [String: Attempt] = [:]
  private var answers: [String: Attempt] = [:]
  private var firstAnswers: [String: Attempt] = [:]
  private var exercises: [String: ExerciseProgress] = [:]
  private var reviews: [ReviewName: ReviewSchedule] = [:]
  private var causesFound: Set<String> = []
  private var drillsMended: Set<String> = []

  /// Creates the progress of a learner without any events.
  public init() {}

  /// Adds an event that happened at a time, in Unix seconds; later events must follow.
  ///
  /// - Complexity: O(1), except for `reset`, which is O(*n*) in the number of exercises.
  public mutating func record(_ event: ProgressEvent, at time: Double = 0) {
    switch event {
    case .stepRead(let note, let step, let digest):
      let name = StepName(note: note, step: step)
      if steps[name]?.contains(digest) != true { steps[name, default: []].append(digest) }
    case .place(let note, let step): last = StepName(note: note, step: step)
    case .exampleRun(let id, let matched): runs[id] = runs[id] == true || matched
    case .predicted(let id, let prediction, let right):
      predictions[id] = Attempt(text: prediction, right: right)
      if firstPredictions[id] == nil { firstPredictions[id] = predictions[id] }
      reviews[.prediction(id), default: .init()].answered(right: right, at: time)
    case .answered(let question, let answer, let right):
      answers[question] = Attempt(text: answer, right: right)
      if firstAnswers[question] == nil { firstAnswers[question] = answers[question] }
      reviews[.question(question), default: .init()].answered(right: right, at: time)
    case .started(let exercise): exercises[exercise, default: .init()].isStarted = true
    case .checked(let exercise, let outcome, _):
      exercises[exercise, default: .init()].isStarted = true
      exercises[exercise, default: .init()].checks += 1
      if outcome == Verdict.Outcome.passed.rawValue {
        exercises[exercise, default: .init()].isPassed = true
      }
    case .hint(let exercise, let number):
      exercises[exercise, default: .init()].hints.insert(number)
    case .solutionAsked(let exercise): exercises[exercise, default: .init()].solutionAsks += 1
    case .solutionSeen(let exercise): exercises[exercise, default: .init()].hasSeenSolution = true
    case .causeChosen(let drill, _, let right): if right { causesFound.insert(drill) }
    case .fixChosen(let drill, _, let right): if right { drillsMended.insert(drill) }
    case .reset(let exercise?): exercises[exercise] = nil
    case .reset(nil): exercises = [:]
    }
  }

  // MARK: Steps

  /// The step that the learner visited last; nil if there is none.
  public var lastStep: (note: String, step: String)? { last.map { ($0.note, $0.step) } }

  /// Whether the step was read, in any version.
  public func hasRead(note: String, step: String) -> Bool {
    steps[StepName(note: note, step: step)] != nil
  }

  /// Whether the step was read in the version with this digest; false if its text has changed since.
  public func wasReadAs(_ digest: String, note: String, step: String) -> Bool {
    steps[StepName(note: note, step: step)]?.contains(digest) == true
  }

  // MARK: Examples and questions

  /// Whether the example was run.
  public func hasRun(_ id: String) -> Bool { runs[id] != nil }

  /// The last prediction of an example's output; nil if there is none.
  public func prediction(for id: String) -> Attempt? { predictions[id] }

  /// The first prediction of an example's output; nil if there is none.
  public func firstPrediction(for id: String) -> Attempt? { firstPredictions[id] }

  /// Whether an example that is to be predicted was run, or predicted rightly the last time.
  public func hasSettled(_ example: Example) -> Bool {
    hasRun(example.id)
      || example.prediction?.isOfWholeOutput == false && predictions[example.id]?.right == true
  }

  /// When a question or prediction is asked again; nil if it was never answered.
  public func review(of name: ReviewName) -> ReviewSchedule? { reviews[name] }

  /// The last answer to a question; nil if there is none.
  ///
  /// - Parameter question: `note#step/number`, as in the event.
  public func answer(to question: String) -> Attempt? { answers[question] }

  /// The first answer to a question; nil if there is none.
  ///
  /// - Parameter question: `note#step/number`, as in the event.
  public func firstAnswer(to question: String) -> Attempt? { firstAnswers[question] }

  // MARK: Exercises

  /// Whether the exercise was started since it was last reset.
  public func isStarted(_ exercise: String) -> Bool { exercises[exercise]?.isStarted == true }

  /// Whether an answer has passed since the exercise was last reset.
  public func isPassed(_ exercise: String) -> Bool { exercises[exercise]?.isPassed == true }

  /// The number of different hints that were shown.
  public func hintsTaken(_ exercise: String) -> Int { exercises[exercise]?.hints.count ?? 0 }

  /// How often the solution was requested before the exercise was passed.
  public func solutionAsks(_ exercise: String) -> Int { exercises[exercise]?.solutionAsks ?? 0 }

  /// Whether the solution was shown.
  public func hasSeenSolution(_ exercise: String) -> Bool {
    exercises[exercise]?.hasSeenSolution == true
  }

  // MARK: Drills

  /// Whether the cause of a drill's failed call was found, once at least.
  public func hasFoundCause(ofDrill drill: String) -> Bool { causesFound.contains(drill) }

  /// Whether a drill was solved, once at least: its cause was found, and its call mended.
  public func hasSolved(drill: String) -> Bool {
    causesFound.contains(drill) && drillsMended.contains(drill)
  }
}

private struct StepName: Hashable {
  var note: String
  var step: String
}

private struct ExerciseProgress: Hashable, Encodable {
  var isStarted = false
  var isPassed = false
  var checks = 0
  var hints: Set<Int> = []
  var solutionAsks = 0
  var hasSeenSolution = false
}

extension Progress {
  /// Encodes the progress for `--json`; a step is named `note#step`.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encodeIfPresent(last?.name, forKey: .place)
    try container.encode(steps.keys.map(\.name).sorted(), forKey: .stepsRead)
    try container.encode(runs.keys.sorted(), forKey: .examplesRun)
    try container.encode(predictions, forKey: .predictions)
    try container.encode(firstPredictions, forKey: .firstPredictions)
    try container.encode(answers, forKey: .answers)
    try container.encode(firstAnswers, forKey: .firstAnswers)
    try container.encode(exercises, forKey: .exercises)
    try container.encode(skippedLines, forKey: .skippedLines)
  }

  private enum CodingKeys: CodingKey {
    case place, stepsRead, examplesRun, predictions, firstPredictions, answers, firstAnswers,
      exercises, skippedLines
  }
}

extension StepName {
  fileprivate var name: String { "\(note)#\(step)" }
}
