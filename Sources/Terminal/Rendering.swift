extension Presentation {
  /// Sanitises text and spells it in the characters of this output; required before measuring.
  ///
  /// Wrapping, widgets and back ends call this themselves; the operation is idempotent.
  public func prepared(_ text: StyledText) -> StyledText {
    let safe = text.sanitised(controlStyle).expandingTabs()
    return unicode ? safe : safe.mapText { $0.foldedToASCII() }
  }

  /// The characters to write for a text, without a final line feed.
  public func render(_ text: StyledText) -> String {
    let lines = prepared(text).lines
    return lines.map { colour || emphasis ? ansi($0) : $0.text }.joined(separator: "\n")
  }

  /// The characters to write for lines, each with a line feed.
  public func render(_ lines: some Sequence<StyledText>) -> String {
    lines.reduce(into: "") { $0 += render($1) + "\n" }
  }

  /// A sanitised line with control sequences around its runs.
  private func ansi(_ line: StyledText) -> String {
    var result = ""
    var current = ""
    var end = ""
    for span in line.spans {
      let wanted = controlSequences(span.role, span.emphasis)
      if wanted.begin != current {
        result += end
        result += wanted.begin
        (current, end) = wanted
      }
      result += span.text
    }
    return result + end
  }

  /// The control sequences (ECMA-48 SGR) before and after a run; empty for the usual look.
  func controlSequences(_ role: TextRole, _ emphasis: Emphasis) -> (begin: String, end: String) {
    let parameters = graphicRendition(role, emphasis)
    return parameters.isEmpty ? ("", "") : ("\u{1B}[" + parameters + "m", "\u{1B}[0m")
  }

  /// The parameters of the control sequence for a run: `1;36`.
  private func graphicRendition(_ role: TextRole, _ emphasis: Emphasis) -> String {
    let appearance = Theme.appearance(of: role)
    var parameters: [UInt8] = []
    if self.emphasis {
      let wanted = appearance.emphasis.union(emphasis)
      if wanted.contains(.bold) { parameters.append(1) }
      if wanted.contains(.italic) { parameters.append(3) }
      if wanted.contains(.underline) { parameters.append(4) }
      if wanted.contains(.strikethrough) { parameters.append(9) }
    }
    if colour, let foreground = appearance.foreground {
      let value = foreground.rawValue
      parameters.append(value < 8 ? 30 + value : 90 + (value - 8))
    }
    return parameters.map { String($0) }.joined(separator: ";")
  }
}
