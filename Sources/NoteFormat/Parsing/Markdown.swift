internal import CCmark

/// Parses CommonMark text into blocks with cmark; no pointer of the C library outlives the call.
///
/// Fences are plain `code` blocks here and `<details>` is plain HTML; later passes interpret them. What
/// CommonMark lacks is found beside it: tables, boxes and callouts in the tree, the rest by a `Shield`.
struct Markdown {
  /// A code block with the properties that cmark reports.
  struct RawCode {
    var info: String
    var isFenced: Bool
    var indentation: Int
  }

  let source: SourceText
  /// The number to add to line numbers, for text that is part of a larger file.
  let lineOffset: Int
  /// The properties of each code block, by its first line.
  private(set) var codes: [Int: RawCode] = [:]
  /// The footnotes that the text defines.
  private(set) var footnotes: [Footnote] = []
  private var footnoteNames: Set<String> = []
  private let footnoteNumbers: FootnoteNumbers
  /// What cmark must not take apart; nil if there is nothing of the kind.
  private var shield: Shield?
  /// The number of quotes around the block that is being read.
  private var quotes = 0
  /// The line that all of the text is on, where the text is a table's cells.
  private var lineOfCells: Int?
  /// The definitions of links, for the cells of tables, and how many bytes of them may yet be read.
  private var linkDefinitions: [UInt8]?
  private var definitionBudget = NestingGuard.maximumBytes
  /// The number of failed searches for a link's position; a limit bounds their total cost.
  private var failedSearches = 0
  private static let mostFailedSearches = 100

  init(_ source: SourceText, lineOffset: Int = 0, footnotes: FootnoteNumbers = FootnoteNumbers()) {
    self.source = source
    self.lineOffset = lineOffset
    footnoteNumbers = footnotes
  }

  /// The text that cmark reads.
  private var text: SourceText { shield?.text ?? source }

  /// Parses the text.
  ///
  /// - Throws: a problem if the text is nested too deeply; any other text is valid CommonMark.
  mutating func blocks() throws(Problem) -> [Block] {
    if Shield.isNeeded(for: source, footnotes: footnoteNumbers) {
      let isCode = linesOfCode()
      shield = Shield(source, footnotes: footnoteNumbers) { isCode[$0 - 1] }
    }
    guard let document = Self.parsed(text.bytes) else { return [] }
    defer { cmark_node_free(document) }
    return try children(of: document, depth: 0)
  }

  /// The tree of a text; nil for an empty one.
  private static func parsed(_ text: [UInt8]) -> OpaquePointer? {
    let document = text.withUnsafeBufferPointer { bytes in
      bytes.withMemoryRebound(to: CChar.self) { characters in
        // An empty buffer has no base address, and cmark wants one.
        characters.baseAddress.flatMap {
          cmark_parse_document($0, characters.count, CMARK_OPT_DEFAULT)
        }
      }
    }
    if let document { cmark_consolidate_text_nodes(document) }
    return document
  }

  /// Whether each line is part of a code block or of raw HTML, in which nothing is shielded.
  private func linesOfCode() -> [Bool] {
    var isCode = [Bool](repeating: false, count: source.lineCount)
    guard let document = Self.parsed(source.bytes) else { return isCode }
    defer { cmark_node_free(document) }
    let iterator = cmark_iter_new(document)
    defer { cmark_iter_free(iterator) }
    while cmark_iter_next(iterator) != CMARK_EVENT_DONE {
      let node = cmark_iter_get_node(iterator)
      let type = cmark_node_get_type(node)
      guard type == CMARK_NODE_CODE_BLOCK || type == CMARK_NODE_HTML_BLOCK else { continue }
      let start = max(1, Int(cmark_node_get_start_line(node)))
      let end = min(source.lineCount, Int(cmark_node_get_end_line(node)))
      if start <= end { for line in start...end { isCode[line - 1] = true } }
    }
    return isCode
  }

  private mutating func children(of node: OpaquePointer, depth: Int) throws(Problem) -> [Block] {
    var blocks: [Block] = []
    var child = cmark_node_first_child(node)
    while let current = child {
      if cmark_node_get_type(current) == CMARK_NODE_PARAGRAPH,
        let table = try table(current, depth: depth + 1)
      {
        blocks += table
      } else if let block = try block(current, depth: depth + 1) {
        blocks.append(block)
      }
      child = cmark_node_next(current)
    }
    return BlockReference.taken(from: blocks)
  }

  private func range(of node: OpaquePointer) -> SourceRange {
    if let lineOfCells {
      return SourceRange(
        start: SourcePosition(line: lineOfCells, column: 1), endLine: lineOfCells)
    }
    // cmark gives 0 for the column of some empty nodes.
    let start = SourcePosition(
      line: max(1, Int(cmark_node_get_start_line(node))) + lineOffset,
      column: max(1, Int(cmark_node_get_start_column(node))))
    return SourceRange(start: start, endLine: Int(cmark_node_get_end_line(node)) + lineOffset)
  }

  private func string(_ characters: UnsafePointer<CChar>?) -> String {
    guard let characters else { return "" }
    let string = String(cString: characters)
    return shield?.restored(string) ?? string
  }

  /// A block; nil for a list of nothing but the definitions of footnotes.
  private mutating func block(_ node: OpaquePointer, depth: Int) throws(Problem) -> Block? {
    let range = range(of: node)
    guard depth <= NestingGuard.maximumDepth else {
      throw NestingGuard.tooDeep(in: source.file, at: range.start)
    }
    let content: Block.Content
    switch cmark_node_get_type(node) {
    case CMARK_NODE_BLOCK_QUOTE:
      quotes += 1
      defer { quotes -= 1 }
      let blocks = try children(of: node, depth: depth)
      content = Callout(blocks).map { .callout($0) } ?? .quote(blocks)
    case CMARK_NODE_LIST:
      var items: [[Block]] = []
      var item = cmark_node_first_child(node)
      while let current = item {
        let blocks = try children(of: current, depth: depth + 1)
        if let reference = definition(current) {
          if footnoteNames.insert(reference.name).inserted {
            footnotes.append(
              Footnote(name: reference.name, number: reference.number, blocks: blocks))
          }
        } else {
          items.append(blocks)
        }
        item = cmark_node_next(current)
      }
      guard !items.isEmpty else { return nil }
      let isOrdered = cmark_node_get_list_type(node) == CMARK_ORDERED_LIST
      var list = ListBlock(
        start: isOrdered ? Int(cmark_node_get_list_start(node)) : nil,
        isTight: cmark_node_get_list_tight(node) != 0, items: items)
      list.takeBoxes()
      content = .list(list)
    case CMARK_NODE_CODE_BLOCK where shield?.displays[range.start.line - lineOffset] != nil:
      let (head, tail) = shield?.displays[range.start.line - lineOffset] ?? ("", "")
      let lines = [head, string(cmark_node_get_literal(node)), tail]
      let formula = lines.map(\.trimmed).filter { !$0.isEmpty }.joined(separator: "\n")
      content = .paragraph([.math(Formula(text: formula, isDisplay: true))])
    case CMARK_NODE_CODE_BLOCK:
      let info = string(cmark_node_get_fence_info(node))
      codes[range.start.line] = RawCode(
        info: info, isFenced: isFenced(range), indentation: range.start.column - 1)
      content = .code(
        CodeBlock(
          language: info.split(separator: " ").first.map(String.init) ?? "",
          text: string(cmark_node_get_literal(node))))
    case CMARK_NODE_HTML_BLOCK:
      content = .html(string(cmark_node_get_literal(node)))
    case CMARK_NODE_HEADING:
      content = .heading(
        level: Int(cmark_node_get_heading_level(node)),
        try inlines(of: node, in: range, depth: depth))
    case CMARK_NODE_THEMATIC_BREAK:
      content = .thematicBreak
    default:
      content = .paragraph(try inlines(of: node, in: range, depth: depth))
    }
    return Block(content, range)
  }

  /// Whether the code block at `range` starts with a fence and not with indentation.
  private func isFenced(_ range: SourceRange) -> Bool {
    let line = source[line: range.start.line - lineOffset]
    let start = line.dropFirst(range.start.column - 1)
    return start.starts(with: "```".utf8) || start.starts(with: "~~~".utf8)
  }

  /// The footnote that an item of a list defines; nil for any other item.
  private func definition(_ item: OpaquePointer) -> FootnoteReference? {
    guard let shield, let paragraph = cmark_node_first_child(item),
      cmark_node_get_type(paragraph) == CMARK_NODE_PARAGRAPH,
      let text = cmark_node_first_child(paragraph), let literal = cmark_node_get_literal(text)
    else { return nil }
    return shield.definition(at: String(cString: literal))
  }

  // MARK: Tables

  /// The blocks of a paragraph that holds a table: the lines before it, and the table.
  private mutating func table(_ node: OpaquePointer, depth: Int) throws(Problem) -> [Block]? {
    let range = range(of: node)
    guard lineOfCells == nil, range.endLine > range.start.line else { return nil }
    var lines = [text[line: range.start.line - lineOffset].dropFirst(range.start.column - 1)]
    for number in (range.start.line + 1)...range.endLine {
      lines.append(PipeTable.unquoted(text[line: number - lineOffset], quotes: quotes))
    }
    guard let found = PipeTable(lines) else { return nil }
    var blocks: [Block] = []
    let first = range.start.line + found.leadingLines
    if found.leadingLines > 0 {
      let lead = lines[..<found.leadingLines].map { String(decoding: $0, as: UTF8.self) }
      let inlines = try cells([(lead.joined(separator: "\n"), range.start.line)], depth: depth)
      blocks.append(
        Block(.paragraph(inlines[0]), SourceRange(start: range.start, endLine: first - 1)))
    }
    // The header is on the first line, the delimiters on the second, and the rows below them.
    let texts =
      found.header.map { ($0, first) }
      + found.rows.enumerated().flatMap { index, row in row.map { ($0, first + 2 + index) } }
    var cells = try cells(texts, depth: depth)[...]
    let header = Array(cells.prefix(found.header.count))
    cells = cells.dropFirst(found.header.count)
    var rows: [[[Inline]]] = []
    for row in found.rows {
      rows.append(Array(cells.prefix(row.count)))
      cells = cells.dropFirst(row.count)
    }
    let table = Table(alignments: found.alignments, header: header, rows: rows)
    let start = SourcePosition(line: first, column: range.start.column)
    blocks.append(Block(.table(table), SourceRange(start: start, endLine: range.endLine)))
    return blocks
  }

  /// The character before each cell, so that none is taken for a list, a heading or a quote.
  private static let cellMark = Unicode.Scalar(0xFDD2 as UInt32)!

  /// The inline elements of each cell, with the line that it stands on.
  private mutating func cells(
    _ cells: [(text: String, line: Int)], depth: Int
  ) throws(Problem) -> [[Inline]] {
    var document: [UInt8] = []
    for cell in cells { document += Array("\(Self.cellMark)\(cell.text)\n\n".utf8) }
    if document.contains(UInt8(ascii: "[")) { document += definitionsOfLinks() }
    guard let root = Self.parsed(document) else { return cells.map { _ in [] } }
    defer { cmark_node_free(root) }
    defer { lineOfCells = nil }
    var result: [[Inline]] = []
    var child = cmark_node_first_child(root)
    while let current = child {
      child = cmark_node_next(current)
      guard let text = cmark_node_first_child(current),
        let literal = cmark_node_get_literal(text).map({ String(cString: $0) }),
        literal.unicodeScalars.first == Self.cellMark, result.count < cells.count
      else { continue }
      lineOfCells = cells[result.count].line
      cmark_node_set_literal(text, String(literal.unicodeScalars.dropFirst()))
      result.append(try inlines(of: current, in: range(of: current), depth: depth))
    }
    while result.count < cells.count { result.append([]) }
    return result
  }

  /// The definitions of links in the text, which the cells of a table may use.
  private mutating func definitionsOfLinks() -> [UInt8] {
    if linkDefinitions == nil {
      var found: [UInt8] = []
      for number in 1...text.lineCount {
        let line = text[line: number]
        let start = line.drop { $0 == UInt8(ascii: " ") }
        guard start.first == UInt8(ascii: "["), line.count - start.count <= 3,
          let end = start.firstIndex(of: UInt8(ascii: "]")), end + 1 < start.endIndex,
          start[end + 1] == UInt8(ascii: ":")
        else { continue }
        found += start + [UInt8(ascii: "\n")]
      }
      linkDefinitions = found
    }
    let definitions = linkDefinitions ?? []
    definitionBudget -= definitions.count
    return definitionBudget >= 0 ? definitions : []
  }

  // MARK: Inlines

  private mutating func inlines(
    of node: OpaquePointer, in range: SourceRange, depth: Int
  ) throws(Problem) -> [Inline] {
    guard depth <= NestingGuard.maximumDepth else {
      throw NestingGuard.tooDeep(in: source.file, at: range.start)
    }
    var result: [Inline] = []
    var searchStart = range.start
    var child = cmark_node_first_child(node)
    while let current = child {
      let literal = cmark_node_get_literal(current)
      switch cmark_node_get_type(current) {
      case CMARK_NODE_TEXT:
        let words = literal.map { String(cString: $0) } ?? ""
        guard !words.isEmpty else { break }
        result += WikiLinkScanner.split(words) { raw in
          let position = position(of: raw, in: range, near: current, from: searchStart)
          searchStart = SourcePosition(line: position.line, column: position.column + 2)
          return position
        }
      case CMARK_NODE_SOFTBREAK: result.append(.softBreak)
      case CMARK_NODE_LINEBREAK: result.append(.lineBreak)
      case CMARK_NODE_CODE: result.append(.code(string(literal)))
      case CMARK_NODE_HTML_INLINE:
        let tag = string(literal)
        result.append(RawHTML.inline(tag) ?? .html(tag))
      case CMARK_NODE_EMPH:
        result.append(.emphasis(try inlines(of: current, in: range, depth: depth + 1)))
      case CMARK_NODE_STRONG:
        result.append(.strong(try inlines(of: current, in: range, depth: depth + 1)))
      case CMARK_NODE_LINK:
        result.append(
          .link(
            MarkdownLink(
              destination: string(cmark_node_get_url(current)),
              title: string(cmark_node_get_title(current)),
              label: try inlines(of: current, in: range, depth: depth + 1),
              position: self.range(of: current).start)))
      case CMARK_NODE_IMAGE:
        result.append(
          .image(
            source: string(cmark_node_get_url(current)),
            description: try inlines(of: current, in: range, depth: depth + 1)))
      default: break
      }
      child = cmark_node_next(current)
    }
    result = Strikethrough.paired(result)
    return shield?.restored(result) ?? result
  }

  /// The position of a link's text, searched for because cmark's columns are unreliable for inlines.
  private mutating func position(
    of raw: String, in range: SourceRange, near node: OpaquePointer, from start: SourcePosition
  ) -> SourcePosition {
    let nodeStart = self.range(of: node).start
    guard failedSearches < Self.mostFailedSearches else { return nodeStart }
    let from = max(start, SourcePosition(line: nodeStart.line, column: 1))
    let raw = shield?.restored(raw) ?? raw
    let found = source.firstPosition(
      of: raw, from: SourcePosition(line: from.line - lineOffset, column: from.column))
    guard let found else {
      // The source has an escape or an entity, so the text cannot be found.
      failedSearches += 1
      return nodeStart
    }
    return SourcePosition(line: found.line + lineOffset, column: found.column)
  }
}
