/// The contents of a screen: its lines, and the position of the cursor if it is visible.
public struct ScreenFrame: Hashable, Sendable {
  /// The lines from the top; at most the height of the screen, and each at most its width.
  public var lines: [StyledText]
  /// The position of the cursor, counted from 0; nil if it is hidden.
  public var cursor: (row: Int, column: Int)?

  /// Creates a frame.
  public init(lines: [StyledText], cursor: (row: Int, column: Int)? = nil) {
    self.lines = lines
    self.cursor = cursor
  }

  /// Whether both frames have the same lines and cursor.
  public static func == (left: ScreenFrame, right: ScreenFrame) -> Bool {
    left.lines == right.lines && left.cursor?.row == right.cursor?.row
      && left.cursor?.column == right.cursor?.column
  }

  /// Hashes the lines and the cursor.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(lines)
    hasher.combine(cursor?.row)
    hasher.combine(cursor?.column)
  }
}
