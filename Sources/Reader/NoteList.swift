import Lessons
import NoteFormat
import Terminal

/// The list of notes with the learner's progress, filtered by the typed text.
struct NoteList: Sendable {
  private let entries: [Entry]
  private var filter = ""
  private var selection: Int

  struct Entry: Hashable, Sendable {
    var slug: String
    var title: String
    var number: Int?
    /// What is on the main road, which decides whether the note is done.
    var core: Part
    var extra: Part
    var exercises: Part

    var isDone: Bool { core.isDone && exercises.isDone }
  }

  /// How much of something is done.
  struct Part: Hashable, Sendable {
    var done: Int
    var total: Int

    var isDone: Bool { done == total }
    var text: String { "\(done)/\(total)" }
  }

  init(course: Course, read: Set<Reader.StepName>, state: PageState, current: Int) {
    entries = course.notes.map { note in
      func part(_ steps: [Step]) -> Part {
        Part(
          done: steps.count {
            read.contains(Reader.StepName(note: note.slug, step: $0.anchor))
          }, total: steps.count)
      }
      let core = note.steps.filter { !$0.isExtra }
      let exercises = core.flatMap(\.blocks).exercises
      return Entry(
        slug: note.slug, title: note.title, number: note.number, core: part(core),
        extra: part(note.steps.filter(\.isExtra)),
        exercises: Part(
          done: exercises.count { state.exercises[$0.id]?.isPassed == true },
          total: exercises.count))
    }
    selection = current
  }

  private var matching: [Entry] {
    let words = filter.lowercased().split(separator: " ")
    return entries.filter { entry in
      let text = "\(entry.number ?? 0) \(entry.slug) \(entry.title)".lowercased()
      return words.allSatisfy { text.contains($0) }
    }
  }

  mutating func pressed(_ key: TerminalKey, course: Course) -> Reader.Choice {
    switch key {
    case .escape: return .close
    case .enter:
      guard matching.indices.contains(selection) else { return .stay }
      return .go(note: matching[selection].slug, step: nil, found: nil)
    case .down: selection = min(selection + 1, matching.count - 1)
    case .up: selection = max(selection - 1, 0)
    case .backspace: filter = String(filter.dropLast())
    case .character(let character):
      filter.append(character)
      selection = 0
    default: break
    }
    selection = max(0, min(selection, matching.count - 1))
    return .stay
  }

  /// The visible lines, at most `height`.
  func lines(height: Int, _ presentation: Presentation) -> [StyledText] {
    var lines = [
      StyledText("Notes", .heading, emphasis: .bold)
        + StyledText(filter.isEmpty ? "  type to narrow the list" : "  \(filter)", .muted), "",
    ]
    let shown = matching
    let room = max(1, height - lines.count)
    let first = max(0, min(selection - room / 2, shown.count - room))
    for (index, entry) in shown.enumerated().dropFirst(first).prefix(room) {
      lines.append(line(for: entry, isSelected: index == selection, presentation))
    }
    if shown.isEmpty { lines.append("No note is called that.") }
    return lines
  }

  private func line(
    for entry: Entry, isSelected: Bool, _ presentation: Presentation
  ) -> StyledText {
    let mark = isSelected ? StyledText("> ", .key) : "  "
    let state =
      entry.isDone
      ? StyledText("\(presentation.symbols.success) ", .success)
      : StyledText("\(entry.core.text) ", .muted)
    var more: [String] = []
    if entry.exercises.total > 0 { more.append("\(entry.exercises.text) exercises") }
    if entry.extra.total > 0 { more.append("\(entry.extra.text) extra") }
    let exercises = more.map { "  " + $0 }.joined()
    let number = entry.number.map { $0 < 10 ? " \($0)" : "\($0)" } ?? "  "
    return mark + StyledText("\(number) ", .label) + state.padded(to: 7)
      + StyledText(entry.title, emphasis: isSelected ? .bold : []) + StyledText(exercises, .muted)
  }
}
