import FoundationEssentials
import Glibc
import NoteFormat

/// The tool of the build plugin: generates a Swift file from one note, or from the list of notes.
///
///     NoteCompiler note ROOT NOTE PRELUDE OUTPUT [LIST]
///     NoteCompiler index OUTPUT NOTE…
///
/// LIST names the notes that do not compile (`SetAside`).
@main
struct NoteCompiler {
  static func main() {
    let arguments = Array(CommandLine.arguments.dropFirst())
    do {
      switch arguments.first {
      case "note" where (5...6).contains(arguments.count):
        try compileNote(
          root: arguments[1], note: arguments[2], prelude: arguments[3], output: arguments[4],
          setAside: arguments.dropFirst(5).first)
      case "index" where arguments.count >= 2:
        try write(index(of: Array(arguments.dropFirst(2))), to: arguments[1])
      default:
        fail(
          "usage: NoteCompiler note ROOT NOTE PRELUDE OUTPUT [LIST] | index OUTPUT NOTE…", code: 64)
      }
    } catch {
      fail("NoteCompiler: error: \(error)", code: 74)
    }
  }

  static func compileNote(
    root: String, note path: String, prelude: String, output: String, setAside list: String?
  ) throws {
    let bytes = try Data(contentsOf: URL(filePath: path))
    let file = path.hasPrefix(root + "/") ? String(path.dropFirst(root.count + 1)) : path
    var text = String(decoding: bytes, as: UTF8.self)
    var errors = list.map { SetAside.problems(in: $0, of: file, at: path) } ?? []
    let parsed: (note: Note, problems: [Problem])
    do throws(Problem) {
      parsed = try Note.parse([UInt8](bytes), file: file)
    } catch {
      // The other notes are read all the same; this one says why it is not.
      text = "# \(Slug.parts(ofFile: file).slug)\n"
      parsed = try Note.parse(Array(text.utf8), file: file)
      errors = [error]
    }
    // A violation of the note format does not fail the build: the command that lists violations is
    // part of the program being built.
    for problem in parsed.problems + errors {
      print("\(problem.file):\(problem.position): warning: \(problem.message)")
    }
    let preludeText = String(decoding: try Data(contentsOf: URL(filePath: prelude)), as: UTF8.self)
    let generated = GeneratedSwift(
      note: parsed.note, text: text, problems: errors,
      imports: ExampleFunctions.imports(of: preludeText))
    try write(generated.source, to: output)
  }

  static func index(of paths: [String]) -> String {
    let names = paths.map { GeneratedSwift.constantName(forFile: $0) }
    return """
      // Made from the list of notes; what is changed here is lost.

      public import NoteFormat

      /// Every note of the course, as the program carries them.
      public let compiledNotes: [CompiledNote] = [
      \(names.map { "  \($0)," }.joined(separator: "\n"))
      ]

      """
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
