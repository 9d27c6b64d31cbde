/// The names that Obsidian gives to blocks: `^block1` at the end of a paragraph, or on a line of its
/// own below a list, a quote or a table.
enum BlockReference {
  /// The blocks with their names taken from the text.
  static func taken(from blocks: [Block]) -> [Block] {
    var result: [Block] = []
    for var block in blocks {
      guard case .paragraph(var inlines) = block.content, case .text(let text) = inlines.last,
        let caret = text.lastIndex(of: "^"), let name = name(text[caret...])
      else {
        result.append(block)
        continue
      }
      let words = text[..<caret].trimmingBlanks
      if words.isEmpty, inlines.count == 1 {
        if let last = result.indices.last, result[last].reference == nil {
          result[last].reference = name
          continue
        }
      } else if caret == text.startIndex, inlines.dropLast().last.map({ $0 != .softBreak }) ?? false
      {
        // `x^2` after emphasis or code is no name.
        result.append(block)
        continue
      } else if caret > text.startIndex, text[text.index(before: caret)] != " " {
        result.append(block)
        continue
      }
      inlines.removeLast()
      if words.isEmpty {
        if inlines.last == .softBreak { inlines.removeLast() }
      } else {
        inlines.append(.text(String(words)))
      }
      block.content = .paragraph(inlines)
      block.reference = name
      result.append(block)
    }
    return result
  }

  private static func name(_ text: Substring) -> String? {
    let name = text.dropFirst().trimmingBlanks
    let isName = name.utf8.allSatisfy {
      UInt8(ascii: "a")...UInt8(ascii: "z") ~= $0 | 0x20
        || UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 || $0 == UInt8(ascii: "-")
    }
    return name.isEmpty || !isName ? nil : String(name)
  }
}

extension Substring {
  fileprivate var trimmingBlanks: Substring {
    var text = self
    while text.last == " " { text.removeLast() }
    return text
  }
}
