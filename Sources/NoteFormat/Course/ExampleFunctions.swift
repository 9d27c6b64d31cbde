/// Generates a Swift function for each example of a note.
///
/// The body of a function is the unchanged text of the fence after a `#sourceLocation` directive, so
/// that compiler messages, the debugger and crash reports refer to lines and columns of the note.
public struct ExampleFunctions: Sendable {
  private let file: String
  private let byID: [String: Example]

  /// Creates a generator for all examples of a note.
  public init(of note: Note) {
    self.init(of: note.examples, file: note.file)
  }

  /// Creates a generator for the examples of one file, given in the order of the file.
  public init(of examples: [Example], file: String) {
    self.file = file
    byID = Dictionary(
      examples.filter { $0.mode == .runs }.map { ($0.id, $0) },
      uniquingKeysWith: { first, _ in first })
  }

  /// The maximum length of a chain of examples, which bounds the size of the generated code.
  public static let longestChain = 16

  /// The example preceded by all examples that it continues, first to last.
  public func chain(endingWith example: Example) -> [Example] {
    var chain = [example]
    while let name = chain[0].after?.name, let earlier = byID[name],
      earlier.code.range.start < chain[0].code.range.start, chain.count < Self.longestChain
    {
      chain.insert(earlier, at: 0)
    }
    return chain
  }

  /// The source of the example's function, whose parameter mutes the output of continued examples.
  ///
  /// - Complexity: O(*n*) in the lengths of the example and of those that it continues.
  public func source(of example: Example, named name: String) -> String {
    let chain = chain(endingWith: example)
    var text = "private func \(name)(_ mute: (Bool) -> Void) throws {\n"
    if chain.count > 1 { text += "mute(true)\n" }
    for (index, example) in chain.enumerated() {
      if index > 0, index == chain.count - 1 { text += "mute(false)\n" }
      text += "#sourceLocation(file: \(file.swiftLiteral), line: \(example.code.firstLine))\n"
      // The fence's indentation is restored, so that columns agree with those of the note.
      let indentation = String(repeating: " ", count: example.code.indentation)
      for line in example.code.lines { text += line.isEmpty ? "\n" : indentation + line + "\n" }
      text += "#sourceLocation()\n"
    }
    return text + "}\n"
  }

  /// The import declarations of `notes/Prelude.swift`, which every generated file needs.
  public static func imports(of prelude: String) -> [String] {
    prelude.split(separator: "\n").map(String.init).filter { line in
      line.split(separator: " ").prefix(3).contains("import") && !line.hasPrefix("//")
    }
  }
}

extension String {
  /// A Swift string literal that evaluates to this text.
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
