import CommandOptions
import NATConsole
import NoteFormat
import ProgramSupport
import Terminal

/// What is wrong with a script's lines: the first such line ends it, unless the others are read too.
struct ScriptProblems {
  /// The script's name.
  let file: String
  /// Whether the lines behind a wrong one are read.
  let keepsGoing: Bool
  let isJSON: Bool
  private var problems: [Problem] = []
  /// Whether a line could not be obeyed, beside those that expect what is not so.
  private var hasBadLine = false

  init(file: String, keepsGoing: Bool, isJSON: Bool) {
    self.file = file
    self.keepsGoing = keepsGoing
    self.isJSON = isJSON
  }

  /// A line of JSON for a wrong line.
  private struct Line: Encodable {
    var result: String
    var line: Int
    var column: Int
    var message: String
  }

  /// Notes a wrong line.
  ///
  /// - Throws: what ends the program, if the line ends the script.
  mutating func add(_ error: ConsoleError, at line: Int, _ output: Writer) throws {
    if isJSON {
      output.jsonLine(
        Line(
          result: error.isUnmet ? "unmet" : "error", line: line, column: error.column,
          message: error.message))
    }
    hasBadLine = hasBadLine || !error.isUnmet
    problems.append(
      Problem(
        file: file, position: SourcePosition(line: line, column: error.column),
        message: error.message))
    if !keepsGoing { try finish() }
  }

  /// - Throws: what ends the program with 65 if a line could not be obeyed, and with 1 if only
  ///   expectations were not met.
  func finish() throws {
    if problems.isEmpty { return }
    if hasBadLine { throw WorkbookError.badData(problems) }
    throw ProgramFailure(problems.map(\.description).joined(separator: "\n"), code: 1)
  }
}
