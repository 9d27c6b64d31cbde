public import NoteFormat
public import Terminal

/// Lays out a term of the glossary: its definition, its other names, and who teaches it.
public enum TermPage {
  /// The way in which a step that teaches a term is named.
  public enum Lessons: Sendable {
    /// By the titles of note and step, for a reader who goes there with a key.
    case titles
    /// By the command that prints it.
    case commands
  }

  /// The lines below a term's heading.
  public static func lines(
    of term: Term, in course: Course, naming lessons: Lessons, _ presentation: Presentation
  ) -> [StyledText] {
    var lines = NotePage.styled(term.definition).wrapped(to: presentation.proseWidth)
    if !term.aliases.isEmpty {
      lines += labelled("Also", StyledText(term.aliases.joined(separator: ", ")), presentation)
    }
    if let number = term.comingNote {
      lines += labelled(
        "Taught in", StyledText("note \(number), which is yet to come"), presentation)
    }
    for index in term.lessons.indices {
      guard let place = term.place(lesson: index, in: course) else { continue }
      lines += labelled(
        index == 0 ? "Taught in" : "More in", self.lesson(place, lessons), presentation)
    }
    return lines
  }

  private typealias Place = (note: Note, step: Int)

  private static func lesson(_ place: Place, _ lessons: Lessons) -> StyledText {
    let title = place.note.steps[place.step].title.plainText
    switch lessons {
    case .titles:
      return StyledText("\(place.note.title), step \(place.step + 1): ", .muted) + StyledText(title)
    case .commands:
      return StyledText("./workbook read \(place.note.slug)#\(place.step + 1)", .key)
        + StyledText("  \(title)", .muted)
    }
  }

  private static let labelWidth = 11

  private static func labelled(
    _ label: String, _ text: StyledText, _ presentation: Presentation
  ) -> [StyledText] {
    text.wrapped(
      to: presentation.proseWidth,
      first: StyledText(label + ":", .label).padded(to: labelWidth),
      continuation: StyledText(String(repeating: " ", count: labelWidth)))
  }

  /// The first sentence of a definition, on one line of a list.
  public static func summary(of term: Term) -> String {
    let text = term.definition.plainText
    return text.firstMatch(of: #/^.*?[.?!](?= |$)/#).map { String($0.output) } ?? text
  }
}
