/// A whole screen as a value: its lines, and where the cursor stands if it is to be seen.
public struct Frame: Hashable, Sendable {
  /// No more than the screen has; each no wider than it.
  public var lines: [StyledText]
  public var cursor: (row: Int, column: Int)?

  public init(lines: [StyledText], cursor: (row: Int, column: Int)? = nil) {
    self.lines = lines
    self.cursor = cursor
  }

  public static func == (left: Frame, right: Frame) -> Bool {
    left.lines == right.lines && left.cursor?.row == right.cursor?.row
      && left.cursor?.column == right.cursor?.column
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(lines)
    hasher.combine(cursor?.row)
    hasher.combine(cursor?.column)
  }
}
