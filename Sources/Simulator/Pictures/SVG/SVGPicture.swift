/// An SVG picture while it is drawn (W3C SVG 2), for pages in light and in dark.
///
/// All positions are whole pixels, so that the bytes are the same wherever it is drawn. It has no ids:
/// several can stand in one page. Text is text; a screen reader gets the title and the description.
package struct SVGPicture {
  /// How wide a character of the fixed-width font is at most, and how high a line.
  package static let character = 8
  package static let line = 18

  package init() {}

  /// What is drawn, and what is behind all that.
  private var front: [String] = []
  private var back: [String] = []
  /// Whether what is drawn now is behind all else.
  var isDrawingBehind = false
  /// The lowest point that was drawn to.
  private(set) var bottom = 0
  private(set) var right = 0

  /// How wide a text is at most.
  package static func width(_ text: String) -> Int { text.count * character }

  /// How wide the longest of some texts is at most.
  package static func width(longest texts: [String]) -> Int { texts.map(width).max() ?? 0 }

  // MARK: - Shapes

  package enum Anchor: String {
    case start, middle, end
  }

  /// Draws a text over lines, which end beside it.
  mutating func addOverLines(
    _ text: String, at x: Int, _ y: Int, _ style: String = "", _ anchor: Anchor = .start
  ) {
    let width = Self.width(text) + 4
    let left =
      switch anchor {
      case .start: x - 2
      case .middle: x - width / 2
      case .end: x - width + 2
      }
    append(
      "<rect x=\"\(left)\" y=\"\(y - 13)\" width=\"\(width)\" height=\"17\" class=\"ground\"/>")
    add(text, at: x, y, style, anchor)
  }

  /// Draws a text in one line, whose spaces count.
  package mutating func add(
    _ text: String, at x: Int, _ y: Int, _ style: String = "", _ anchor: Anchor = .start
  ) {
    let width = Self.width(text)
    let extent =
      switch anchor {
      case .start: width
      case .middle: width / 2
      case .end: 0
      }
    reach(x + extent, y + 6)
    let styles = style.isEmpty ? "" : " class=\"\(style)\""
    let place = anchor == .start ? "" : " text-anchor=\"\(anchor.rawValue)\""
    append("<text x=\"\(x)\" y=\"\(y)\"\(styles)\(place)>\(Self.escaped(text))</text>")
  }

  package mutating func addLine(from: (x: Int, y: Int), to: (x: Int, y: Int), _ style: String) {
    reach(max(from.x, to.x), max(from.y, to.y))
    append(
      "<line x1=\"\(from.x)\" y1=\"\(from.y)\" x2=\"\(to.x)\" y2=\"\(to.y)\" class=\"\(style)\"/>")
  }

  mutating func addBox(x: Int, y: Int, width: Int, height: Int, _ style: String) {
    reach(x + width, y + height)
    append(
      "<rect x=\"\(x)\" y=\"\(y)\" width=\"\(width)\" height=\"\(height)\" rx=\"6\" "
        + "class=\"\(style)\"/>")
  }

  mutating func addDot(at x: Int, _ y: Int, _ style: String) {
    append("<circle cx=\"\(x)\" cy=\"\(y)\" r=\"5\" class=\"\(style)\"/>")
  }

  /// Draws lines through points, relative ones after the first: `M3 4l8 0`.
  package mutating func addPath(_ points: String, _ style: String) {
    append("<path d=\"\(points)\" class=\"\(style)\"/>")
  }

  private mutating func append(_ element: String) {
    if isDrawingBehind { back.append(element) } else { front.append(element) }
  }

  private mutating func reach(_ x: Int, _ y: Int) {
    right = max(right, x)
    bottom = max(bottom, y)
  }

  // MARK: - The whole

  /// The picture as a document that can stand alone or in a page.
  package func document(title: String, description: String, width: Int? = nil) -> String {
    let margin = 16
    let width = width ?? right + margin
    let height = bottom + margin
    return """
      <svg xmlns="http://www.w3.org/2000/svg" class="pathfinder" role="img" width="\(width)" \
      height="\(height)" viewBox="0 0 \(width) \(height)">
      <title>\(Self.escaped(title))</title>
      <desc>\(Self.escaped(description))</desc>
      <style>
      \(Self.style)
      </style>
      <rect width="\(width)" height="\(height)" class="ground"/>
      \((back + front).joined(separator: "\n"))
      </svg>

      """
  }

  /// The text as XML, with a replacement for what XML cannot have (XML 1.0 §2.2, §2.4).
  static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "\t", "\n": result.unicodeScalars.append(scalar)
      case "\u{0}"..."\u{1F}", "\u{7F}"..."\u{9F}", "\u{FFFE}", "\u{FFFF}": result += "\u{FFFD}"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// Colors for both schemes; those of text have a contrast of at least 4.5 to the ground.
  private static let style = """
    .pathfinder{--ground:#fff;--ink:#1f2328;--muted:#59636e;--rule:#afb8c1;--box:#f6f8fa;\
    --packet:#0550ae;--nat:#8250df;--made:#1a7f37;--failed:#cf222e;--changed:#fff8c5;\
    max-width:100%;height:auto}
    @media (prefers-color-scheme:dark){.pathfinder{--ground:#0d1117;--ink:#e6edf3;--muted:#9198a1;\
    --rule:#57606a;--box:#161b22;--packet:#79c0ff;--nat:#d2a8ff;--made:#56d364;--failed:#ff7b72;\
    --changed:#3b2e00}}
    .pathfinder text{font:13px/1 ui-monospace,"DejaVu Sans Mono",Menlo,Consolas,monospace;\
    fill:var(--ink);white-space:pre}
    .pathfinder .name{font-weight:bold}
    .pathfinder .muted{fill:var(--muted)}
    .pathfinder .nat-text{fill:var(--nat)}
    .pathfinder .failed-text{fill:var(--failed)}
    .pathfinder .ground{fill:var(--ground)}
    .pathfinder .host,.pathfinder .edge{stroke:var(--rule);stroke-width:1.5;fill:none}
    .pathfinder .nat{stroke:var(--nat);stroke-width:4}
    .pathfinder .firewall{stroke:var(--ink);stroke-width:4;stroke-dasharray:6 3}
    .pathfinder .box{fill:var(--box);stroke:var(--rule)}
    .pathfinder .nat-box{fill:var(--box);stroke:var(--nat);stroke-width:2}
    .pathfinder .changed{fill:var(--changed)}
    .pathfinder .packet{stroke:var(--packet);stroke-width:2;fill:none}
    .pathfinder .head{fill:var(--packet)}
    .pathfinder .lost{stroke:var(--failed);stroke-width:2;fill:none}
    .pathfinder .made{fill:var(--made);stroke:var(--ground);stroke-width:1.5}
    .pathfinder .used{fill:var(--ground);stroke:var(--nat);stroke-width:2}
    """
}
