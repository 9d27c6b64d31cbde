import ArgumentParser
import CommandOptions
import Lessons
import Terminal

struct NewCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "new", abstract: "For authors: begin a note or an exercise.",
    subcommands: [NewNote.self, NewExercise.self])
}

struct NewNote: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "note", abstract: "Begin a note, with a step, an example and a question.")

  @OptionGroup var options: OutputOptions
  @OptionGroup var format: JSONOption

  @Argument(help: "Its name in links, such as turn-relay.")
  var slug: String

  @Argument(help: "Its title.")
  var title: [String]

  func run() throws {
    let workspace = try Workspace.current()
    let path = try Author(workspace).makeNote(slug, title: title.joined(separator: " "))
    let output = options.output()
    if format.json {
      try output.json(NewReport(files: [workspace.display(path)], section: nil))
    } else {
      output.line("Wrote " + StyledText(workspace.display(path), .link) + ". Fill it in, then:")
      output.line("  " + StyledText("./workbook notes sync", .key) + "   write down what it prints")
      output.line("  " + StyledText("./workbook notes check", .key) + "  see whether all is well")
    }
    output.flush()
  }
}

struct NewExercise: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "exercise",
    abstract: "Begin an exercise, with checks, a solution and two mistakes.")

  @OptionGroup var options: OutputOptions
  @OptionGroup var format: JSONOption

  @Argument(help: "Its id, such as pair-priority.")
  var id: String

  func run() throws {
    let workspace = try Workspace.current()
    let paths = try Author(workspace).makeExercise(id).map(workspace.display)
    let section = Author.section(for: id)
    let output = options.output()
    if format.json {
      try output.json(NewReport(files: paths, section: section))
    } else {
      for path in paths { output.line("Wrote " + StyledText(path, .link)) }
      output.line()
      output.line("Put this into the note that it belongs to:")
      output.line()
      output.lines(
        section.split(separator: "\n", omittingEmptySubsequences: false).map {
          StyledText(String($0))
        })
      output.line()
      output.line(
        "Then " + StyledText("./workbook notes sync", .key) + " records the digest of the checks.")
    }
    output.flush()
  }
}

/// The new files, as printed by `new --json`.
struct NewReport: Encodable {
  var files: [String]
  /// The Markdown section for the exercise's note.
  var section: String?
}
