public import Terminal

/// A terminal's screen as an SVG picture, for places that show no terminal.
public struct SVGPicture {
  private static let columnWidth = 8.4
  private static let lineHeight = 19
  private static let margin = 20

  /// - Parameter label: what a screen reader says of the picture.
  public static func svg(of lines: [StyledText], label: String = "A lesson in the terminal")
    -> String
  {
    let columns = lines.map(\.displayWidth).max() ?? 0
    let width = Int(Double(columns) * columnWidth) + 2 * margin
    let height = lines.count * lineHeight + 2 * margin
    var svg = """
      <svg xmlns="http://www.w3.org/2000/svg" width="\(width)" height="\(height)" \
      viewBox="0 0 \(width) \(height)" role="img" aria-label="\(label)">
      <rect width="100%" height="100%" rx="10" fill="#1d2433"/>
      <g font-family="ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace" \
      font-size="14" fill="#d7dce6" xml:space="preserve">

      """
    for (index, line) in lines.enumerated() where !line.isEmpty {
      svg += "<text x=\"\(margin)\" y=\"\(margin + (index + 1) * lineHeight - 5)\">"
      var column = 0
      for span in line.spans {
        // Each run is placed by its column, so that fonts of any width keep the table's shape.
        let x = margin + Int(Double(column) * columnWidth)
        svg += "<tspan x=\"\(x)\"\(attributes(of: span))>\(escaped(span.text))</tspan>"
        column += StyledText(span.text).displayWidth
      }
      svg += "</text>\n"
    }
    return svg + "</g>\n</svg>\n"
  }

  private static func attributes(of span: StyledSpan) -> String {
    let appearance = Theme.appearance(of: span.role)
    let emphasis = appearance.emphasis.union(span.emphasis)
    var attributes = ""
    if let colour = appearance.foreground { attributes += " fill=\"\(hex(colour))\"" }
    if emphasis.contains(.bold) { attributes += " font-weight=\"bold\"" }
    if emphasis.contains(.italic) { attributes += " font-style=\"italic\"" }
    if emphasis.contains(.underline) { attributes += " text-decoration=\"underline\"" }
    return attributes
  }

  private static func hex(_ colour: Colour) -> String {
    switch colour {
    case .black, .brightBlack: "#7f8aa3"
    case .red, .brightRed: "#f2777a"
    case .green, .brightGreen: "#99cc99"
    case .yellow, .brightYellow: "#ffcc66"
    case .blue, .brightBlue: "#7aa6f7"
    case .magenta, .brightMagenta: "#cc99cc"
    case .cyan, .brightCyan: "#66cccc"
    case .white, .brightWhite: "#ffffff"
    }
  }

  private static func escaped(_ text: String) -> String {
    text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
      .replacing(" ", with: "\u{A0}")
  }
}
