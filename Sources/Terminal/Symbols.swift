/// The drawing characters of a presentation.
public struct Symbols: Hashable, Sendable {
  /// A horizontal line.
  public var horizontal: String
  /// A vertical line.
  public var vertical: String
  /// A vertical line beside what continues the line above.
  public var continued: String
  /// The filled part of a bar.
  public var full: String
  /// The empty part of a bar.
  public var empty: String
  /// The mark of omitted text.
  public var ellipsis: String
  /// The mark before a list item.
  public var bullet: String
  /// An arrow to the right.
  public var rightArrow: String
  /// An arrow to the left.
  public var leftArrow: String
  /// The mark of a passed check.
  public var success: String
  /// The mark of a failed check.
  public var failure: String
  /// The mark of a warning.
  public var warning: String
  /// The mark of a remark.
  public var note: String

  /// For terminals that show Unicode.
  public static let unicode = Symbols(
    horizontal: "─", vertical: "│", continued: "┊", full: "█", empty: "░", ellipsis: "…",
    bullet: "•", rightArrow: "→", leftArrow: "←", success: "✓", failure: "✗", warning: "▲",
    note: "›")

  /// For locales that are not UTF-8.
  public static let ascii = Symbols(
    horizontal: "-", vertical: "|", continued: ":", full: "#", empty: ".", ellipsis: "...",
    bullet: "*", rightArrow: "->", leftArrow: "<-", success: "ok", failure: "FAILED",
    warning: "warning",
    note: ">")

  /// For plain output: words in place of drawings, which a screen reader can read.
  public static let words = Symbols(
    horizontal: "", vertical: "", continued: "", full: "", empty: "", ellipsis: "...",
    bullet: "-", rightArrow: "->", leftArrow: "<-", success: "passed", failure: "failed",
    warning: "warning",
    note: "note")
}

extension String {
  /// This text with punctuation and drawing symbols spelled in ASCII; letters are unchanged.
  func foldedToASCII() -> String {
    guard !utf8.allSatisfy({ $0 < 0x80 }) else { return self }
    var result = ""
    for scalar in unicodeScalars {
      if let replacement = scalar.asciiSpelling {
        result += replacement
      } else {
        result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}

extension Unicode.Scalar {
  fileprivate var asciiSpelling: String? {
    switch value {
    case 0x00A0, 0x202F, 0x2009: " "
    case 0x00B7, 0x2022, 0x25CF, 0x25CB: "*"
    case 0x00D7: "x"
    case 0x00F7: "/"
    case 0x00A7: "section "
    case 0x2010...0x2013, 0x2212: "-"
    case 0x2014: "--"
    case 0x2018, 0x2019: "'"
    case 0x201C, 0x201D: "\""
    case 0x2026: "..."
    case 0x203A: ">"
    case 0x2039: "<"
    case 0x2190: "<-"
    case 0x2191: "^"
    case 0x2192: "->"
    case 0x2193: "v"
    case 0x2194: "<->"
    case 0x21D2: "=>"
    case 0x2260: "!="
    case 0x2264: "<="
    case 0x2265: ">="
    case 0x2248: "~"
    case 0x2500, 0x2501, 0x2504, 0x2505, 0x254C, 0x2574, 0x2576: "-"
    case 0x2550: "="
    case 0x250A: ":"
    case 0x2502, 0x2503, 0x2506, 0x2507, 0x2551, 0x2575, 0x2577: "|"
    case 0x250C...0x254B, 0x2552...0x256C, 0x256D...0x2570: "+"
    case 0x2580...0x2590, 0x2593, 0x25A0: "#"
    case 0x2591, 0x2592: "."
    case 0x25B2, 0x26A0: "!"
    case 0x25B6, 0x25B8: ">"
    case 0x25C0, 0x25C2: "<"
    case 0x2713, 0x2714: "ok"
    case 0x2717, 0x2718: "x"
    // The pictures of control characters, as `sanitised(.escapes)` writes them.
    case 0x2400...0x241F: Unicode.Scalar(value - 0x2400)?.escape
    case 0x2421: "\\u{7F}"
    default: nil
    }
  }
}
