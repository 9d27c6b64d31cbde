/// A place in a note's file: line and column, both counted from 1.
///
/// Columns count UTF-8 bytes, as the Swift compiler's do, so that both kinds of message agree.
public struct SourcePosition: Hashable, Sendable, Comparable, CustomStringConvertible {
  public var line: Int
  public var column: Int

  public init(line: Int, column: Int) {
    self.line = line
    self.column = column
  }

  /// `12:5`, what editors understand behind a file's name.
  public var description: String { "\(line):\(column)" }

  public static func < (left: SourcePosition, right: SourcePosition) -> Bool {
    (left.line, left.column) < (right.line, right.column)
  }
}

/// The lines that a piece of a note takes up, both ends included.
public struct SourceRange: Hashable, Sendable {
  public var start: SourcePosition
  public var endLine: Int

  public init(start: SourcePosition, endLine: Int) {
    self.start = start
    self.endLine = endLine
  }

  /// The line numbers from first to last; never empty.
  public var lines: ClosedRange<Int> { start.line...max(start.line, endLine) }
}
