/// One lesson: a Markdown file as a value, with nothing of the parser left in it.
public struct Note: Hashable, Sendable {
  /// The path as it was given, for messages.
  public var file: String
  /// The number that the file's name starts with: 2 for `02-nat-table.md`.
  public var number: Int?
  /// The file's name without number and ending: `nat-table`.
  public var slug: String
  public var title: String
  /// Further names that wiki links may use, from the front matter's `aliases`.
  public var aliases: [String]
  /// What stands before the first step.
  public var introduction: [Block]
  public var steps: [Step]

  /// Every block of the note in reading order, the introduction first; not those inside others.
  public var blocks: [Block] { introduction + steps.flatMap(\.blocks) }
}

/// One screen of a lesson: a second-level heading and what follows it.
public struct Step: Hashable, Sendable {
  public var title: [Inline]
  /// The heading in the form that links use: `two-hosts-one-port`.
  public var anchor: String
  public var blocks: [Block]
  public var range: SourceRange
  /// The step's own Markdown, from its heading to the next step or the note's end.
  public var source: String
}

extension Note {
  /// Every example in reading order, those inside questions, exercises and lists included.
  ///
  /// - Complexity: O(*n*) in the number of blocks.
  public var examples: [Example] {
    var examples: [Example] = []
    blocks.forEachNested { if case .example(let example) = $0.content { examples.append(example) } }
    return examples
  }

  public var quotations: [Quotation] {
    var quotations: [Quotation] = []
    blocks.forEachNested {
      if case .quotation(let quotation) = $0.content { quotations.append(quotation) }
    }
    return quotations
  }

  public var exercises: [Exercise] {
    var exercises: [Exercise] = []
    blocks.forEachNested {
      if case .exercise(let exercise) = $0.content { exercises.append(exercise) }
    }
    return exercises
  }

  public var questions: [Question] {
    var questions: [Question] = []
    blocks.forEachNested {
      if case .question(let question) = $0.content { questions.append(question) }
    }
    return questions
  }
}

extension Sequence<Block> {
  /// Calls `body` for each block and each block inside it, parents first.
  public func forEachNested(_ body: (Block) -> Void) {
    for block in self {
      body(block)
      for children in block.children { children.forEachNested(body) }
    }
  }
}

extension Block {
  /// The groups of blocks directly inside this one, in reading order.
  public var children: [[Block]] {
    switch content {
    case .paragraph, .heading, .code, .html, .thematicBreak, .example, .quotation, .stunMessage: []
    case .list(let list): list.items
    case .quote(let blocks): [blocks]
    case .details(let details): [details.blocks]
    case .exercise(let exercise): [exercise.task] + exercise.hints
    case .question(let question):
      switch question.answer {
      case .choice(let choices, _, let reasons): [question.prompt] + choices + reasons
      case .typed(_, let explanation), .run(_, let explanation): [question.prompt, explanation]
      }
    }
  }

  /// The runs of text directly in this block.
  public var inlines: [Inline] {
    switch content {
    case .paragraph(let inlines), .heading(_, let inlines): inlines
    case .question(let question): question.title
    case .exercise(let exercise): exercise.title
    default: []
    }
  }
}
