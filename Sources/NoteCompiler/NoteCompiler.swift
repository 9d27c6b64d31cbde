import FoundationEssentials
import Glibc
import NoteFormat

/// The tool of the build plugin: generates a Swift file from one note, or from the list of notes.
///
///     NoteCompiler text ROOT NOTE OUTPUT
///     NoteCompiler examples ROOT NOTE OUTPUT PRELUDE [LIST]
///     NoteCompiler text-index OUTPUT NOTE…
///     NoteCompiler examples-index OUTPUT NOTE…
///
/// The texts are what a reader needs, and the examples what runs. LIST names the notes that do not
/// compile (`SetAside`).
@main
struct NoteCompiler {
  static func main() {
    let arguments = Array(CommandLine.arguments.dropFirst())
    do {
      switch (arguments.first, arguments.count) {
      case ("text", 4):
        try compileText(NoteFile(arguments[2], in: arguments[1]), to: arguments[3])
      case ("examples", 5...6):
        try compileExamples(
          NoteFile(arguments[2], in: arguments[1]), to: arguments[3], prelude: arguments[4],
          setAside: arguments.dropFirst(5).first)
      case ("text-index", 2...):
        try write(GeneratedText.index(ofFiles: Array(arguments.dropFirst(2))), to: arguments[1])
      case ("examples-index", 2...):
        try write(
          GeneratedExamples.index(ofFiles: Array(arguments.dropFirst(2))), to: arguments[1])
      default:
        fail(
          "usage: NoteCompiler text ROOT NOTE OUTPUT | examples ROOT NOTE OUTPUT PRELUDE [LIST] "
            + "| text-index OUTPUT NOTE… | examples-index OUTPUT NOTE…", code: 64)
      }
    } catch {
      fail("NoteCompiler: error: \(error)", code: 74)
    }
  }

  static func compileText(_ file: NoteFile, to output: String) throws {
    var text = file.text
    var problems: [Problem] = []
    let note: Note
    do throws(Problem) {
      let parsed = try Note.parse(file.bytes, file: file.name)
      note = parsed.note
      // A violation of the note format does not fail the build: the command that lists violations is
      // part of the program being built.
      warn(about: parsed.problems)
    } catch {
      // The other notes are read all the same; this one says why it is not.
      text = "# \(Slug.parts(ofFile: file.name).slug)\n"
      note = try Note.parse(Array(text.utf8), file: file.name).note
      problems = [error]
    }
    warn(about: problems)
    try write(GeneratedText(note: note, text: text, problems: problems).source, to: output)
  }

  static func compileExamples(
    _ file: NoteFile, to output: String, prelude: String, setAside list: String?
  ) throws {
    // What breaks the format is told once, by the text.
    let note = try? Note.parse(file.bytes, file: file.name).note
    let prelude = String(decoding: try Data(contentsOf: URL(filePath: prelude)), as: UTF8.self)
    let generated = GeneratedExamples(
      note: try note ?? Note.parse([], file: file.name).note,
      isSetAside: list.map(file.isSetAside) ?? false,
      imports: ExampleFunctions.imports(of: prelude))
    try write(generated.source, to: output)
  }

  private static func warn(about problems: [Problem]) {
    for problem in problems {
      print("\(problem.file):\(problem.position): warning: \(problem.message)")
    }
  }

  /// Writes a file unless its contents are the same already, which avoids rebuilding what uses it.
  static func write(_ text: String, to path: String) throws {
    let data = Data(text.utf8)
    if let old = try? Data(contentsOf: URL(filePath: path)), old == data { return }
    try data.write(to: URL(filePath: path), options: .atomic)
  }

  private static func fail(_ message: String, code: Int32) -> Never {
    // The build shows a plugin's standard output and standard error alike.
    print(message)
    exit(code)
  }
}

/// A note on the disk.
struct NoteFile {
  private let path: String
  /// The path below the project's root, as messages begin with it.
  let name: String
  let bytes: [UInt8]

  var text: String { String(decoding: bytes, as: UTF8.self) }

  init(_ path: String, in root: String) throws {
    self.path = path
    name = path.hasPrefix(root + "/") ? String(path.dropFirst(root.count + 1)) : path
    bytes = [UInt8](try Data(contentsOf: URL(filePath: path)))
  }

  /// Whether a list of `SetAside` says that the note, as it is now, does not compile.
  func isSetAside(by list: String) -> Bool {
    guard let data = try? Data(contentsOf: URL(filePath: list)), !data.isEmpty,
      let listed = modification(of: list), let changed = modification(of: path), changed <= listed
    else { return false }
    return !SetAside.problems(in: String(decoding: data, as: UTF8.self), of: name).isEmpty
  }

  /// The time of the last change, in nanoseconds.
  private func modification(of path: String) -> Int? {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    return status.st_mtim.tv_sec * 1_000_000_000 + status.st_mtim.tv_nsec
  }
}
