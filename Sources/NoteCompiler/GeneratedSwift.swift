import NoteFormat

/// The Swift source generated from one note.
///
/// Each example is a function; the last declaration is the note with its text and examples.
struct GeneratedSwift {
  let note: Note
  let text: String
  /// The errors for which the examples are left out.
  let problems: [Problem]
  /// The import declarations of `notes/Prelude.swift`, repeated in every generated file.
  let imports: [String]

  var source: String {
    var source = """
      // Made from \(note.file); what is changed here is lost.

      internal import NoteFormat

      """
    source += imports.map { $0 + "\n" }.joined()
    let runnable = problems.isEmpty ? note.examples.filter { $0.mode == .runs } : []
    let functions = ExampleFunctions(of: note)
    for (index, example) in runnable.enumerated() {
      source += "\n" + functions.source(of: example, named: "example_\(index)")
    }
    source += "\nlet \(Self.constantName(forFile: note.file)) = CompiledNote(\n"
    source += "  file: \(note.file.swiftLiteral),\n  title: \(note.title.swiftLiteral),\n"
    source += "  stepCount: \(note.steps.count),\n"
    source +=
      "  exercises: [\(note.exercises.map { $0.id.swiftLiteral }.joined(separator: ", "))],\n"
    source += "  text: \(text.swiftLiteral),\n  examples: [\n"
    for (index, example) in runnable.enumerated() {
      source += "    CompiledExample(id: \(example.id.swiftLiteral), run: example_\(index)),\n"
    }
    source += "  ]"
    if !problems.isEmpty {
      source += ",\n  problems: [\n"
      for problem in problems {
        source += "    Problem(file: \(problem.file.swiftLiteral), position: SourcePosition("
        source += "line: \(problem.position.line), column: \(problem.position.column)), "
        source += "message: \(problem.message.swiftLiteral)),\n"
      }
      source += "  ]"
    }
    return source + ")\n"
  }

  /// The unique name of a note's constant: `note_02_nat_table` for `notes/02-nat-table.md`.
  static func constantName(forFile file: String) -> String {
    var constant = "note_"
    for scalar in (file.split(separator: "/").last ?? "").unicodeScalars.dropLast(".md".count) {
      let isPlain = scalar.isASCII && scalar.properties.isAlphabetic || ("0"..."9").contains(scalar)
      constant += scalar == "-" ? "_" : isPlain ? String(scalar) : "_u\(scalar.value)_"
    }
    return constant
  }
}
