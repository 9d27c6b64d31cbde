import ArgumentParser
import CommandOptions
import Lessons
import NoteFormat
import Terminal

struct ListCommand: ParsableCommand {
  // The super-command's name spares a look for a request for completions: the program asks for those
  // with the whole tree of commands.
  static let configuration = CommandConfiguration(
    commandName: "list", _superCommandName: "workbook",
    abstract: "List the notes, with their exercises.")

  // Each by itself: in debug builds, as learners have them, the parser examines a group of options
  // again for each look at the command that has it, which is a third of this command's time.
  @Option(help: OutputOptions.colorHelp)
  var color: ColourChoice = .auto

  @Flag(help: OutputOptions.plainHelp)
  var plain = false

  @Flag(help: JSONOption.help)
  var json = false

  @Flag(help: "Name every example too.")
  var examples = false

  func run() throws {
    let workspace = try Workspace.current()
    let output = OutputOptions.output(color: color, plain: plain)
    let notes = NoteLibrary.compiled.notes.map { NoteSummary($0, in: workspace) }
    if json {
      try output.json(NoteListReport(notes: notes))
    } else {
      printList(notes, to: output)
    }
    output.flush()
  }

  private func printList(_ notes: [NoteSummary], to output: Writer) {
    let presentation = output.presentation
    output.line(
      StyledText("Pathfinder", .heading, emphasis: .bold)
        + StyledText(": NAT, STUN, TURN and ICE, by running them", .muted))
    output.line()
    for note in notes {
      let number = note.number.map { $0 < 10 ? " \($0)" : "\($0)" } ?? "  "
      output.line(
        StyledText("\(number)  ", .label) + StyledText(note.note, .link, emphasis: .bold)
          + StyledText("  \(note.title)"))
      var parts = ["\(note.steps) steps", "\(note.examples.count) examples"]
      if !note.exercises.isEmpty {
        parts.append(
          "exercise: "
            + note.exercises.map { $0.hasAnswer ? "\($0.exercise) (started)" : $0.exercise }
            .joined(separator: ", "))
      }
      output.lines(
        StyledText(parts.joined(separator: ", "), .muted).wrapped(
          to: presentation.proseWidth, first: "    ", continuation: "    "))
      for problem in note.problems {
        output.lines(
          StyledText("has an error: \(problem)", .failure).wrapped(
            to: presentation.proseWidth, first: "    ", continuation: "      "))
      }
      if examples {
        for id in note.examples { output.line("      " + StyledText(id, .code)) }
      }
    }
    output.line()
    let first = notes.first?.note ?? "NOTE"
    let rows: [(String, String)] = [
      ("read \(first)", "read a note"),
      ("run ID", "run an example of it"),
      ("start EXERCISE", "get an exercise"),
      ("check", "have your answer checked"),
    ]
    output.line("To begin:")
    let commands = rows.map { StyledText("./workbook \($0.0)", .key) }
    let width = commands.map(\.displayWidth).max() ?? 0
    for (command, (_, what)) in zip(commands, rows) {
      output.line("  " + command.padded(to: width + 2) + StyledText(what, .muted))
    }
  }
}

/// The notes, as printed by `list --json`.
struct NoteListReport: Encodable {
  var notes: [NoteSummary]
}

/// The summary of a note.
struct NoteSummary: Encodable {
  var number: Int?
  /// The note's name.
  var note: String
  var title: String
  var file: String
  var steps: Int
  var examples: [String]
  var exercises: [ExerciseSummary]
  var problems: [String]

  struct ExerciseSummary: Encodable {
    var exercise: String
    var hasAnswer: Bool
  }

  init(_ note: CompiledNote, in workspace: Workspace) {
    number = note.number
    self.note = note.slug
    title = note.title
    file = note.file
    steps = note.stepCount
    problems = note.problems.map(\.description)
    examples = note.examples
    exercises = note.exercises.map { id in
      ExerciseSummary(exercise: id, hasAnswer: ExerciseFolder.hasAnswer(to: id, in: workspace))
    }
  }
}
