public import ArgumentParser
import FoundationEssentials
import Glibc
import Lessons
import ProgramSupport
public import Terminal

/// How a command's output should look; every command has these.
struct OutputOptions: ParsableArguments {
  @Option(help: "Whether to use colour: auto, always or never.")
  var color: ColourChoice = .auto

  @Flag(help: "Print words alone: no drawings, for screen readers and simple terminals.")
  var plain = false

  /// Standard output with the presentation that the options and the surroundings ask for.
  func output(to descriptor: Int32 = STDOUT_FILENO) -> Writer {
    Writer(
      descriptor: descriptor,
      presentation: Presentation(
        descriptor: descriptor, environment: processEnvironment(), colour: color, plain: plain))
  }
}

extension ColourChoice: ExpressibleByArgument {}

/// The choice between text for people and JSON for programs.
struct JSONOption: ParsableArguments {
  @Flag(help: "Print JSON instead of text.")
  var json = false
}

extension Writer {
  /// Writes a value as JSON: one object, its keys sorted.
  func json(_ value: some Encodable) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    raw(String(decoding: try encoder.encode(value), as: UTF8.self) + "\n")
  }

  /// Writes a value as JSON in one line, so that a reader need not wait for the end.
  func jsonLine(_ value: some Encodable) {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    // What is encoded are texts and finite numbers, which JSON can hold.
    guard let data = try? encoder.encode(value) else { return }
    raw(String(decoding: data, as: UTF8.self) + "\n")
  }
}

/// This program's own file, which runs examples as its children.
let ownExecutable = "/proc/self/exe"

extension Workspace {
  /// The workspace that this program was built in.
  static func current() throws(WorkbookError) -> Workspace {
    try containing(executable: ownExecutable)
  }
}
