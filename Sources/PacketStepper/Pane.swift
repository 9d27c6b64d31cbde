import Terminal

/// A part of the screen.
enum Pane: Int, CaseIterable, Hashable, Sendable {
  case ladder, bytes, tables
}

/// What a pane shows, before it is cut to its height.
struct PaneContent: Hashable, Sendable {
  var title: String
  /// The lines that stay on top while the others scroll.
  var heads: [StyledText] = []
  var lines: [StyledText] = []
  /// The lines that this moment is about; nil for the beginning.
  var present: Range<Int>?

  /// The height that shows everything, without the title.
  var height: Int { heads.count + lines.count }

  /// How many lines are above the screen, if that is left to the pane: the fewest with which the
  /// present is on the screen.
  func top(height: Int) -> Int {
    let room = room(height)
    guard let present, present.upperBound > room else { return 0 }
    return clamped(min(present.lowerBound, present.upperBound - room), height)
  }

  /// The nearest possible number of lines above the screen.
  func clamped(_ top: Int, _ height: Int) -> Int {
    max(0, min(top, lines.count - room(height)))
  }

  /// As many lines as the height has, empty ones at the end.
  ///
  /// - Parameter top: how many are above the screen; nil to leave it to the pane.
  func visible(height: Int, top: Int?) -> [StyledText] {
    let top = top.map { clamped($0, height) } ?? self.top(height: height)
    let shown = heads.prefix(height) + lines.dropFirst(top).prefix(room(height))
    return shown + Array(repeating: "", count: max(0, height - shown.count))
  }

  private func room(_ height: Int) -> Int { max(0, height - heads.count) }
}
