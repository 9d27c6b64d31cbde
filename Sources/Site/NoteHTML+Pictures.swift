import Lessons
import NoteFormat

/// What examples have shown, as pictures in place of the text in their output.
extension NoteHTML {
  /// An output as the note has it, with a picture wherever the example has shown one.
  mutating func outputHTML(_ output: String, of example: Example) -> String {
    let parts = pictures[example.id]?.parts(of: output) ?? [.text(output)]
    return parts.map { part in
      switch part {
      case .text(let text): return Self.output(text)
      case .picture(let picture):
        guard let svg = InlineSVG(picture.svg) else { return Self.output(picture.text + "\n") }
        pictureStyle = svg.style
        // It can be scrolled by keys, as it is wider than a telephone.
        return "<div class=\"picture\" tabindex=\"0\">\n\(svg.text)</div>\n"
      }
    }.joined()
  }

  private static func output(_ text: String) -> String {
    "<pre class=\"output\"><samp>\(Markup.escaped(text))</samp></pre>\n"
  }
}

/// An SVG picture as a part of a page, its style apart: that is the same for all, and stands in the
/// site's own.
struct InlineSVG {
  /// The element without its style.
  let text: String
  /// The style.
  let style: String

  private static let elements: Set<String> = [
    "svg", "title", "desc", "rect", "text", "line", "path", "circle",
  ]

  /// Takes a picture that the simulator has drawn; nil for anything that may not stand in a page, such
  /// as a part of one, a script or a link.
  init?(_ svg: String) {
    guard svg.hasPrefix("<svg "), svg.hasSuffix("</svg>\n"),
      let start = svg.firstRange(of: "<style>\n"), let end = svg.firstRange(of: "</style>\n"),
      start.upperBound <= end.lowerBound
    else { return nil }
    style = String(svg[start.upperBound..<end.lowerBound])
    text = String(svg[..<start.lowerBound] + svg[end.upperBound...])
    guard !style.contains("<"), !style.contains("url("), !style.contains("@import"),
      Self.isWhole(text)
    else { return nil }
  }

  /// Whether every element is known and closed, and has no attribute that does something.
  private static func isWhole(_ text: String) -> Bool {
    var open: [String] = []
    var isBegun = false
    for part in text.split(separator: "<") {
      guard let end = part.firstIndex(of: ">") else { return false }
      let tag = part[..<end].lowercased()
      // Nothing stands outside of the one element.
      guard !open.isEmpty || !isBegun else { return false }
      isBegun = true
      if tag.hasPrefix("/") {
        guard open.popLast() == String(tag.dropFirst()) else { return false }
        continue
      }
      let name = String(tag.prefix { !$0.isWhitespace && $0 != "/" })
      guard elements.contains(name), !tag.contains("href"), !tag.contains(#/\son/#) else {
        return false
      }
      if !tag.hasSuffix("/") { open.append(name) }
    }
    return isBegun && open.isEmpty
  }
}
