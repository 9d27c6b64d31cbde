import NoteFormat

/// The Swift source that one note becomes.
///
/// Each example is a function whose body is the fence's text, untouched, behind a `#sourceLocation`
/// that makes the compiler, the debugger and a crash speak of the note's own line and column.
struct GeneratedSwift {
  let note: Note
  let text: String
  /// The import lines of `notes/Prelude.swift`, which hold for one file only and so are repeated.
  let imports: [String]

  var source: String {
    var source = """
      // Made from \(note.file); what is changed here is lost.

      internal import NoteFormat

      """
    source += imports.map { $0 + "\n" }.joined()
    let runnable = note.examples.filter { $0.mode == .runs }
    let byID = Dictionary(runnable.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    for (index, example) in runnable.enumerated() {
      source += function(named: "example_\(index)", for: chain(endingWith: example, in: byID))
    }
    source += "\nlet \(Self.constantName(forFile: note.file)) = CompiledNote(\n"
    source += "  file: \(literal(note.file)),\n  title: \(literal(note.title)),\n"
    source += "  stepCount: \(note.steps.count),\n"
    source += "  exercises: [\(note.exercises.map { literal($0.id) }.joined(separator: ", "))],\n"
    source += "  text: \(literal(text)),\n  examples: [\n"
    for (index, example) in runnable.enumerated() {
      source += "    CompiledExample(id: \(literal(example.id)), run: example_\(index)),\n"
    }
    return source + "  ])\n"
  }

  /// The example with all that it continues, the first of them first.
  private func chain(endingWith example: Example, in byID: [String: Example]) -> [Example] {
    var chain = [example]
    while let name = chain[0].after?.name, let earlier = byID[name],
      earlier.code.range.start < chain[0].code.range.start
    {
      chain.insert(earlier, at: 0)
    }
    return chain
  }

  private func function(named name: String, for chain: [Example]) -> String {
    var text = "\nprivate func \(name)(_ mute: (Bool) -> Void) throws {\n"
    if chain.count > 1 { text += "mute(true)\n" }
    for (index, example) in chain.enumerated() {
      if index > 0, index == chain.count - 1 { text += "mute(false)\n" }
      text += "#sourceLocation(file: \(literal(note.file)), line: \(example.code.firstLine))\n"
      for line in example.code.lines {
        // The fence's own indentation goes back in front, so that columns agree with the note's.
        text += line.isEmpty ? "\n" : String(repeating: " ", count: example.code.indentation) + line + "\n"
      }
      text += "#sourceLocation()\n"
    }
    return text + "}\n"
  }

  /// `note_02_nat_table` for `notes/02-nat-table.md`: what no two files of one folder share.
  static func constantName(forFile file: String) -> String {
    let name = file.split(separator: "/").last ?? ""
    var constant = "note"
    for scalar in name.unicodeScalars.dropLast(3) {
      let isPlain = scalar.isASCII && scalar.properties.isAlphabetic || ("0"..."9").contains(scalar)
      constant += scalar == "-" ? "_" : isPlain ? String(scalar) : "_u\(scalar.value)_"
      if constant == "note" { constant += "_" }
    }
    return constant.hasPrefix("note_") ? constant : "note_" + constant.dropFirst("note".count)
  }

  /// A Swift string literal that gives `text` whatever it holds.
  private func literal(_ text: String) -> String {
    var literal = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": literal += "\\\""
      case "\\": literal += "\\\\"
      case "\n": literal += "\\n"
      case "\t": literal += "\\t"
      case _ where scalar.value < 0x20 || scalar.value == 0x7F:
        literal += "\\u{\(String(scalar.value, radix: 16))}"
      default: literal.unicodeScalars.append(scalar)
      }
    }
    return literal + "\""
  }
}
