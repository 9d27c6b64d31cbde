/// What an embedding `![[note#section]]` shows in its place: a note, or a part of it, to be read only.
public struct Embedding: Sendable {
  /// The note that is shown.
  public var note: Note
  /// The title of the note, with the heading of the part.
  public var title: String
  /// The blocks, in which examples, questions and exercises are plain text.
  public var blocks: [Block]
  /// What it shows, by which a part that embeds itself is recognized.
  let key: String
}

extension Course {
  /// What an embedding in a note shows; nil if there is no such note, heading or block.
  ///
  /// - Complexity: O(*n*) in the number of the note's blocks.
  public func embedding(_ link: WikiLink, in note: Note) -> Embedding? {
    guard let target = link.target.isEmpty ? note : self.note(named: link.target) else {
      return nil
    }
    let key = target.file + (link.section.map { "#" + $0 } ?? "")
    guard let section = link.section?.split(separator: "#").last.map(String.init) else {
      return Embedding(
        note: target, title: target.title, blocks: target.plainBlocks.map(\.readOnly), key: key)
    }
    guard let blocks = target.blocks(ofSection: section) else { return nil }
    let title = section.hasPrefix("^") ? target.title : "\(target.title): \(section)"
    return Embedding(note: target, title: title, blocks: blocks.map(\.readOnly), key: key)
  }
}

extension Note {
  /// All blocks, with the headings of the steps among them, but for one that repeats the title.
  fileprivate var plainBlocks: [Block] {
    introduction
      + steps.flatMap { step in
        let heading = Block(.heading(level: 2, step.title), step.range)
        return (step.title.plainText == title ? [] : [heading]) + step.blocks
      }
  }

  /// The blocks below a heading, up to the next one of its level, or the one block of a name.
  fileprivate func blocks(ofSection section: String) -> [Block]? {
    if section.hasPrefix("^") {
      return blocks.block(named: String(section.dropFirst())).map { [$0] }
    }
    let key = Slug.normalised(Slug.anchor(section))
    let all = plainBlocks
    for (index, block) in all.enumerated() {
      guard case .heading(let level, let title) = block.content,
        Slug.normalised(Slug.anchor(title.plainText)) == key
      else { continue }
      let rest = all[(index + 1)...]
      let end = rest.firstIndex { block in
        if case .heading(let next, _) = block.content { next <= level } else { false }
      }
      return Array(rest[..<(end ?? rest.endIndex)])
    }
    return nil
  }
}

extension Block {
  /// The block with code, questions and exercises as text that only shows them.
  fileprivate var readOnly: Block {
    var block = self
    switch content {
    case .example(let example):
      block.content = .code(CodeBlock(language: "swift", text: example.code.text))
    case .quote(let blocks): block.content = .quote(blocks.map(\.readOnly))
    case .callout(var callout):
      callout.blocks = callout.blocks.map(\.readOnly)
      block.content = .callout(callout)
    case .list(var list):
      list.items = list.items.map { $0.map(\.readOnly) }
      block.content = .list(list)
    case .details(var details):
      details.blocks = details.blocks.map(\.readOnly)
      block.content = .details(details)
    case .question(let question):
      block.content = .quote(
        [Block(.heading(level: 4, [.text("Question: ")] + question.title), range)]
          + question.prompt.map(\.readOnly))
    case .exercise(let exercise):
      block.content = .quote(
        [Block(.heading(level: 4, [.text("Exercise: ")] + exercise.title), range)]
          + exercise.task.map(\.readOnly))
    default: break
    }
    return block
  }
}
