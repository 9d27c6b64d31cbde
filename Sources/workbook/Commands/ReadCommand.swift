import ArgumentParser
import CommandOptions
import Lessons
import NoteFormat
import ProgramSupport
import Terminal

struct ReadCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "read", abstract: "Print a note, or one step of it.",
    discussion: """
      A step is named by its title or its number: read nat-table#3. It ends, as in the reader, at an \
      example whose output you have not predicted yet; --all prints it to its end. A whole note is \
      printed whole.
      """)

  @OptionGroup var options: OutputOptions
  @OptionGroup var format: JSONOption

  @Flag(help: "Show the answers, the hints and the outputs to predict.")
  var answers = false

  @Flag(help: "Print a step to its end, past a prediction that is not made yet.")
  var all = false

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
    let state = state(of: step.map { found.steps[$0] })
    if format.json {
      try output.json(NoteText(found, step: step, state))
      output.flush()
      return
    }
    let page = NotePage.page(of: found, step: step, state: state, output.presentation)
    output.lines(page.lines)
    output.flush()
    guard let step else { return record(found.steps, of: found) }
    record([found.steps[step]], of: found, isWhole: page.heldBackBy == nil)
  }

  /// How much the page shows; a step by itself ends where the reader would end it.
  private func state(of step: Step?) -> PageState {
    var state = PageState(revealsAll: answers)
    guard let step, !all, let workspace = try? Workspace.current() else { return state }
    state.holdsBack = true
    let log = ProgressLog(workspace, environment: processEnvironment())
    let progress = (try? log.read()) ?? Progress()
    state.settled = Set(step.blocks.examples.filter(progress.hasSettled).map(\.id))
    return state
  }

  /// Records the printed steps as read, unless the end was left out, and the last one as the place to
  /// continue.
  private func record(_ steps: [Step], of note: Note, isWhole: Bool = true) {
    guard let last = steps.last, let workspace = try? Workspace.current() else { return }
    let read = isWhole ? steps : []
    Recorder(workspace).record(
      read.map { .stepRead(note: note.slug, step: $0.anchor, digest: $0.digest) }
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

  init(_ note: Note, step: Int?, _ state: PageState) {
    self.note = note.slug
    title = note.title
    steps = note.steps.indices.filter { step == nil || $0 == step }.map { index in
      let step = note.steps[index]
      let lines = NotePage.lines(of: note, step: index, state: state, Presentation())
      return StepText(
        number: index + 1, step: step.anchor, title: step.title.plainText,
        text: lines.map(\.text).joined(separator: "\n"), examples: step.blocks.examples.map(\.id))
    }
  }
}
