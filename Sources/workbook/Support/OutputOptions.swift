public import ArgumentParser
import FoundationEssentials
import Glibc
import Lessons
import ProgramSupport
public import Terminal

/// The output options that every command has.
struct OutputOptions: ParsableArguments {
  @Option(help: "Whether to use colour: auto, always or never.")
  var color: ColourChoice = .auto

  @Flag(help: "Print words alone: no drawings, for screen readers and simple terminals.")
  var plain = false

  /// Standard output with the presentation that the options and the environment select.
  func output(to descriptor: Int32 = STDOUT_FILENO) -> Writer {
    Writer(
      descriptor: descriptor,
      presentation: Presentation(
        descriptor: descriptor, environment: processEnvironment(), colour: color, plain: plain))
  }
}

extension ColourChoice: ExpressibleByArgument {}

/// The option `--json`, which selects JSON for programs instead of text.
struct JSONOption: ParsableArguments {
  @Flag(help: "Print JSON instead of text.")
  var json = false
}

extension Writer {
  /// Writes a value as JSON with sorted keys.
  func json(_ value: some Encodable) throws {
    raw(try jsonText(value))
  }

  /// A value as JSON: one object, its keys sorted.
  func jsonText(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(value), as: UTF8.self) + "\n"
  }

  /// Writes a value as one line of JSON, so that a program can read values as they are produced.
  func jsonLine(_ value: some Encodable) {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    // The values are texts and finite numbers, which JSON can represent.
    guard let data = try? encoder.encode(value) else { return }
    raw(String(decoding: data, as: UTF8.self) + "\n")
  }
}

/// The path of this program, which runs examples as child processes.
let ownExecutable = "/proc/self/exe"

extension Workspace {
  /// The workspace in which this program was built.
  static func current() throws(WorkbookError) -> Workspace {
    try containing(executable: ownExecutable)
  }
}
