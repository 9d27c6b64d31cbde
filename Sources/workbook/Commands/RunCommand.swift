import ArgumentParser
import CommandOptions
import Lessons
import NoteFormat
import Terminal

struct RunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run", abstract: "Run an example and compare what it prints with the note.")

  @OptionGroup var options: OutputOptions
  @OptionGroup var format: JSONOption

  @Argument(help: "The example's id, as the note shows it.", completion: Names.examples)
  var id: String

  func run() throws {
    let (note, example) = try NoteLibrary.compiled.anyExample(named: id)
    let program = try OtherProgram.lab.path()
    let output = options.output()
    switch example.mode {
    case .runs:
      try NoteLibrary.compiled.requireRunnable(id)
      try run(example, in: program, output)
    case .fails:
      let isAsPromised = try Self.refuse(example, in: note, format, output)
      try record(example, matched: isAsPromised)
      guard isAsPromised else { throw ExitCode(1) }
    }
  }

  private func run(_ example: Example, in program: String, _ output: Writer) throws {
    let run = try ExampleRun(
      example, executable: program,
      onOutput: { bytes in
        guard !format.json else { return }
        output.text(StyledText(String(decoding: bytes, as: UTF8.self)))
        output.flush()
      })
    if format.json {
      try output.json(RunReport(run))
    } else {
      output.lines(RunPage.lines(of: run, output.presentation))
    }
    output.flush()
    try record(example, matched: run.isAsPromised)
    guard run.isAsPromised else { throw ExitCode(run.ending == .timedOut ? 75 : 1) }
  }

  /// Prints the compiler's messages about an example; true if they are those in the note.
  static func refuse(
    _ example: Example, in note: Note, _ format: JSONOption, _ output: Writer
  ) throws -> Bool {
    let refused = try RefusedExample(example, in: note, workspace: try .current())
    if format.json {
      try output.json(
        RunReport(
          example: example.id, ending: "does not compile",
          output: refused.messages.map { $0 + "\n" }.joined(), errorOutput: "",
          expected: example.output?.text ?? "", asPromised: refused.isAsPromised))
    } else {
      for message in refused.messages { output.line(StyledText(message)) }
    }
    output.flush()
    return refused.isAsPromised
  }

  private func record(_ example: Example, matched: Bool) throws {
    Recorder(try .current()).record(.exampleRun(id: example.id, matched: matched))
  }
}

/// The result of a run, as printed by `run --json`.
struct RunReport: Encodable {
  var example: String
  var ending: String
  var output: String
  var errorOutput: String
  var expected: String
  var asPromised: Bool
}

extension RunReport {
  init(_ run: ExampleRun) {
    self.init(
      example: run.example.id, ending: run.complaint ?? "ended well", output: run.output,
      errorOutput: run.errorOutput, expected: run.example.output?.text ?? "",
      asPromised: run.isAsPromised)
  }
}
