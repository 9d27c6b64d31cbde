/// A progress bar with its numbers; in plain output the numbers alone.
public struct ProgressBar: Hashable, Sendable {
  /// What is counted.
  public var label: String
  /// The number of items that are done.
  public var done: Int
  /// The number of all items.
  public var total: Int

  /// Creates a bar; `done` is clamped to the range from zero to `total`.
  public init(_ label: String, done: Int, total: Int) {
    self.label = label
    self.total = max(0, total)
    self.done = min(max(0, done), self.total)
  }

  /// The bar in at most `presentation.width` columns; the label is cut if necessary, the numbers never.
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
      // Rounded down, so that the bar is full only if everything is done.
      let filled = total == 0 ? 0 : done * room / total
      line.append(String(repeating: symbols.full, count: filled), .success)
      line.append(String(repeating: symbols.empty, count: room - filled), .muted)
      line.append(" ")
    }
    return line + StyledText(figures)
  }
}
