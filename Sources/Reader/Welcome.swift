import Lessons
import NoteFormat
import Terminal

/// The first screen of the course: what it is, where to begin, how long it takes, which keys matter.
enum Welcome {
  /// The lines for a screen, wrapped to its width.
  static func lines(for course: Course, _ presentation: Presentation) -> [StyledText] {
    paragraphs(for: course, presentation)
      + [StyledText("Keys", .subheading)] + table(keys, presentation)
      + ["", StyledText("Enter begins.", .note)]
  }

  /// The lines for a reader that obeys words.
  static func plainLines(for course: Course, _ presentation: Presentation) -> [StyledText] {
    paragraphs(for: course, presentation)
      + [StyledText("Commands, each on a line of its own", .subheading)]
      + table(commands, presentation)
  }

  private static func paragraphs(
    for course: Course, _ presentation: Presentation
  ) -> [StyledText] {
    let texts: [StyledText] = [
      StyledText("Pathfinder", .heading, emphasis: .bold)
        + StyledText(
          " is a workbook on NAT, STUN, TURN and ICE: why two computers behind routers cannot "
            + "simply call each other, and what is done about it. In a hurry? 'gather', 'decode' "
            + "and 'pairs' say why a call fails."),
      "You read a step, say what its example will print, run it, and answer a question. Now and "
        + "then you write a piece of Swift, and it is checked.",
      StyledText(beginning(of: course)),
    ]
    return texts.flatMap { $0.wrapped(to: presentation.proseWidth) + [""] }
  }

  private static func beginning(of course: Course) -> String {
    let minutes = course.notes.map { ReadingTime.minutes(of: $0) }
    let steps = course.notes.reduce(0) { $0 + $1.steps.count }
    guard let first = course.notes.first else { return "" }
    let whole = ReadingTime.phrase(minutes: minutes.reduce(0, +))
    return "Begin with '\(first.title)', \(ReadingTime.phrase(minutes: minutes[0])), and go on in "
      + "order: \(course.notes.count) notes, \(steps) steps, \(whole) in all. What you have read "
      + "and done is remembered, and the next start opens where you left off."
  }

  private static let keys: [(String, String)] = [
    ("space, b", "a page on, a page back"), ("n, p", "the next step, the step before"),
    ("r", "run the example"), ("1 to 5, a", "answer the question"),
    ("e, c", "write your answer to an exercise, check it"),
    ("o, l", "the steps of this note, all notes"),
    ("d, i", "the words of this step, explained; this page again"),
    ("?, q", "all keys, quit"),
  ]

  private static let commands: [(String, String)] = [
    ("n, p", "the next step, the step before"), ("r", "run the example"),
    ("1 to 5, a", "answer the question"),
    ("e, c", "write your answer to an exercise, check it"),
    ("o, l", "the steps of this note, all notes"),
    ("d, i", "the words of this step, explained; this again"),
    ("?, q", "all commands, quit"),
  ]

  private static func table(
    _ rows: [(String, String)], _ presentation: Presentation
  ) -> [StyledText] {
    rows.flatMap { key, what in
      StyledText(what).wrapped(
        to: presentation.proseWidth, first: StyledText("  " + key, .key).padded(to: 13),
        continuation: StyledText(String(repeating: " ", count: 13)))
    }
  }
}
