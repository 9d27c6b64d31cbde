extension NoteParser {
  /// Turns the blocks between `<details><summary>…</summary>` and `</details>` into one block.
  ///
  /// In CommonMark the two tags are separate blocks of raw HTML beside the blocks they enclose.
  mutating func foldDetails(_ blocks: [Block]) throws(Problem) -> [Block] {
    var open: [(opening: Block, summary: String, blocks: [Block])] = []
    var result: [Block] = []
    func append(_ block: Block) {
      if open.isEmpty { result.append(block) } else { open[open.count - 1].blocks.append(block) }
    }
    for block in blocks {
      guard case .html(let html) = block.content else {
        append(try foldingInside(block))
        continue
      }
      if let tag = DetailsTag(html), open.count < NestingGuard.maximumDepth {
        var inner: [Block] = []
        if !tag.body.trimmed.isEmpty {
          inner = try self.blocks(
            of: tag.body, lineOffset: block.range.start.line - 1 + tag.bodyLine)
        }
        if tag.isClosed {
          append(Block(.details(Details(summary: tag.summary, blocks: inner)), block.range))
        } else {
          open.append((block, tag.summary, inner))
        }
      } else if html.trimmed.lowercased().hasPrefix("</details>"), let last = open.popLast() {
        append(
          Block(
            .details(Details(summary: last.summary, blocks: last.blocks)),
            SourceRange(start: last.opening.range.start, endLine: block.range.endLine)))
      } else {
        append(block)
      }
    }
    while let last = open.popLast() {
      report(last.opening.range.start, "this <details> is never closed; add a line </details>")
      append(last.opening)
      for block in last.blocks { append(block) }
    }
    return result
  }

  private mutating func foldingInside(_ block: Block) throws(Problem) -> Block {
    var block = block
    switch block.content {
    case .quote(let blocks):
      block.content = .quote(try foldDetails(blocks))
    case .callout(var callout):
      callout.blocks = try foldDetails(callout.blocks)
      block.content = .callout(callout)
    case .list(var list):
      for index in list.items.indices { list.items[index] = try foldDetails(list.items[index]) }
      block.content = .list(list)
    default: break
    }
    return block
  }
}

/// The opening tag of a folded block, from one block of raw HTML.
struct DetailsTag {
  var summary = ""
  /// Markdown that follows the summary without a blank line, in the same block of HTML.
  var body = ""
  /// The line of the HTML that `body` starts on, counted from 0.
  var bodyLine = 0
  var isClosed = false

  init?(_ html: String) {
    let text = html.trimmed
    guard text.lowercased().hasPrefix("<details"), let end = text.firstIndex(of: ">") else {
      return nil
    }
    var rest = text[text.index(after: end)...]
    // Lowercasing can change the length of a text, so only the usual spellings are found.
    if let opening = rest.firstRange(of: "<summary>"),
      rest[..<opening.lowerBound].trimmed.isEmpty,
      let closing = rest[opening.upperBound...].firstRange(of: "</summary>")
    {
      summary = rest[opening.upperBound..<closing.lowerBound].trimmed
      rest = rest[closing.upperBound...]
    }
    if let closing = rest.firstRange(of: "</details>") {
      isClosed = true
      rest = rest[..<closing.lowerBound]
    }
    bodyLine = text[..<rest.startIndex].count { $0 == "\n" }
    body = String(rest)
  }
}
