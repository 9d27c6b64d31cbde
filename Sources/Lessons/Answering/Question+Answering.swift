public import NoteFormat
public import ProgramSupport

extension Note {
  /// The questions of a step with their names, in reading order.
  public func questions(inStep index: Int) -> [(name: QuestionName, question: Question)] {
    steps[index].blocks.questions.enumerated().map { offset, question in
      (QuestionName(note: slug, step: steps[index].anchor, number: offset + 1), question)
    }
  }
}

extension Question {
  /// Whether a choice's number, or a typed text, is the right answer to a question of `note`.
  ///
  /// - Throws: `WorkbookError.usage` for a choice that does not exist. A wrong answer is not an error.
  public func isAnswered(by text: String, in note: Note) throws(WorkbookError) -> Bool {
    switch answer {
    case .choice(let choices, let correct, _):
      guard let choice = Self.choice(text), choices.indices.contains(choice - 1) else {
        throw .usage("'\(text)' is no choice; answer with a number from 1 to \(choices.count)")
      }
      return choice == correct
    case .typed(let key, _):
      return TypedAnswer(text).answers(TypedAnswer(key))
    case .run(let reference, _):
      let promised = note.examples.first { $0.id == reference.name }?.output?.text ?? ""
      return TypedAnswer(text).answers(TypedAnswer(promised))
    }
  }

  /// Whether two texts are the same answer to this question, however they are written.
  public func isSameAnswer(_ first: String, _ second: String) -> Bool {
    switch answer {
    case .choice: Self.choice(first) == Self.choice(second)
    case .typed, .run: TypedAnswer(first) == TypedAnswer(second)
    }
  }

  /// The number of a choice in a text such as `2.`; nil if there is none.
  public static func choice(_ text: String) -> Int? {
    Int(text.filter { !$0.isWhitespace && !".)".contains($0) })
  }
}
