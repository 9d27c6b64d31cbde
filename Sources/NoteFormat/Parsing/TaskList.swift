extension ListBlock {
  /// Takes the boxes `[ ]` and `[x]` from the beginnings of the items (GitHub Flavored Markdown §5.3).
  mutating func takeBoxes() {
    for index in items.indices {
      guard let first = items[index].first, case .paragraph(var inlines) = first.content,
        case .text(let text) = inlines.first
      else { continue }
      let isTicked: Bool
      if text.hasPrefix("[ ] ") || text == "[ ]" {
        isTicked = false
      } else if text.hasPrefix("[x] ") || text.hasPrefix("[X] ") {
        isTicked = true
      } else {
        continue
      }
      let words = text.dropFirst(4)
      if words.isEmpty { inlines.removeFirst() } else { inlines[0] = .text(String(words)) }
      items[index][0].content = .paragraph(inlines)
      boxes[index] = isTicked
    }
  }
}
