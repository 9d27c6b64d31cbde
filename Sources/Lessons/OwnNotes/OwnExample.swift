import Glibc
public import NoteFormat
public import ProgramSupport

extension ExampleRun {
  /// Runs an example of the user's own note in the note's folder, compiling it on its first run.
  ///
  /// The code may start with imports of other modules; the project's libraries are imported already.
  /// A compile error is a result: `didCompile` is false, and `errorOutput` holds the compiler's
  /// messages with file, lines and columns of the note.
  ///
  /// - Throws: `WorkbookError.missing` if there is no compiler, or `interrupted`.
  public init(
    compiling example: Example, in note: Note, workspace: Workspace,
    isUnwanted: () -> Bool = { false }, onOutput: (ArraySlice<UInt8>) -> Void = { _ in }
  ) throws(WorkbookError) {
    let program = OwnProgram(example, in: note)
    let compilation = try program.compiled(in: workspace)
    guard let executable = compilation.executable else {
      self.init(example, doesNotCompile: compilation.messages)
      return
    }
    let limit = example.timeLimit ?? Self.usualTimeLimit
    let outcome = try ChildProcess.run(
      executable, [], in: try OwnFile.folder(of: note.file),
      environment: ["SWIFT_BACKTRACE": "enable=no"], limits: .init(time: .seconds(limit)),
      side: ShownPictures.stream, isUnwanted: isUnwanted, onOutput: onOutput)
    if outcome.ending == .interrupted { throw .interrupted }
    self.init(own: example, outcome)
  }
}

/// An example of the user's own note as a program: its function, and a `main` that calls it.
struct OwnProgram {
  private let example: Example
  private let others: [Example]
  private let file: String

  init(_ example: Example, in note: Note) {
    self.init(example, among: note.examples, file: note.file)
  }

  /// Creates the program of an example that can continue others of the same file.
  init(_ example: Example, among others: [Example], file: String) {
    self.example = example
    self.others = others
    self.file = file
  }

  /// The name of the module, which messages may contain.
  private static let module = "OwnExample"
  /// The main file, which is separate so that its imports are not in scope for the example.
  private static let main = """
    import ExampleChild

    @main enum Main {
      static func main() { runExampleAsChild(runOwnExample) }
    }

    """

  /// The executable, from the cache if its inputs are the same; or the compiler's messages.
  func compiled(
    in workspace: Workspace
  ) throws(WorkbookError) -> (executable: String?, messages: String) {
    let toolchain = try Toolchain(workspace)
    try makeFolder(workspace.cacheFolder)
    let prelude = String(
      decoding: try readFile(workspace.notesFolder + "/Prelude.swift"), as: UTF8.self)
    let source = source(imports: ExampleFunctions.imports(of: prelude))
    let key = sha256(Array((source + Self.main + (try toolchain.stamp())).utf8))
    let cache = CacheFolder(path: workspace.cacheFolder)
    if let made = cache.file(named: "own-\(key)") { return (made, "") }
    let folder = try TemporaryFolder(in: cache.path)
    defer { folder.remove() }
    try writeFile(folder["Example.swift"], source, durably: false)
    try writeFile(folder["Main.swift"], Self.main, durably: false)
    let compilation = try toolchain.compile(
      [
        folder["Example.swift"], folder["Main.swift"], "-parse-as-library", "-Onone", "-wmo",
        "-diagnostic-style=llvm", "-enable-upcoming-feature", "InternalImportsByDefault",
        "-module-name", Self.module, "-Xcc",
        "-fmodule-map-file=\(workspace.buildFolder)/CLinux.build/module.modulemap",
        "-o", folder["run"],
      ] + toolchain.moduleArguments + toolchain.linkArguments
        + toolchain.libraryObjects(and: ["CLinux", "ExampleChild", "NotePictures"]))
    guard compilation.succeeded else {
      let messages = OwnMessages(
        file: file, endLine: example.code.range.endLine, generatedFile: "Example.swift")
      return (
        nil, messages.tidied(compilation.messages.replacing(folder.path + "/", with: ""))
      )
    }
    return (try cache.keep(folder["run"], as: "own-\(key)", newest: 64, of: "own-"), "")
  }

  /// The source of the example, with the imports at the start of its fence moved to the top of the file.
  private func source(imports: [String]) -> String {
    var moved = ""
    let examples = others.map { OwnImports(of: $0) }
    let functions = ExampleFunctions(of: examples.map(\.rest), file: file)
    // The same code may occur twice with the same id; its position distinguishes them.
    let own = OwnImports(of: example)
    let chain = functions.chain(endingWith: own.rest).map(\.code.range)
    for example in examples where chain.contains(example.rest.code.range) {
      for line in example.lines {
        moved += "#sourceLocation(file: \(file.swiftLiteral), line: \(line.number))\n"
        moved += line.text + "\n#sourceLocation()\n"
      }
    }
    return imports.map { $0 + "\n" }.joined() + moved
      + functions.source(of: own.rest, named: "ownExample")
      + "func runOwnExample(_ mute: (Bool) -> Void) throws { try ownExample(mute) }\n"
  }
}

/// The import declarations of an example, and the example with empty lines in their place.
private struct OwnImports {
  var lines: [(number: Int, text: String)] = []
  var rest: Example

  init(of example: Example) {
    rest = example
    var text = ""
    var isAtTop = true
    for (index, line) in example.code.lines.enumerated() {
      let words = line.split(separator: " ", maxSplits: 2)
      if isAtTop, words.first == "import" || (words.count > 1 && words[1] == "import") {
        let indentation = String(repeating: " ", count: example.code.indentation)
        lines.append((example.code.firstLine + index, indentation + line))
      } else {
        text += line
        isAtTop = isAtTop && (words.isEmpty || words[0].hasPrefix("//"))
      }
      text += "\n"
    }
    rest.code.text = text
  }
}
