/// A position in a note's file: line and column, both counted from 1.
///
/// Columns count UTF-8 bytes, as in the Swift compiler's messages.
public struct SourcePosition: Hashable, Sendable, Comparable, CustomStringConvertible {
  /// The line, counted from 1.
  public var line: Int
  /// The column in UTF-8 bytes, counted from 1.
  public var column: Int

  /// Creates a position from a line and a column, both counted from 1.
  public init(line: Int, column: Int) {
    self.line = line
    self.column = column
  }

  /// `12:5`, the form that editors accept after a file name.
  public var description: String { "\(line):\(column)" }

  /// Whether `left` comes before `right` in a file.
  public static func < (left: SourcePosition, right: SourcePosition) -> Bool {
    (left.line, left.column) < (right.line, right.column)
  }
}

/// A range of lines in a note's file, including both ends.
public struct SourceRange: Hashable, Sendable {
  /// The position where the range starts.
  public var start: SourcePosition
  /// The last line of the range.
  public var endLine: Int

  /// Creates a range from its start to the end of `endLine`.
  public init(start: SourcePosition, endLine: Int) {
    self.start = start
    self.endLine = endLine
  }

  /// The line numbers from first to last; never empty.
  public var lines: ClosedRange<Int> { start.line...max(start.line, endLine) }
}
