import NoteFormat

/// The Swift source with a note's text and what the note has, a part of the room `Notes`.
struct GeneratedText {
  let note: Note
  let text: String
  /// The errors for which no example of the note runs.
  let problems: [Problem]

  var source: String {
    let examples = note.examples.filter { $0.mode == .runs }.map(\.id)
    var source = """
      // Made from \(note.file); what is changed here is lost.

      internal import NoteFormat

      let \(constantName(forFile: note.file)) = CompiledNote(
        file: \(note.file.swiftLiteral),
        title: \(note.title.swiftLiteral),
        stepCount: \(note.steps.count),
        exercises: \(literal(note.exercises.map(\.id))),
        text: \(text.swiftLiteral),
        examples: \(literal(problems.isEmpty ? examples : []))
      """
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

  private func literal(_ words: [String]) -> String {
    "[" + words.map(\.swiftLiteral).joined(separator: ", ") + "]"
  }

  /// The source of the list of all notes.
  static func index(ofFiles files: [String]) -> String {
    """
    // Made from the list of notes; what is changed here is lost.

    public import NoteFormat

    /// Every note of the course, as the program carries them.
    public let compiledNotes: [CompiledNote] = [
    \(files.map { "  \(constantName(forFile: $0))," }.joined(separator: "\n"))
    ]

    """
  }
}

/// The unique name of a note's constant: `note_02_nat_table` for `notes/02-nat-table.md`.
func constantName(forFile file: String) -> String {
  var constant = "note_"
  for scalar in (file.split(separator: "/").last ?? "").unicodeScalars.dropLast(".md".count) {
    let isPlain = scalar.isASCII && scalar.properties.isAlphabetic || ("0"..."9").contains(scalar)
    constant += scalar == "-" ? "_" : isPlain ? String(scalar) : "_u\(scalar.value)_"
  }
  return constant
}
