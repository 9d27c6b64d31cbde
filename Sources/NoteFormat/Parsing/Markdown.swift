internal import CCmark

/// Parses CommonMark text into blocks with cmark; no pointer of the C library outlives the call.
///
/// Fences are plain `code` blocks here and `<details>` is plain HTML; later passes interpret them.
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
  /// The number of failed searches for a link's position; a limit bounds their total cost.
  private var failedSearches = 0
  private static let mostFailedSearches = 100

  init(_ source: SourceText, lineOffset: Int = 0) {
    self.source = source
    self.lineOffset = lineOffset
  }

  /// Parses the text.
  ///
  /// - Throws: a problem if the text is nested too deeply; any other text is valid CommonMark.
  mutating func blocks() throws(Problem) -> [Block] {
    let document = source.bytes.withUnsafeBufferPointer { bytes in
      bytes.withMemoryRebound(to: CChar.self) { characters in
        // An empty buffer has no base address, and cmark wants one.
        characters.baseAddress.flatMap {
          cmark_parse_document($0, characters.count, CMARK_OPT_DEFAULT)
        }
      }
    }
    guard let document else { return [] }
    defer { cmark_node_free(document) }
    cmark_consolidate_text_nodes(document)
    return try children(of: document, depth: 0)
  }

  private mutating func children(of node: OpaquePointer, depth: Int) throws(Problem) -> [Block] {
    var blocks: [Block] = []
    var child = cmark_node_first_child(node)
    while let current = child {
      try blocks.append(block(current, depth: depth + 1))
      child = cmark_node_next(current)
    }
    return blocks
  }

  private func range(of node: OpaquePointer) -> SourceRange {
    // cmark gives 0 for the column of some empty nodes.
    let start = SourcePosition(
      line: max(1, Int(cmark_node_get_start_line(node))) + lineOffset,
      column: max(1, Int(cmark_node_get_start_column(node))))
    return SourceRange(start: start, endLine: Int(cmark_node_get_end_line(node)) + lineOffset)
  }

  private func string(_ characters: UnsafePointer<CChar>?) -> String {
    characters.map { String(cString: $0) } ?? ""
  }

  private mutating func block(_ node: OpaquePointer, depth: Int) throws(Problem) -> Block {
    let range = range(of: node)
    guard depth <= NestingGuard.maximumDepth else {
      throw NestingGuard.tooDeep(in: source.file, at: range.start)
    }
    let content: Block.Content
    switch cmark_node_get_type(node) {
    case CMARK_NODE_BLOCK_QUOTE:
      content = .quote(try children(of: node, depth: depth))
    case CMARK_NODE_LIST:
      var items: [[Block]] = []
      var item = cmark_node_first_child(node)
      while let current = item {
        try items.append(children(of: current, depth: depth + 1))
        item = cmark_node_next(current)
      }
      let isOrdered = cmark_node_get_list_type(node) == CMARK_ORDERED_LIST
      content = .list(
        ListBlock(
          start: isOrdered ? Int(cmark_node_get_list_start(node)) : nil,
          isTight: cmark_node_get_list_tight(node) != 0, items: items))
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
        result += WikiLinkScanner.split(string(literal)) { raw in
          let position = position(of: raw, in: range, near: current, from: searchStart)
          searchStart = SourcePosition(line: position.line, column: position.column + 2)
          return position
        }
      case CMARK_NODE_SOFTBREAK: result.append(.softBreak)
      case CMARK_NODE_LINEBREAK: result.append(.lineBreak)
      case CMARK_NODE_CODE: result.append(.code(string(literal)))
      case CMARK_NODE_HTML_INLINE: result.append(.html(string(literal)))
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
    return result
  }

  /// The position of a link's text, searched for because cmark's columns are unreliable for inlines.
  private mutating func position(
    of raw: String, in range: SourceRange, near node: OpaquePointer, from start: SourcePosition
  ) -> SourcePosition {
    let nodeStart = self.range(of: node).start
    guard failedSearches < Self.mostFailedSearches else { return nodeStart }
    let from = max(start, SourcePosition(line: nodeStart.line, column: 1))
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
