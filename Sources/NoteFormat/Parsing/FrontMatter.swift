/// The lines between `---` that Obsidian and GitHub read as a note's properties.
///
/// Only two are used: `title: STUN`, for a note without a heading of the first level, and
/// `aliases: [STUN, "STUN message"]`, or one `- name` per line after it.
struct FrontMatter {
  var aliases: [String] = []
  var title: String?
  /// The text with empty lines in place of the front matter, which keeps line numbers unchanged.
  var remainder: SourceText

  private static let mostLines = 200

  init(_ source: SourceText) {
    remainder = source
    guard source[line: 1].elementsEqual("---".utf8), source.lineCount > 2,
      let end = (2...min(source.lineCount, Self.mostLines)).first(where: {
        source[line: $0].elementsEqual("---".utf8)
      })
    else { return }
    var isInAliases = false
    for number in 2..<end {
      let line = String(decoding: source[line: number], as: UTF8.self)
      if line.hasPrefix("title:") {
        let value = Self.unquoted(line.dropFirst("title:".count))
        title = value.isEmpty ? nil : value
        isInAliases = false
      } else if line.hasPrefix("aliases:") {
        isInAliases = true
        let value = line.dropFirst("aliases:".count).trimmed
        let names =
          value.hasPrefix("[") && value.hasSuffix("]") ? value.dropFirst().dropLast() : value[...]
        aliases += names.split(separator: ",").map(Self.unquoted)
      } else if isInAliases, line.trimmed.hasPrefix("- ") {
        aliases.append(Self.unquoted(line.trimmed.dropFirst(2)))
      } else {
        isInAliases = false
      }
    }
    remainder = SourceText(
      file: source.file,
      text: String(repeating: "\n", count: end) + source.text(fromLine: end + 1))
  }

  private static func unquoted(_ name: some StringProtocol) -> String {
    let name = name.trimmed
    for quote in ["\"", "'"] where name.count >= 2 && name.hasPrefix(quote) && name.hasSuffix(quote)
    {
      return String(name.dropFirst().dropLast())
    }
    return name
  }
}
