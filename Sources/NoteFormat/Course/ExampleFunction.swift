/// An example as a Swift function.
///
/// The body is the fence's text, untouched, behind a `#sourceLocation` that makes the compiler, the
/// debugger and a crash speak of the note's own line and column.
public struct ExampleFunction: Sendable {
  private let file: String
  /// The example with all that it continues, the first of them first.
  private var chain: [Example]

  public init(_ example: Example, in note: Note) {
    file = note.file
    chain = [example]
    let byID = Dictionary(
      note.examples.filter { $0.mode == .runs }.map { ($0.id, $0) },
      uniquingKeysWith: { first, _ in first })
    while let name = chain[0].after?.name, let earlier = byID[name],
      earlier.code.range.start < chain[0].code.range.start
    {
      chain.insert(earlier, at: 0)
    }
  }

  /// The function's source; its parameter mutes what the continued examples print.
  public func source(named name: String) -> String {
    var text = "private func \(name)(_ mute: (Bool) -> Void) throws {\n"
    if chain.count > 1 { text += "mute(true)\n" }
    for (index, example) in chain.enumerated() {
      if index > 0, index == chain.count - 1 { text += "mute(false)\n" }
      text += "#sourceLocation(file: \(file.swiftLiteral), line: \(example.code.firstLine))\n"
      // The fence's own indentation goes back in front, so that columns agree with the note's.
      let indentation = String(repeating: " ", count: example.code.indentation)
      for line in example.code.lines { text += line.isEmpty ? "\n" : indentation + line + "\n" }
      text += "#sourceLocation()\n"
    }
    return text + "}\n"
  }

  /// The import lines of a source file: they hold for one file only, so each generated file needs
  /// those of `notes/Prelude.swift`.
  public static func imports(of prelude: String) -> [String] {
    prelude.split(separator: "\n").map(String.init).filter { line in
      line.split(separator: " ").prefix(3).contains("import") && !line.hasPrefix("//")
    }
  }
}

extension String {
  /// A Swift string literal that gives this text whatever it holds.
  public var swiftLiteral: String {
    var literal = "\""
    for scalar in unicodeScalars {
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
