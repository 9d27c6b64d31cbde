import FoundationEssentials
public import NoteFormat
public import ProgramSupport

/// The compiler's messages about an example that must not compile.
public struct RefusedExample: Sendable {
  /// The example.
  public let example: Example
  /// The compiler's errors, each as `error: …`; empty if the example compiles.
  public let messages: [String]

  /// Compiles an example.
  ///
  /// - Throws: `WorkbookError.missing` if there is no compiler, or `interrupted`.
  public init(
    _ example: Example, in note: Note, workspace: Workspace
  ) throws(WorkbookError) {
    self.example = example
    let toolchain = try Toolchain(workspace)
    try makeFolder(workspace.cacheFolder)
    let folder = try TemporaryFolder(in: workspace.cacheFolder)
    defer { folder.remove() }
    let prelude = String(
      decoding: try readFile(workspace.notesFolder + "/Prelude.swift"), as: UTF8.self)
    let source =
      ExampleFunctions.imports(of: prelude).map { $0 + "\n" }.joined()
      + ExampleFunctions(of: note).source(of: example, named: "example")
    try writeFile(folder["Example.swift"], source, durably: false)
    let result = try toolchain.compile(
      [
        "-frontend", "-typecheck", folder["Example.swift"], "-parse-as-library",
        "-diagnostic-style=llvm",
      ] + toolchain.moduleArguments)
    messages = result.messages.split(separator: "\n").compactMap { line in
      line.firstRange(of: ": error: ").map { "error: " + line[$0.upperBound...] }
    }
  }

  /// Whether every line of the note's output occurs in one of the compiler's errors.
  public var isAsPromised: Bool {
    let promised = OutputPattern(example.output?.text ?? "").lines
    return !messages.isEmpty
      && promised.allSatisfy { line in
        messages.contains { $0.contains(line) || OutputPattern.line(line, matches: $0) }
      }
  }
}
