import NoteFormat
import Terminal

extension NotePage {
  /// Inline elements as styled text.
  static func styled(_ inlines: [Inline]) -> StyledText {
    var text = StyledText()
    for inline in inlines {
      switch inline {
      case .text(let words): text.append(words)
      case .code(let code): text.append(code, .code)
      case .emphasis(let children): text.append(styled(children).emphasised(.italic))
      case .strong(let children): text.append(styled(children).emphasised(.bold))
      case .strikethrough(let children):
        // The tildes stay, for not every terminal strikes text through.
        text.append("~~", .muted)
        text.append(styled(children).emphasised(.strikethrough))
        text.append("~~", .muted)
      case .link(let link): text.append(styled(link))
      case .image(let source, let description):
        text.append("[\(picture(source, description.plainText))]", .note)
      case .wikiLink(let link), .embed(let link): text.append(styled(link))
      case .math(let formula): text.append(formula.text, .code)
      case .footnote(let reference): text.append("[\(reference.number)]", .label)
      case .html: break
      case .softBreak: text.append(" ")
      case .lineBreak: text.append("\n")
      }
    }
    return text
  }

  private static func picture(_ source: String, _ words: String) -> String {
    words.isEmpty || words == source ? "picture: \(source)" : "picture: \(words), \(source)"
  }

  private static func styled(_ link: MarkdownLink) -> StyledText {
    let label = styled(link.label).defaulting(to: .link)
    let destination = link.destination
    if destination.contains("://") {
      let linked = label.linked(to: destination)
      // The address is shown if it can be opened and differs from the text.
      return link.label.plainText == destination
        ? linked : linked + StyledText(" (\(destination))", .muted)
    }
    return noteName(of: destination).map { label.linked(to: $0) } ?? label
  }

  /// The note and step that a path such as `sub/other.md#heading` names; nil for any other path.
  private static func noteName(of destination: String) -> String? {
    let parts = destination.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
    let section = parts.count > 1 ? "#" + parts[1] : ""
    guard !parts[0].isEmpty else { return section.count > 1 ? section : nil }
    let file = parts[0].split(separator: "/").last ?? ""
    guard file.lowercased().hasSuffix(".md") else { return nil }
    return file.dropLast(3).replacing("%20", with: " ") + section
  }

  private static func styled(_ link: WikiLink) -> StyledText {
    if Attachment.isFile(link.target) {
      return StyledText("[file: \(link.label.map { "\($0), " } ?? "")\(link.target)]", .note)
    }
    let section = link.section.map { "#\($0)" } ?? ""
    return StyledText([StyledSpan(link.text, .link, link: link.target + section)])
  }
}
