/// Pairs the `~~` in inline elements of one parent (GitHub Flavored Markdown §6.5).
enum Strikethrough {
  /// The inline elements with what stands between two `~~` as one element.
  ///
  /// An opening `~~` has no blank after it, and a closing one has none before it.
  /// - Complexity: O(*n*) in the length of the text.
  static func paired(_ inlines: [Inline]) -> [Inline] {
    guard
      inlines.contains(where: {
        if case .text(let text) = $0 { text.contains("~~") } else { false }
      })
    else { return inlines }
    var result: [Inline] = []
    var opening: Int?
    for (index, inline) in inlines.enumerated() {
      guard case .text(let text) = inline else {
        result.append(inline)
        continue
      }
      for token in tokens(of: text) {
        guard token.isMark else {
          result.append(.text(String(decoding: token.text, as: UTF8.self)))
          continue
        }
        let before =
          token.text.startIndex == 0
          ? index > 0 && !inlines[index - 1].isBreak : !isBlank(token.before)
        let after =
          token.after == nil
          ? index + 1 < inlines.count && !inlines[index + 1].isBreak : !isBlank(token.after)
        if let start = opening, before, result.count > start + 1 {
          let children = Array(result[(start + 1)...])
          result.removeSubrange(start...)
          result.append(.strikethrough(joined(children)))
          opening = nil
        } else {
          if opening == nil, after { opening = result.count }
          result.append(.text("~~"))
        }
      }
    }
    return joined(result)
  }

  private struct Token {
    var text: ArraySlice<UInt8>
    var isMark: Bool
    var before: UInt8?
    var after: UInt8?
  }

  private static func isBlank(_ byte: UInt8?) -> Bool {
    byte == nil || byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t")
  }

  /// The text cut before and after each run of exactly two tildes.
  private static func tokens(of text: String) -> [Token] {
    let bytes = Array(text.utf8)
    var tokens: [Token] = []
    var start = 0
    var index = 0
    while index < bytes.count {
      guard bytes[index] == UInt8(ascii: "~") else {
        index += 1
        continue
      }
      var end = index
      while end < bytes.count, bytes[end] == UInt8(ascii: "~") { end += 1 }
      if end - index == 2 {
        if start < index { tokens.append(Token(text: bytes[start..<index], isMark: false)) }
        tokens.append(
          Token(
            text: bytes[index..<end], isMark: true, before: index > 0 ? bytes[index - 1] : nil,
            after: end < bytes.count ? bytes[end] : nil))
        start = end
      }
      index = end
    }
    if start < bytes.count { tokens.append(Token(text: bytes[start...], isMark: false)) }
    return tokens
  }

  /// The elements with neighboring texts joined.
  private static func joined(_ inlines: [Inline]) -> [Inline] {
    var result: [Inline] = []
    var text = ""
    for inline in inlines {
      if case .text(let words) = inline {
        text += words
      } else {
        if !text.isEmpty { result.append(.text(text)) }
        text = ""
        result.append(inline)
      }
    }
    return text.isEmpty ? result : result + [.text(text)]
  }
}

extension Inline {
  fileprivate var isBreak: Bool { self == .softBreak || self == .lineBreak }
}
