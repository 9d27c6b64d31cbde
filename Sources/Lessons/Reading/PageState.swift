public import NoteFormat
public import Terminal

/// An item of a page that the learner can act on.
public enum PageItem: Hashable, Sendable {
  case example(String)
  case question(QuestionName)
  case exercise(String)
}

/// The name of a question: the note, the step, and the number within the step.
public struct QuestionName: Hashable, Sendable, CustomStringConvertible {
  /// The slug of the note.
  public var note: String
  /// The anchor of the step.
  public var step: String
  /// The number of the question within the step, counted from 1.
  public var number: Int

  /// Creates the name of a question.
  public init(note: String, step: String, number: Int) {
    self.note = note
    self.step = step
    self.number = number
  }

  /// `nat-table#the-answer-finds-its-way-back/1`
  public var description: String { "\(note)#\(step)/\(number)" }
}

/// The state of a page: what the learner has run, answered and started.
public struct PageState: Sendable {
  /// Whether answers, hints and outputs are shown without being requested.
  public var revealsAll = false
  /// Whether the page mentions shell commands or keys of the reader.
  public var invites = Invitation.commands
  /// The command that runs an example, without the example's id.
  public var runCommand = "./workbook run"
  /// The command that predicts an example, without the example's id.
  public var predictCommand = "./workbook predict"
  /// The command that answers a question, without the question's name; nil if there is none.
  public var answerCommand: String? = "./workbook answer"
  /// The runs of examples by id.
  public var runs: [String: Run] = [:]
  /// What the learner's copies of examples printed, by id; empty lines while one is running.
  public var plays: [String: [StyledText]] = [:]
  /// The predictions of examples by id, apart from those of a whole output.
  public var predictions: [String: GivenAnswer] = [:]
  /// The examples whose prediction was settled earlier: they are shown with the note's output.
  public var settled: Set<String> = []
  /// Whether what follows an example to predict is left out until it has run.
  public var holdsBack: Bool
  /// The answers to questions.
  public var answers: [QuestionName: GivenAnswer] = [:]
  /// The states of exercises by id.
  public var exercises: [String: Exercise] = [:]
  /// The index of the item that keys act on; nil where each acts on what it fits.
  public var focus: Int?
  /// The key that goes on to the next item.
  public var focusKey = "Tab"

  /// Creates the state of a page on which nothing has been done.
  public init(revealsAll: Bool = false, invites: Invitation = .commands) {
    self.revealsAll = revealsAll
    self.invites = invites
    holdsBack = invites == .keys
  }

  /// Whether an example's output is still to be predicted.
  public func asks(about example: Example) -> Bool {
    example.asksForPrediction && runs[example.id] == nil && !settled.contains(example.id)
  }

  /// The way in which a page tells the learner what to do next.
  public enum Invitation: Sendable {
    case commands, keys
  }

  /// A run of an example, finished or not.
  public struct Run: Sendable {
    /// The output so far.
    public var output = ""
    /// The pictures that it has shown.
    public var pictures = ShownPictures()
    /// Whether the example is still running.
    public var isRunning = true
    /// The prediction that the learner made; nil if there is none.
    public var prediction: String?
    /// The lines below the output: an error, or the comparison with the prediction.
    public var remarks: [StyledText] = []

    /// Creates a run that has just started.
    public init(prediction: String? = nil) {
      self.prediction = prediction
    }
  }

  /// The learner's answer to a question.
  public struct GivenAnswer: Sendable {
    /// The text of the last answer, or the number of a choice.
    public var text: String
    /// Whether the answer is right.
    public var isRight: Bool
    /// The different answers so far, this one included, the first one first.
    public private(set) var tries: [String]
    /// Whether the learner asked for the answer after a wrong one.
    public var gaveUp = false

    /// Creates a first answer.
    public init(text: String, isRight: Bool) {
      self.text = text
      self.isRight = isRight
      tries = [text]
    }

    /// Adds another answer.
    public mutating func tryAgain(_ text: String, isRight: Bool) {
      self.text = text
      self.isRight = isRight
      tries.append(text)
    }

    /// Whether the right answer is shown, with all reasons.
    public var isOpen: Bool { isRight || gaveUp }
  }

  /// The learner's state of an exercise.
  public struct Exercise: Sendable {
    /// The number of hints that are shown.
    public var hintsTaken = 0
    /// Whether there is an answer.
    public var isStarted = false
    /// Whether an answer has passed.
    public var isPassed = false
    /// Whether the answer is being checked.
    public var isChecking = false
    /// The lines of the last verdict.
    public var verdict: [StyledText] = []
    /// The lines of the solution; empty while it is hidden.
    public var solution: [StyledText] = []
    /// Whether the solution is shown beside the learner's answer.
    public var comparesSolution = false

    /// Creates the state of an exercise that has not been started.
    public init() {}
  }
}

/// A link on a page.
public struct PageLink: Hashable, Sendable {
  /// A note, `note#step` or `#step`, or an address with `://`.
  public var target: String
  /// The lines that it is on: more than one if it was wrapped.
  public var lines: Range<Int>
  /// Its number among the links that start on its first line.
  public var numberInLine: Int
}

/// The lines of a page, and the items on it that the learner can act on.
public struct PageLayout: Sendable {
  /// The lines from the top.
  public var lines: [StyledText] = []
  /// The items with the ranges of their lines, from the top.
  public var items: [(item: PageItem, lines: Range<Int>)] = []
  /// The example that is to be predicted before the rest of its step is shown; nil if all is shown.
  public internal(set) var heldBackBy: String?
  /// The links, from the top and from the left.
  public private(set) var links: [PageLink] = []
  private var marks: [String: Int] = [:]

  /// The line of a heading within the page, or of a block such as `^block1`; nil if there is none.
  public func line(of name: String) -> Int? {
    marks[name.hasPrefix("^") ? name : Slug.normalised(Slug.anchor(name))]
  }

  /// Gives the next line a name, unless an earlier one has it.
  mutating func mark(_ name: String) {
    let key = name.hasPrefix("^") ? name : Slug.normalised(name)
    if marks[key] == nil { marks[key] = lines.count }
  }

  /// The lines of one item alone, without links, below some lines of heading.
  public func cropped(to item: PageItem, under heading: [StyledText]) -> PageLayout {
    var layout = PageLayout()
    layout.lines = heading
    for (found, range) in items where found == item {
      layout.items.append((item, layout.lines.count..<(layout.lines.count + range.count)))
      layout.lines += lines[range]
    }
    return layout
  }

  /// Finds the links in the lines.
  mutating func findLinks() {
    links = []
    var isOpen = false
    for (number, line) in lines.enumerated() {
      var startsHere = 0
      for (index, span) in line.spans.enumerated() {
        guard let target = span.link else {
          // A wrapped link goes on behind the margin of the next line.
          if index > 0 || !span.text.allSatisfy(\.isWhitespace) { isOpen = false }
          continue
        }
        if isOpen, let last = links.last, last.target == target, last.lines.upperBound == number {
          links[links.count - 1].lines = last.lines.lowerBound..<(number + 1)
        } else {
          links.append(
            PageLink(target: target, lines: number..<(number + 1), numberInLine: startsHere))
          startsHere += 1
        }
        isOpen = index == line.spans.count - 1
      }
    }
  }

  /// The lines with a link drawn as the focused one.
  public func lines(focusing link: PageLink) -> [StyledText] {
    var lines = lines
    for number in link.lines {
      var seen = 0
      lines[number] = StyledText(
        lines[number].spans.map { span in
          guard span.link == link.target else {
            if span.link != nil, number == link.lines.lowerBound { seen += 1 }
            return span
          }
          defer { seen += 1 }
          guard number > link.lines.lowerBound || seen == link.numberInLine else { return span }
          var focused = span
          focused.role = .highlight
          focused.emphasis.insert(.underline)
          return focused
        })
    }
    return lines
  }
}
