import Terminal

/// Conversions of text to HTML.
enum Markup {
  /// The text escaped for HTML.
  ///
  /// Control characters, which HTML forbids, and bidirectional controls are made visible.
  static func escaped(_ text: some StringProtocol) -> String {
    let text = String(text).sanitised(.pictures)
    guard text.utf8.contains(where: { "&<>\"'".utf8.contains($0) || $0 > 0x7F }) else {
      return text
    }
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&#39;"
      // Noncharacters, which HTML forbids too.
      case _ where scalar.value & 0xFFFE == 0xFFFE || 0xFDD0...0xFDEF ~= scalar.value:
        result += "\u{FFFD}"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// A relative path for a link, with each component percent-encoded.
  static func encoded(path: String) -> String {
    var result = ""
    for byte in path.utf8 {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
        UInt8(ascii: "_"), UInt8(ascii: "~"), UInt8(ascii: "/"), UInt8(ascii: "+"):
        result.unicodeScalars.append(Unicode.Scalar(byte))
      default:
        let hex = String(byte, radix: 16, uppercase: true)
        result += "%" + (hex.count == 1 ? "0" + hex : hex)
      }
    }
    return result
  }

  /// Lines of styled text as HTML code, with a `span` of the role's class around each styled run.
  static func code(_ lines: [StyledText]) -> String {
    lines.map { code($0) + "\n" }.joined()
  }

  static func code(_ line: StyledText) -> String {
    line.spans.map { span in
      span.role == .plain
        ? escaped(span.text) : "<span class=\"\(span.role.rawValue)\">\(escaped(span.text))</span>"
    }.joined()
  }

  /// Swift source as highlighted lines, without an empty line at the end.
  static func swiftLines(_ source: String) -> [StyledText] {
    var lines = SwiftLexer.highlight(source)
    while lines.last?.isEmpty == true { lines.removeLast() }
    return lines
  }
}
