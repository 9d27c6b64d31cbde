public import Terminal

/// What a learner can do something with on a page.
public enum PageItem: Hashable, Sendable {
  case example(String)
  case question(QuestionName)
  case exercise(String)
}

/// Which question it is: the note, the step, and its number in the step, counted from 1.
public struct QuestionName: Hashable, Sendable, CustomStringConvertible {
  public var note: String
  public var step: String
  public var number: Int

  public init(note: String, step: String, number: Int) {
    self.note = note
    self.step = step
    self.number = number
  }

  /// `nat-table#the-answer-finds-its-way-back/1`
  public var description: String { "\(note)#\(step)/\(number)" }
}

/// What the learner has done so far, as far as a page shows it.
public struct PageState: Sendable {
  /// Answers, hints and outputs are shown whether the learner has asked for them or not.
  public var revealsAll = false
  /// Whether the page names commands for a shell or keys of the reader.
  public var invites = Invitation.commands
  /// The command that runs an example, up to the example's id.
  public var runCommand = "./workbook run"
  /// The command that takes a prediction of an example, up to the example's id.
  public var predictCommand = "./workbook predict"
  /// The command that answers a question, up to the question's name; nil where there is none.
  public var answerCommand: String? = "./workbook answer"
  public var runs: [String: Run] = [:]
  public var answers: [QuestionName: GivenAnswer] = [:]
  public var exercises: [String: Exercise] = [:]

  public init(revealsAll: Bool = false, invites: Invitation = .commands) {
    self.revealsAll = revealsAll
    self.invites = invites
  }

  public enum Invitation: Sendable {
    case commands, keys
  }

  /// An example that runs or has run.
  public struct Run: Sendable {
    public var output = ""
    public var isRunning = true
    public var prediction: String?
    /// Said below the output: what went wrong, or how the prediction compares.
    public var remarks: [StyledText] = []

    public init(prediction: String? = nil) {
      self.prediction = prediction
    }
  }

  public struct GivenAnswer: Sendable {
    public var text: String
    public var isRight: Bool

    public init(text: String, isRight: Bool) {
      self.text = text
      self.isRight = isRight
    }
  }

  public struct Exercise: Sendable {
    public var hintsTaken = 0
    public var isStarted = false
    public var isPassed = false
    public var isChecking = false
    public var verdict: [StyledText] = []
    public var solution: [StyledText] = []
    /// Whether the solution is shown beside the learner's answer.
    public var comparesSolution = false

    public init() {}
  }
}

/// A page's lines, and which of them belong to what the learner can act on.
public struct Page: Sendable {
  public var lines: [StyledText] = []
  public var items: [(item: PageItem, lines: Range<Int>)] = []
}
