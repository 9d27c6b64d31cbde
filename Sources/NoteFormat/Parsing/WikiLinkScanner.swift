/// Finds `[[target#section|label]]`, and embeddings with `!` before it, in text that CommonMark does not interpret.
enum WikiLinkScanner {
  /// Splits text into plain runs and wiki links; `position` gives a link's position by its raw text.
  ///
  /// - Complexity: O(*n*) in the length of the text.
  static func split(_ text: String, position: (String) -> SourcePosition) -> [Inline] {
    let bytes = Array(text.utf8)
    var result: [Inline] = []
    var plainStart = 0
    // The innermost opening counts, so that `[[[a]]` is a bracket and a link.
    var opening: Int?
    var index = 0
    while index + 1 < bytes.count {
      if bytes[index] == UInt8(ascii: "["), bytes[index + 1] == UInt8(ascii: "[") {
        opening = index
        index += 1
      } else if bytes[index] == UInt8(ascii: "]"), bytes[index + 1] == UInt8(ascii: "]"),
        let start = opening
      {
        let raw = String(decoding: bytes[start..<(index + 2)], as: UTF8.self)
        if let link = link(raw.dropFirst(2).dropLast(2), at: { position(raw) }) {
          let isEmbedded = plainStart < start && bytes[start - 1] == UInt8(ascii: "!")
          let end = isEmbedded ? start - 1 : start
          if plainStart < end {
            result.append(.text(String(decoding: bytes[plainStart..<end], as: UTF8.self)))
          }
          result.append(isEmbedded ? Attachment.embedding(link) : .wikiLink(link))
          plainStart = index + 2
        }
        opening = nil
        index += 2
      } else {
        index += 1
      }
    }
    if plainStart == 0 { return [.text(text)] }
    if plainStart < bytes.count {
      result.append(.text(String(decoding: bytes[plainStart...], as: UTF8.self)))
    }
    return result
  }

  private static func link(_ body: Substring, at position: () -> SourcePosition) -> WikiLink? {
    let halves = body.split(separator: "|", maxSplits: 1, omittingEmptySubsequences: false)
    let name = halves[0].split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
    let target = name.first?.trimmed ?? ""
    let section = name.count > 1 ? name[1].trimmed : ""
    guard !target.isEmpty || !section.isEmpty else { return nil }
    let label = halves.count > 1 ? halves[1].trimmed : ""
    return WikiLink(
      target: target, section: section.isEmpty ? nil : section,
      label: label.isEmpty ? nil : label, position: position())
  }
}

extension StringProtocol {
  /// The text without spaces, tabs and line endings at both ends.
  var trimmed: String {
    guard let first = firstIndex(where: { !$0.isWhitespace }),
      let last = lastIndex(where: { !$0.isWhitespace })
    else { return "" }
    return String(self[first...last])
  }
}
