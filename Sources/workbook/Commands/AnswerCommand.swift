import ArgumentParser
import CommandOptions
import Lessons
import NoteFormat
import ProgramSupport
import Terminal

struct AnswerCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "answer", abstract: "Answer a question of a note, and read why.",
    discussion: """
      A question is named by its note, step and number in the step: nat-table#3/1. The number may be \
      left out where the step has one question. Without an answer the question is asked and the \
      answer read from standard input. A wrong choice is told why it is wrong, and the others stay \
      closed, so that you can try again. The exit code is 0 where the answer is right and 1 where it \
      is not, or where none was given.
      """)

  @OptionGroup var options: OutputOptions
  @OptionGroup var format: JSONOption

  @Argument(help: "The question, as NOTE#STEP/NUMBER.", completion: Names.questions)
  var question: String

  @Argument(help: "A choice's number, or the answer in words.")
  var answer: [String] = []

  func run() throws {
    let (note, step, name, question) = try find()
    let output = options.output()
    var state = PageState()
    var shown: [StyledText] = []
    if answer.isEmpty, !format.json {
      shown = Self.lines(of: name, in: note, step: step, state, output.presentation)
      output.lines(shown)
      output.line()
      Input.prompt("Your answer: ", output)
    }
    guard let text = answer.isEmpty ? Input.line() : answer.joined(separator: " ") else {
      if !format.json { output.line("No answer was given.") }
      output.flush()
      throw ExitCode(1)
    }
    let isRight = try question.isAnswered(by: text, in: note)
    Recorder(try .current()).record(
      .answered(question: name.description, answer: text, right: isRight))
    state.answers[name] = .init(text: text, isRight: isRight)
    let lines = Self.lines(of: name, in: note, step: step, state, output.presentation)
    if format.json {
      try output.json(
        AnswerReport(
          question: name.description, answer: text, right: isRight,
          key: isRight ? question.key(in: note) : nil,
          reasons: question.reasons(in: note, after: isRight ? nil : text)))
    } else {
      output.lines(lines, after: shown)
    }
    output.flush()
    guard isRight else { throw ExitCode(1) }
  }

  /// The question as the note's page shows it, without the line that explains how to answer.
  private static func lines(
    of name: QuestionName, in note: Note, step: Int, _ state: PageState,
    _ presentation: Presentation
  ) -> [StyledText] {
    let page = NotePage.page(of: note, step: step, state: state, presentation)
    guard let item = page.items.first(where: { $0.item == .question(name) }) else { return [] }
    var lines = Array(page.lines[item.lines])
    while lines.last?.isEmpty == true { lines.removeLast() }
    guard state.answers[name] == nil else { return lines }
    while lines.last?.isEmpty == false { lines.removeLast() }
    while lines.last?.isEmpty == true { lines.removeLast() }
    return lines
  }

  private func find() throws -> (note: Note, step: Int, name: QuestionName, question: Question) {
    let parts = question.split(separator: "#", maxSplits: 1).map(String.init)
    let place = parts.count > 1 ? parts[1].split(separator: "/", maxSplits: 1) : []
    guard let noteName = parts.first, let stepName = place.first else {
      throw WorkbookError.usage(
        "'\(question)' names no question; one is named like nat-table#3/1, note, step and number")
    }
    let note = try NoteLibrary.compiled.course().existingNote(named: noteName)
    let step = try note.existingStep(named: String(stepName))
    let questions = note.questions(inStep: step)
    let number = place.count > 1 ? Int(place[1]) : questions.count == 1 ? 1 : nil
    guard let number, questions.indices.contains(number - 1) else {
      let stepName = "step \(step + 1) of '\(note.slug)'"
      throw WorkbookError.usage(
        questions.isEmpty
          ? "\(stepName) has no question"
          : questions.count == 1
            ? "\(stepName) has one question: \(note.slug)#\(step + 1)/1"
            : "\(stepName) has \(questions.count) questions; name one as \(note.slug)#\(step + 1)/1"
      )
    }
    let found = questions[number - 1]
    return (note, step, found.name, found.question)
  }
}

/// The result of an answer, as printed by `answer --json`.
struct AnswerReport: Encodable {
  var question: String
  var answer: String
  var right: Bool
  /// The right answer; nil after a wrong one, so that there is a second try.
  var key: String?
  /// The reason for each choice, or the explanation of a typed answer; after a wrong answer only why
  /// it is wrong.
  var reasons: [String]
}

extension Question {
  fileprivate func key(in note: Note) -> String {
    switch answer {
    case .choice(_, let correct, _): "\(correct)"
    case .typed(let key, _): key
    case .run(let reference, _):
      note.examples.first { $0.id == reference.name }?.output?.text ?? ""
    }
  }

  /// The reasons; with a wrong answer its own alone, of which a text in words has none.
  fileprivate func reasons(in note: Note, after wrongAnswer: String?) -> [String] {
    let blocks: [[Block]] =
      switch (answer, wrongAnswer) {
      case (.choice(_, _, let reasons), nil): reasons
      case (.choice(_, _, let reasons), let wrong?):
        Self.choice(wrong).flatMap { reasons.indices.contains($0 - 1) ? [reasons[$0 - 1]] : nil }
          ?? []
      case (.typed(_, let explanation), nil), (.run(_, let explanation), nil): [explanation]
      case (.typed, _?), (.run, _?): []
      }
    return blocks.map { blocks in
      NotePage.lines(of: blocks, in: note, Presentation()).map(\.text).joined(separator: "\n")
    }
  }
}
