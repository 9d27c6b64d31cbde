import ArgumentParser
import CommandOptions
import Lessons
import NoteFormat
import ProgramSupport
import Terminal

struct RunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run", abstract: "Run an example and compare what it prints with the note.",
    discussion: """
      With --step you go through the packets of the network that the example shows, one event at a \
      time: ? lists the keys.
      """)

  @OptionGroup var options: OutputOptions
  @OptionGroup var format: JSONOption

  @Flag(help: "Step through the packets of the network that the example shows.")
  var step = false

  @Argument(help: "The example's id, as the note shows it.", completion: Names.examples)
  var id: String

  func run() throws {
    let (note, example) = try NoteLibrary.compiled.anyExample(named: id)
    if step { try stepThrough(example) }
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

  /// Ends this program and begins the one that steps through the example's packets.
  private func stepThrough(_ example: Example) throws {
    guard !format.json else {
      throw WorkbookError.usage("--step and --json do not go together")
    }
    try ExampleSteps(example).replaceThisProcess(options)
  }

  private func run(_ example: Example, in program: String, _ output: Writer) throws {
    // Which form of a picture is printed is known once it is whole.
    let isPrintedAtEnd = example.showsPictures
    let run = try ExampleRun(
      example, executable: program,
      onOutput: { bytes in
        guard !format.json, !isPrintedAtEnd else { return }
        output.text(StyledText(String(decoding: bytes, as: UTF8.self)))
        output.flush()
      })
    if format.json {
      try output.json(RunReport(run))
    } else {
      if isPrintedAtEnd { output.lines(Self.lines(of: run, output.presentation)) }
      output.lines(RunPage.lines(of: run, output.presentation))
    }
    output.flush()
    try record(example, matched: run.isAsPromised)
    guard run.isAsPromised else { throw ExitCode(run.ending == .timedOut ? 75 : 1) }
  }

  /// What an example has printed, for a terminal with what is too long wrapped.
  private static func lines(of run: ExampleRun, _ presentation: Presentation) -> [StyledText] {
    OutputPattern.lines(of: run.printed(on: presentation)).flatMap { line in
      let line = presentation.prepared(StyledText(line))
      return presentation.plain
        ? [line] : line.wrapped(to: presentation.width, continuation: "    ")
    }
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
