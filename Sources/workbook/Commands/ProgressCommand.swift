import ArgumentParser
import CommandOptions
import Glibc
import Lessons
import NoteFormat
import ProgramSupport
import Terminal

struct ProgressCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "progress", abstract: "See how far you are, or take your progress elsewhere.",
    subcommands: [ShowProgress.self, ExportProgress.self, ImportProgress.self],
    defaultSubcommand: ShowProgress.self)
}

struct ShowProgress: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "See what you have read, run, answered and passed.")

  @OptionGroup var options: OutputOptions
  @OptionGroup var format: JSONOption

  func run() throws {
    let workspace = try Workspace.current()
    let log = ProgressLog(workspace, environment: processEnvironment())
    let report = ProgressReport(try log.read(), of: try NoteLibrary.compiled.course())
    let output = options.output()
    if format.json {
      try output.json(report)
    } else {
      show(report, output)
    }
    output.flush()
  }

  private func show(_ report: ProgressReport, _ output: Writer) {
    let presentation = output.presentation.width(output.presentation.proseWidth)
    for note in report.notes {
      output.line(StyledText(note.title, .heading, emphasis: .bold))
      for (label, count) in [
        ("steps read", note.steps), ("examples run", note.examples),
        ("questions answered right", note.questions),
      ] where count.total > 0 {
        output.line(
          "  "
            + ProgressBar(label, done: count.done, total: count.total)
            .line(presentation.width(presentation.width - 2)))
      }
      for exercise in note.exercises {
        output.line(
          "  " + StyledText(exercise.exercise, .label) + StyledText(": \(exercise.words)"))
      }
      if !note.changedSteps.isEmpty {
        let steps = note.changedSteps.joined(separator: ", ")
        output.lines(
          StyledText("changed since you read it: \(steps)", .warning)
            .wrapped(to: presentation.width, first: "  ", continuation: "    "))
      }
      output.line()
    }
    output.line(
      ProgressBar("drills solved", done: report.drills.done, total: report.drills.total)
        .line(presentation))
    output.line()
    if let place = report.place {
      output.line("Go on at " + StyledText("./workbook read \(place)", .key))
    }
    if report.skippedLines > 0 {
      output.line(
        StyledText(
          "\(report.skippedLines) lines of the progress file are not understood, and kept.",
          .muted))
    }
  }
}

struct ExportProgress: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export", abstract: "Write your progress into a file, to be imported elsewhere.")

  @OptionGroup var options: OutputOptions

  @Argument(help: "The file to write, which must not be there yet; - for standard output.")
  var file: String

  func run() throws {
    let workspace = try Workspace.current()
    let log = ProgressLog(workspace, environment: processEnvironment())
    let bytes = try log.export()
    let output = options.output()
    if file == "-" {
      output.raw(String(decoding: bytes, as: UTF8.self))
    } else {
      let path = try absolutePath(file)
      guard access(path, F_OK) != 0 else {
        throw WorkbookError.usage("\(file) is there already; name a file that is not")
      }
      try writeNewFile(path, bytes)
      let count = bytes.count { $0 == UInt8(ascii: "\n") }
      output.line("Wrote \(count) lines to " + StyledText(file, .link) + StyledText("."))
    }
    output.flush()
  }
}

struct ImportProgress: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import", abstract: "Add exported progress to what is recorded here.",
    discussion: "What is recorded here stays, and what both have is there once.")

  @OptionGroup var options: OutputOptions
  @OptionGroup var format: JSONOption

  @Argument(help: "The file that 'progress export' wrote.", completion: .file())
  var file: String

  func run() throws {
    let workspace = try Workspace.current()
    let log = ProgressLog(workspace, environment: processEnvironment())
    let bytes = try readFile(try absolutePath(file))
    guard bytes.isEmpty || ProgressLog.hasEvents(bytes) else {
      throw WorkbookError.badData([
        Problem(
          file: file, position: SourcePosition(line: 1, column: 1),
          message: "this is no progress; 'workbook progress export' writes it")
      ])
    }
    let result = try log.merge(bytes)
    let output = options.output()
    if format.json {
      try output.json(result)
    } else {
      var line = "\(result.added) events added, \(result.known) were known already"
      if result.skipped > 0 { line += ", \(result.skipped) lines were no events" }
      output.line(StyledText(line + "."))
    }
    output.flush()
  }
}
