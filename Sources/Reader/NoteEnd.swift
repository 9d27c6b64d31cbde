import Lessons
import NoteFormat
import Terminal

/// What is open in a step: questions, predictions, examples and exercises that are not done.
struct OpenStep: Hashable, Sendable {
  var note: String
  var anchor: String
  /// The step's number, counted from 1.
  var number: Int
  var title: String
  /// Such as `2 questions` or `the exercise same-port`; never empty.
  var things: [String]

  /// The things in one phrase.
  var phrase: String { Self.list(things) }

  static func list(_ things: [String]) -> String {
    guard let last = things.last, things.count > 1 else { return things.first ?? "" }
    return things.dropLast().joined(separator: ", ") + " and " + last
  }
}

/// The end of a note or of the course: what is open in it, and what comes next.
struct NoteEnd: Sendable {
  private let title: String
  private let open: [OpenStep]
  private let next: String
  /// How to print the page to keep of the note; nil if there is none.
  private let sheet: String?
  /// Whether it is the end of the course, whose open steps are of several notes.
  private let isCourse: Bool
  private var selection = 0

  /// The end of the note with this index; the last one is the end of the course.
  ///
  /// - Parameter hasSheet: whether there is a cheat sheet of the note.
  init(of course: Course, note index: Int, hasSheet: Bool, open: (Note) -> [OpenStep]) {
    let note = course.notes[index]
    sheet =
      hasSheet
      ? "To keep: './workbook cheatsheet \(note.number.map { "\($0)" } ?? note.slug)' prints this note on one page."
      : nil
    guard index + 1 < course.notes.count else {
      title = "The end of '\(note.title)', and of the course"
      self.open = course.notes.flatMap(open)
      next =
        "Now try it on your own: './workbook matrix' shows who reaches whom, './workbook nat' is a "
        + "NAT to send packets through, './workbook decode' reads captures of real calls."
      isCourse = true
      return
    }
    let following = course.notes[index + 1]
    title = "The end of '\(note.title)'"
    self.open = open(note)
    let steps = following.steps.count == 1 ? "1 step" : "\(following.steps.count) steps"
    next =
      "Next comes '\(following.title)': \(steps), "
      + "\(ReadingTime.phrase(minutes: ReadingTime.minutes(of: following)))."
    isCourse = false
  }

  var hasOpenSteps: Bool { !open.isEmpty }

  mutating func pressed(_ key: TerminalKey) -> Reader.Choice {
    switch key {
    case .enter:
      guard open.indices.contains(selection) else { return .goOn }
      return .go(note: open[selection].note, step: open[selection].anchor, found: nil)
    case .character("n"), .character(" "), .right, .pageDown: return .goOn
    case .down, .character("j"), .tab: selection += 1
    case .up, .character("k"), .backTab: selection -= 1
    case .home: selection = 0
    case .end: selection = open.count - 1
    case .resized: break
    default: return .close
    }
    selection = max(0, min(selection, open.count - 1))
    return .stay
  }

  /// The visible lines, at most `height`.
  func lines(height: Int, _ presentation: Presentation) -> [StyledText] {
    let (head, tail) = (head(presentation.proseWidth), tail(presentation.proseWidth))
    let room = max(1, height - head.count - tail.count)
    let first = max(0, min(selection - room / 2, open.count - room))
    let shown = open.enumerated().dropFirst(first).prefix(room).map { index, step in
      line(of: step, isSelected: index == selection, isNamed: isCourse)
    }
    return head + shown + tail
  }

  /// Every line, for a reader that prints them; steps are named as its command takes them.
  func plainLines(_ presentation: Presentation) -> [StyledText] {
    let width = presentation.proseWidth
    return head(width)
      + open.flatMap {
        line(of: $0, isSelected: false, isNamed: true)
          .wrapped(to: width, continuation: "    ")
      } + tail(width)
  }

  private func head(_ width: Int) -> [StyledText] {
    StyledText(title, .heading, emphasis: .bold).wrapped(to: width) + [""]
      + StyledText(
        open.isEmpty ? "Nothing is open: all is read, run, answered and passed." : "Still open:"
      ).wrapped(to: width)
  }

  private func tail(_ width: Int) -> [StyledText] {
    [sheet, next].compactMap { $0 }.flatMap { [""] + StyledText($0).wrapped(to: width) }
  }

  private func line(of step: OpenStep, isSelected: Bool, isNamed: Bool) -> StyledText {
    let place = isNamed ? "\(step.note)#\(step.number)" : "\(step.number)"
    return (isSelected ? StyledText("> ", .key) : "  ") + StyledText(place + " ", .label)
      + StyledText(step.phrase, emphasis: isSelected ? .bold : [])
      + StyledText(": \(step.title)", .muted)
  }
}
