/// How much of something is done, as a bar with its figures, or the figures alone in plain output.
public struct ProgressBar: Hashable, Sendable {
  public var label: String
  public var done: Int
  public var total: Int

  /// A count below zero counts as zero, one above the total as the total.
  public init(_ label: String, done: Int, total: Int) {
    self.label = label
    self.total = max(0, total)
    self.done = min(max(0, done), self.total)
  }

  /// The bar in at most `presentation.width` columns; the figures are never cut, the label may be.
  public func line(_ presentation: Presentation) -> StyledText {
    let symbols = presentation.symbols
    let figures = "\(done) of \(total)"
    let label = presentation.prepared(StyledText(self.label, .label))
    guard !presentation.plain else {
      return label + StyledText("\(label.isEmpty ? "" : ": ")\(figures)")
    }
    let separators = label.isEmpty ? 1 : 2
    let labelRoom = presentation.width - figures.displayWidth - separators
    let shown = label.truncated(to: max(0, labelRoom), marker: symbols.ellipsis)
    let room = min(40, presentation.width - shown.displayWidth - figures.displayWidth - separators)
    var line = shown + StyledText(label.isEmpty ? "" : " ")
    if room >= 4 {
      // Rounded down: the bar is full only when everything is done.
      let filled = total == 0 ? 0 : done * room / total
      line.append(String(repeating: symbols.full, count: filled), .success)
      line.append(String(repeating: symbols.empty, count: room - filled), .muted)
      line.append(" ")
    }
    return line + StyledText(figures)
  }
}
