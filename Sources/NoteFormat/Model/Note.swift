/// A lesson: the parsed contents of one Markdown file.
public struct Note: Hashable, Sendable {
  /// The path of the file as it was given to the parser, for messages.
  public var file: String
  /// The number at the start of the file name: 2 for `02-nat-table.md`.
  public var number: Int?
  /// The file name without number and extension: `nat-table`.
  public var slug: String
  /// The text of the first-level heading.
  public var title: String
  /// Additional names for wiki links, from `aliases` in the front matter.
  public var aliases: [String]
  /// The blocks before the first step.
  public var introduction: [Block]
  /// The steps in reading order.
  public var steps: [Step]
  /// The footnotes, by number.
  public var footnotes: [Footnote] = []
  /// The errors for which its examples do not run; empty for a note that compiles.
  public var problems: [Problem] = []

  /// The top-level blocks of the note in reading order, starting with the introduction.
  public var blocks: [Block] { introduction + steps.flatMap(\.blocks) }
}

/// One screen of a lesson: a second-level heading and the blocks after it.
public struct Step: Hashable, Sendable {
  /// The text of the heading.
  public var title: [Inline]
  /// The heading as a link fragment: `two-hosts-one-port`.
  public var anchor: String
  /// The blocks of the step, without its heading.
  public var blocks: [Block]
  /// The lines of the step, including its heading.
  public var range: SourceRange
  /// The Markdown of the step, from its heading to the next step or the end of the note.
  public var source: String

  /// Whether the step is off the main road, which the end of its heading says: `(extra)`.
  public var isExtra: Bool { title.plainText.hasSuffix("(extra)") }

  /// Creates a step.
  public init(
    title: [Inline], anchor: String, blocks: [Block], range: SourceRange, source: String
  ) {
    self.title = title
    self.anchor = anchor
    self.blocks = blocks
    self.range = range
    self.source = source
  }
}

extension Note {
  /// Every example in reading order, including those in questions, exercises and lists.
  ///
  /// - Complexity: O(*n*) in the number of blocks.
  public var examples: [Example] { blocks.examples }

  /// Every quotation of source code in reading order.
  public var quotations: [Quotation] {
    blocks.nested { if case .quotation(let quotation) = $0 { quotation } else { nil } }
  }

  /// Every exercise in reading order.
  public var exercises: [Exercise] { blocks.exercises }

  /// Every question in reading order.
  public var questions: [Question] { blocks.questions }
}

extension Sequence<Block> {
  /// Calls `body` for each block and each block inside it, parents first.
  public func forEachNested(_ body: (Block) -> Void) {
    for block in self {
      body(block)
      for children in block.children { children.forEachNested(body) }
    }
  }

  /// Every example in reading order, including those in questions, exercises and lists.
  public var examples: [Example] {
    nested { if case .example(let example) = $0 { example } else { nil } }
  }

  /// Every exercise in reading order.
  public var exercises: [Exercise] {
    nested { if case .exercise(let exercise) = $0 { exercise } else { nil } }
  }

  /// Every question in reading order.
  public var questions: [Question] {
    nested { if case .question(let question) = $0 { question } else { nil } }
  }

  /// What `select` gives of these blocks and those inside them, parents first.
  func nested<Element>(_ select: (Block.Content) -> Element?) -> [Element] {
    var found: [Element] = []
    forEachNested { if let element = select($0.content) { found.append(element) } }
    return found
  }
}

extension Block {
  /// The groups of blocks directly inside this block, in reading order.
  public var children: [[Block]] {
    switch content {
    case .paragraph, .heading, .code, .html, .thematicBreak, .table, .example, .quotation,
      .stunMessage:
      []
    case .list(let list): list.items
    case .quote(let blocks): [blocks]
    case .callout(let callout): [callout.blocks]
    case .details(let details): [details.blocks]
    case .exercise(let exercise): [exercise.task] + exercise.hints
    case .question(let question):
      switch question.answer {
      case .choice(let choices, _, let reasons): [question.prompt] + choices + reasons
      case .typed(_, let explanation), .run(_, let explanation): [question.prompt, explanation]
      }
    }
  }

  /// The inline elements directly inside this block.
  public var inlines: [Inline] {
    switch content {
    case .paragraph(let inlines), .heading(_, let inlines): inlines
    case .callout(let callout): callout.title
    case .table(let table): (table.header + table.rows.joined()).flatMap(\.self)
    case .question(let question): question.title
    case .exercise(let exercise): exercise.title
    default: []
    }
  }
}
