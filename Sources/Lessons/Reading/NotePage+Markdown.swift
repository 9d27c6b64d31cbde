import NoteFormat
import Terminal

/// What Markdown has beyond CommonMark: callouts, footnotes, formulas, embedded notes; and raw HTML.
extension NotePage {
  mutating func addParagraph(_ inlines: [Inline], _ margin: Margin) {
    if inlines.count == 1 {
      switch inlines[0] {
      case .embed(let link): return addEmbedding(link, margin)
      case .math(let formula) where formula.isDisplay: return addFormula(formula, margin)
      default: break
      }
    }
    addWrapped(Self.styled(inlines), margin)
  }

  private mutating func addFormula(_ formula: Formula, _ margin: Margin) {
    let lines = formula.text.split(separator: "\n").map { StyledText(String($0), .code) }
    addVerbatim(lines, margin.continued, bar: .spaces)
  }

  mutating func addHTML(_ html: String, _ margin: Margin) {
    var margin = margin
    for line in RawHTML.text(of: html).split(separator: "\n") {
      addWrapped(StyledText(String(line)), margin)
      margin = margin.continued
    }
  }

  // MARK: Callouts

  mutating func add(_ callout: Callout, _ margin: Margin) {
    let role = Self.role(of: callout.kind)
    let bar = StyledText(presentation.plain ? "> " : presentation.symbols.vertical + " ", role)
    let inner = margin.adding(bar, bar)
    // The kind is said in words, for its color may not be seen.
    let kind = callout.kind.prefix(1).uppercased() + callout.kind.dropFirst()
    var title = StyledText(kind, role, emphasis: .bold)
    if !callout.title.isEmpty {
      title +=
        StyledText(": ", role, emphasis: .bold) + Self.styled(callout.title).emphasised(.bold)
    }
    addWrapped(title, inner)
    guard !callout.blocks.isEmpty else { return }
    add(callout.blocks, inner.continued, isTight: callout.blocks.count == 1)
    trimBar()
  }

  /// Removes the lines of nothing but margin at the end.
  private mutating func trimBar() {
    while lines.last?.isEmpty == true { lines.removeLast() }
  }

  private static func role(of kind: String) -> TextRole {
    switch kind {
    case "tip", "hint", "success", "check", "done": .success
    case "warning", "caution", "attention", "question", "help", "faq": .warning
    case "danger", "error", "failure", "fail", "missing", "bug", "important": .failure
    case "quote", "cite", "example": .quote
    default: .note
    }
  }

  // MARK: Footnotes

  mutating func addFootnotes(of blocks: [Block]) {
    let footnotes = source.footnotes(of: blocks)
    guard !footnotes.isEmpty else { return }
    addBlank()
    lines.append(StyledText("Footnotes", .muted))
    for footnote in footnotes {
      let mark = "[\(footnote.number)] "
      let blank = StyledText(String(repeating: " ", count: mark.count))
      add(
        footnote.blocks, Margin(first: StyledText(mark, .label), rest: blank),
        isTight: footnote.blocks.count == 1)
    }
  }

  // MARK: Embedded notes

  private mutating func addEmbedding(_ link: WikiLink, _ margin: Margin) {
    let arrow = StyledText("\(presentation.symbols.rightArrow) ", .muted)
    guard let course, let found = embeddings.embedding(link, in: course) else {
      // What cannot be shown here is a link: a note within itself, or one too many.
      addWrapped(arrow + Self.styled([.wikiLink(link)]), margin)
      return
    }
    let section = link.section.map { "#" + $0 } ?? ""
    addWrapped(
      arrow + StyledText(found.title, .link).linked(to: found.note.slug + section), margin)
    embeddings.enter(found)
    let bar = StyledText(presentation.plain ? "| " : presentation.symbols.vertical + " ", .muted)
    add(found.blocks, margin.continued.adding(bar, bar), isTight: found.blocks.count == 1)
    trimBar()
    embeddings.leave()
  }
}
