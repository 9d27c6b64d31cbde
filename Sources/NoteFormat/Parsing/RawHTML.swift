/// What a reader without a browser can show of raw HTML: its words and its pictures.
public enum RawHTML {
  /// The words of a block of HTML, a line for each of its parts; empty if it has none.
  ///
  /// Tags, comments, scripts and styles are left out.
  /// - Complexity: O(*n*) in the length of the HTML.
  public static func text(of html: String) -> String {
    var text = ""
    var hidden: String?
    for part in parts(of: html) {
      switch part {
      case .text(let words):
        if hidden == nil { text += decoded(words) }
      case .tag(let tag):
        let name = Self.name(of: tag)
        if let end = hidden {
          if name == "/" + end { hidden = nil }
        } else if ["script", "style"].contains(name) {
          hidden = name
        } else if name == "img", case .image(let source, let description)? = image(tag) {
          let words = description.plainText
          text += "[picture: \(words.isEmpty ? source : "\(words), \(source)")]"
        } else if !inlineTags.contains(name.drop { $0 == "/" }) {
          text += "\n"
        }
      }
    }
    let lines = text.split(separator: "\n").map { line in
      line.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }
    return lines.filter { !$0.isEmpty }.joined(separator: "\n")
  }

  private static let inlineTags: Set<Substring> = [
    "a", "abbr", "b", "code", "em", "i", "kbd", "mark", "s", "small", "span", "strong", "sub",
    "sup",
    "u", "del", "ins", "q", "cite", "var", "samp",
  ]

  /// The inline element that a tag within a paragraph stands for; nil for any other tag.
  static func inline(_ tag: String) -> Inline? {
    switch name(of: tag.dropFirst().dropLast()) {
    case "br": .lineBreak
    case "img": image(tag.dropFirst().dropLast())
    default: nil
    }
  }

  private enum Part {
    case text(Substring)
    /// A tag without its angle brackets.
    case tag(Substring)
  }

  private static func parts(of html: String) -> [Part] {
    var parts: [Part] = []
    var rest = html[...]
    while let start = rest.utf8.firstIndex(of: UInt8(ascii: "<")) {
      if start > rest.startIndex { parts.append(.text(rest[..<start])) }
      rest = rest[start...]
      let isComment = rest.hasPrefix("<!--")
      let end =
        isComment
        ? rest.dropFirst(4).firstRange(of: "-->")?.upperBound
        : rest.utf8.firstIndex(of: UInt8(ascii: ">")).map { rest.utf8.index(after: $0) }
      guard let end else {
        // A tag that never ends hides no text behind it, and a comment all of it.
        if !isComment { parts.append(.text(rest)) }
        return parts
      }
      if !isComment { parts.append(.tag(rest[..<end].dropFirst().dropLast())) }
      rest = rest[end...]
    }
    if !rest.isEmpty { parts.append(.text(rest)) }
    return parts
  }

  private static func name(of tag: Substring) -> String {
    tag.prefix {
      !$0.isWhitespace && $0 != ">" && ($0 != "/" || tag.startIndex == tag.firstIndex(of: $0))
    }
    .lowercased()
  }

  private static func image(_ tag: Substring) -> Inline? {
    guard let source = attribute("src", of: tag) else { return nil }
    let words = attribute("alt", of: tag) ?? ""
    return .image(source: source, description: words.isEmpty ? [] : [.text(words)])
  }

  private static func attribute(_ name: String, of tag: Substring) -> String? {
    for quote in ["\"", "'"] {
      guard let start = tag.firstRange(of: " \(name)=\(quote)") else { continue }
      let value = tag[start.upperBound...]
      guard let end = value.firstRange(of: quote) else { return nil }
      return decoded(value[..<end.lowerBound])
    }
    return nil
  }

  private static func decoded(_ text: Substring) -> String {
    guard text.utf8.contains(UInt8(ascii: "&")) else { return String(text) }
    var result = String(text)
    for (entity, character) in [
      ("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&nbsp;", " "),
      ("&amp;", "&"),
    ] {
      result = result.replacing(entity, with: character)
    }
    return result
  }
}
