import ArgumentParser
import CommandOptions
import Lessons
import NoteFormat
import ProgramSupport
import Terminal

struct GlossaryCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "glossary", abstract: "Say what a word means, and which step teaches it.",
    discussion: "Without a word it lists all of them.")

  @OptionGroup var options: OutputOptions
  @OptionGroup var format: JSONOption

  @Argument(
    help: "The word or words of a term, such as: transport address.", completion: Names.terms)
  var word: [String] = []

  func run() throws {
    let glossary = try NoteLibrary.glossary()
    let course = try NoteLibrary.compiled.course()
    let terms = word.isEmpty ? glossary.terms : [try glossary.existingTerm(word)]
    let output = options.output()
    if format.json {
      try output.json(GlossaryReport(terms: terms.map { TermReport($0, in: course) }))
    } else if word.isEmpty {
      list(terms, output)
    } else {
      for term in terms { show(term, in: course, output) }
    }
    output.flush()
  }

  private func list(_ terms: [Term], _ output: Writer) {
    let presentation = output.presentation
    let width = terms.map(\.name.displayWidth).max() ?? 0
    for term in terms {
      output.line(
        (StyledText(term.name, .link).padded(to: width + 2)
          + StyledText(TermPage.summary(of: term)))
          .truncated(to: presentation.width, marker: presentation.symbols.ellipsis))
    }
    output.line()
    output.line(
      "\(terms.count) terms. In full, and where it is taught: "
        + StyledText("./workbook glossary WORD", .key))
  }

  private func show(_ term: Term, in course: Course, _ output: Writer) {
    let presentation = output.presentation
    output.lines(
      StyledText(term.title, .heading, emphasis: .bold).wrapped(to: presentation.proseWidth))
    output.line()
    output.lines(TermPage.lines(of: term, in: course, naming: .commands, presentation))
  }
}

extension Glossary {
  /// The term of these words.
  ///
  /// - Throws: `WorkbookError.usage` if there is none, with a suggestion.
  fileprivate func existingTerm(_ words: [String]) throws(WorkbookError) -> Term {
    let name = words.joined(separator: " ")
    if let term = term(named: name) { return term }
    let hint = Suggestion.phrase(for: name, among: terms.flatMap(\.names))
    throw .usage(
      "the glossary has no word '\(name)'"
        + (hint.isEmpty ? "; 'workbook glossary' lists them, 'workbook search' finds any" : hint))
  }
}

/// Terms, as printed by `glossary --json`.
struct GlossaryReport: Encodable {
  var terms: [TermReport]
}

/// A term.
struct TermReport: Encodable {
  var term: String
  var expansion: String?
  var aliases: [String]
  var definition: String
  var steps: [Lesson]
  var comingNote: Int?

  /// A step that teaches it.
  struct Lesson: Encodable {
    var note: String
    var step: String
    var number: Int
    var title: String
  }

  init(_ term: Term, in course: Course) {
    self.term = term.name
    expansion = term.expansion
    aliases = term.aliases
    definition = term.definition.plainText
    comingNote = term.comingNote
    steps = term.lessons.indices.compactMap { index in
      term.place(lesson: index, in: course).map { place in
        let step = place.note.steps[place.step]
        return Lesson(
          note: place.note.slug, step: step.anchor, number: place.step + 1,
          title: step.title.plainText)
      }
    }
  }
}
