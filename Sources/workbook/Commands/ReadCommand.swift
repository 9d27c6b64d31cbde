import ArgumentParser
import CommandOptions
import Lessons
import NoteFormat
import Terminal

struct ReadCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "read", abstract: "Print a note, or one step of it.",
    discussion: "A step is named by its title or its number: read nat-table#3")

  @OptionGroup var options: OutputOptions
  @OptionGroup var format: JSONOption

  @Flag(help: "Show the answers, the hints and the outputs to predict.")
  var answers = false

  @Argument(
    help: "The note's name or number, and a step behind '#' if you want just that.",
    completion: Names.notes)
  var note: String

  func run() throws {
    let parts = note.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
    let course = try NoteLibrary.compiled.course()
    let name = String(parts[0])
    let found = try course.existingNote(named: name)
    let step = parts.count > 1 ? try found.existingStep(named: String(parts[1])) : nil
    let output = options.output()
    if format.json {
      try output.json(NoteText(found, step: step, answers: answers))
    } else {
      output.lines(
        NotePage.lines(
          of: found, step: step, state: PageState(revealsAll: answers), output.presentation))
    }
    output.flush()
    if !format.json { record(step.map { [found.steps[$0]] } ?? found.steps, of: found) }
  }

  /// Records the printed steps as read, and the last one as the place to continue.
  private func record(_ steps: [Step], of note: Note) {
    guard let last = steps.last, let workspace = try? Workspace.current() else { return }
    Recorder(workspace).record(
      steps.map { .stepRead(note: note.slug, step: $0.anchor, digest: $0.digest) }
        + [.place(note: note.slug, step: last.anchor)])
  }
}

/// The text of a note, as printed by `read --json`: step by step, without styles.
struct NoteText: Encodable {
  /// The note's name.
  var note: String
  var title: String
  var steps: [StepText]

  struct StepText: Encodable {
    var number: Int
    /// The step's name in links.
    var step: String
    var title: String
    var text: String
    var examples: [String]
  }

  init(_ note: Note, step: Int?, answers: Bool) {
    self.note = note.slug
    title = note.title
    steps = note.steps.indices.filter { step == nil || $0 == step }.map { index in
      let step = note.steps[index]
      var examples: [String] = []
      step.blocks.forEachNested {
        if case .example(let example) = $0.content { examples.append(example.id) }
      }
      let lines = NotePage.lines(
        of: note, step: index, state: PageState(revealsAll: answers), Presentation())
      return StepText(
        number: index + 1, step: step.anchor, title: step.title.plainText,
        text: lines.map(\.text).joined(separator: "\n"), examples: examples)
    }
  }
}
