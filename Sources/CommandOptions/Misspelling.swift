import ArgumentParser
import NoteFormat
import ProgramSupport

/// What is said about a word that names no command, no option, or none of an option's values.
///
/// The parser's own suggestions may be as far away as four letters; here `Suggestion` decides, as it
/// does for notes, examples and exercises.
enum Misspelling {
  /// Refuses a word that stands where a command should.
  ///
  /// - Throws: `WorkbookError.usage`, with a suggestion if a command is near.
  static func requireCommand(
    _ arguments: [String], of program: any ParsableCommand.Type
  ) throws(WorkbookError) {
    var command = program
    var path = ""
    for word in arguments {
      let commands = command.configuration.subcommands
      // 'help' is the parser's own command.
      guard !commands.isEmpty, !word.hasPrefix("-"), word != "help" else { return }
      guard let next = commands.first(where: { $0._commandName == word }) else {
        let hint = Suggestion.phrase(for: word, among: commands.map { $0._commandName })
        throw .usage(
          "there is no command '\(path)\(word)'"
            + (hint.isEmpty ? "; 'workbook help' lists them" : hint))
      }
      command = next
      path += word + " "
    }
  }

  /// The parser's message, with suggestions where one is near and nowhere else.
  static func corrected(_ message: String) -> String {
    if let unknown = message.firstMatch(of: #/Unknown option '(.+?)'(\. Did you mean '(.+?)'\?)/#) {
      let isNear = Suggestion.nearest(to: bare(unknown.1), among: [bare(unknown.3)]) != nil
      return isNear ? message : message.replacing(unknown.2, with: "")
    }
    let list = #/The value '(.+?)' is invalid for '.+?'\. (Please provide one of(?:.|\n  - )+)/#
    if let invalid = message.firstMatch(of: list) {
      let known = invalid.2.matches(of: #/'(.+?)'|\n  - (\S+)/#).map { String($0.1 ?? $0.2 ?? "") }
      guard let near = Suggestion.nearest(to: String(invalid.1), among: known) else {
        return message
      }
      return message.replacing(invalid.2, with: "Did you mean '\(near)'? \(invalid.2)")
    }
    return message
  }

  private static func bare(_ option: Substring) -> String {
    String(option.drop { $0 == "-" })
  }
}
