import ArgumentParser
import CommandOptions
import Lessons
import NoteFormat
import Terminal

struct NotesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "notes", abstract: "For authors: prove the notes, or bring them up to date.",
    subcommands: [CheckNotes.self, SyncNotes.self])
}

struct CheckNotes: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Check the notes' format, links and quotations, and run every example.")

  @OptionGroup var options: OutputOptions
  @OptionGroup var format: JSONOption

  func run() throws {
    let program = try OtherProgram.lab.path()
    let check = try NoteCheck(try .current(), library: .compiled, executable: program)
    let output = options.output()
    if format.json {
      try output.json(ProblemReport(check.problems))
    } else {
      for problem in check.problems { output.line(StyledText(problem.description)) }
      for run in check.mismatches {
        output.line()
        output.lines(RunPage.difference(of: run, output.presentation))
      }
      if check.problems.isEmpty {
        output.line(
          StyledText("\(output.presentation.symbols.success) ", .success)
            + StyledText(
              "\(check.checkedNotes) notes, \(check.checkedExamples) examples: all as they say"))
      }
    }
    output.flush()
    if !check.problems.isEmpty { throw ExitCode(65) }
  }
}

struct SyncNotes: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sync",
    abstract: "Write the outputs and quotations in the notes as they are by now.")

  @OptionGroup var options: OutputOptions
  @OptionGroup var format: JSONOption

  func run() throws {
    let program = try OtherProgram.lab.path()
    let sync = try NoteSync(try .current(), library: .compiled, executable: program)
    let output = options.output()
    if format.json {
      try output.json(
        SyncReport(changed: sync.changedFiles, problems: ProblemReport(sync.problems).problems))
    } else {
      for file in sync.changedFiles { output.line("wrote " + StyledText(file, .link)) }
      for problem in sync.problems { output.line(StyledText(problem.description)) }
      if sync.changedFiles.isEmpty, sync.problems.isEmpty { output.line("Nothing to write.") }
    }
    output.flush()
    if !sync.problems.isEmpty { throw ExitCode(65) }
  }
}

/// Problems, as printed by `notes check --json`.
struct ProblemReport: Encodable {
  struct Entry: Encodable {
    var file: String
    var line: Int
    var column: Int
    var message: String
  }

  var problems: [Entry]

  init(_ problems: [Problem]) {
    self.problems = problems.map {
      Entry(
        file: $0.file, line: $0.position.line, column: $0.position.column, message: $0.message)
    }
  }
}

struct SyncReport: Encodable {
  var changed: [String]
  var problems: [ProblemReport.Entry]
}
