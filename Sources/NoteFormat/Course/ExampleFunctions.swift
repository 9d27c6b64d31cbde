/// A note's examples as Swift functions.
///
/// A function's body is the fence's text, untouched, behind a `#sourceLocation` that makes the
/// compiler, the debugger and a crash speak of the note's own line and column.
public struct ExampleFunctions: Sendable {
  private let file: String
  private let byID: [String: Example]

  public init(of note: Note) {
    self.init(of: note.examples, file: note.file)
  }

  /// - Parameter examples: those of one file, in its order.
  public init(of examples: [Example], file: String) {
    self.file = file
    byID = Dictionary(
      examples.filter { $0.mode == .runs }.map { ($0.id, $0) },
      uniquingKeysWith: { first, _ in first })
  }

  /// The most examples that one can stand at the end of, so that no note grows beyond its size.
  public static let longestChain = 16

  /// The example with all that it continues, the first of them first.
  public func chain(endingWith example: Example) -> [Example] {
    var chain = [example]
    while let name = chain[0].after?.name, let earlier = byID[name],
      earlier.code.range.start < chain[0].code.range.start, chain.count < Self.longestChain
    {
      chain.insert(earlier, at: 0)
    }
    return chain
  }

  /// The function's source; its parameter mutes what the continued examples print.
  ///
  /// - Complexity: O(*n*) in the lengths of the example and of those that it continues.
  public func source(of example: Example, named name: String) -> String {
    let chain = chain(endingWith: example)
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
