import Terminal

/// Whether an answer looks at nothing that it is given.
///
/// Such an answer can fail like a known mistake by chance, and is not to be told that it made it.
enum ConstantAnswer {
  /// Whether no function of the skeleton that has parameters uses any of them in the answer.
  static func isConstant(_ answer: String, skeleton: CallRecorder) -> Bool {
    let functions = skeleton.functions.filter { !$0.parameters.isEmpty }
    guard !functions.isEmpty else { return false }
    let words = identifiers(in: answer)
    return functions.allSatisfy { function in
      // A parameter of another name than in the skeleton counts as used.
      function.parameters.allSatisfy { parameter in
        words.count { $0 == parameter.name } == mentions(of: parameter.name, in: functions)
      }
    }
  }

  /// How often the declarations alone mention a name.
  private static func mentions(of name: String, in functions: [CallRecorder.Function]) -> Int {
    functions.reduce(0) { $0 + identifiers(in: $1.declaration).count { $0 == name } }
  }

  /// The words of the code, without comments and texts.
  private static func identifiers(in code: String) -> [Substring] {
    var words: [Substring] = []
    for line in SwiftLexer.highlight(code) {
      for span in line.spans where span.role != .comment && span.role != .string {
        words += span.text.split { !($0.isLetter || $0.isNumber || $0 == "_") }
      }
    }
    return words
  }
}
