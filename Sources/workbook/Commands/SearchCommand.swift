import ArgumentParser
import CommandOptions
import Lessons
import Terminal

struct SearchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "search", abstract: "Search all notes for words.",
    discussion: """
      A step is found where all the words begin a word of it. The exit code is 1 where nothing is \
      found.
      """)

  @OptionGroup var options: OutputOptions
  @OptionGroup var format: JSONOption

  @Argument(help: "The words to look for.")
  var words: [String]

  func run() throws {
    let matches = NoteSearch.matches(
      of: words.joined(separator: " "), in: try NoteLibrary.compiled.course())
    let output = options.output()
    if format.json {
      try output.json(SearchReport(matches: matches.map(MatchReport.init)))
    } else {
      show(matches, output)
    }
    output.flush()
    if matches.isEmpty { throw ExitCode(1) }
  }

  private func show(_ matches: [NoteSearch.Match], _ output: Writer) {
    var last: NoteSearch.Match?
    for match in matches {
      if match.note != last?.note || match.step != last?.step {
        if last != nil { output.line() }
        output.lines(
          (StyledText("\(match.note)#\(match.step)", .link) + StyledText("  \(match.title)"))
            .wrapped(to: output.presentation.width, continuation: "  "))
      }
      if match.line != match.title {
        output.lines(
          match.markedLine(output.presentation).wrapped(
            to: output.presentation.width, first: "    ", continuation: "    "))
      }
      last = match
    }
    if matches.isEmpty { output.line("Nothing is found.") }
  }
}

/// What is found, as printed by `search --json`.
struct SearchReport: Encodable {
  var matches: [MatchReport]
}

/// A line that matches.
struct MatchReport: Encodable {
  var note: String
  var step: String
  var title: String
  var line: String

  init(_ match: NoteSearch.Match) {
    note = match.note
    step = match.step
    title = match.title
    line = match.line
  }
}
