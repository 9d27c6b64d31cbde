import NoteFormat

/// The Swift source with a function for each example of a note, a part of the room `NoteExamples`.
struct GeneratedExamples {
  let note: Note
  /// Whether the note's examples are left out, because they do not compile.
  let isSetAside: Bool
  /// The import declarations of `notes/Prelude.swift`, repeated in every generated file.
  let imports: [String]

  var source: String {
    var source = """
      // Made from \(note.file); what is changed here is lost.

      internal import ExampleChild

      """
    source += imports.map { $0 + "\n" }.joined()
    let runnable = isSetAside ? [] : note.examples.filter { $0.mode == .runs }
    let functions = ExampleFunctions(of: note)
    for (index, example) in runnable.enumerated() {
      source += "\n" + functions.source(of: example, named: "example_\(index)")
    }
    source += "\nlet \(constantName(forFile: note.file)): [CompiledExample] = [\n"
    for (index, example) in runnable.enumerated() {
      source += "  CompiledExample(id: \(example.id.swiftLiteral), run: example_\(index)),\n"
    }
    return source + "]\n"
  }

  /// The source of the list of all notes' examples.
  static func index(ofFiles files: [String]) -> String {
    """
    // Made from the list of notes; what is changed here is lost.

    public import ExampleChild

    private let notes: [[CompiledExample]] = [
    \(files.map { "  \(constantName(forFile: $0))," }.joined(separator: "\n"))
    ]

    /// Every example of the course that runs.
    public let compiledExamples = notes.flatMap { $0 }

    """
  }
}
