/// A pipe table: a header, and rows of cells (GitHub Flavored Markdown §4.10).
public struct Table: Hashable, Sendable {
  /// The alignment of a column.
  public enum Alignment: Hashable, Sendable {
    case leading, center, trailing
  }

  /// The alignment of each column, from left to right.
  public var alignments: [Alignment]
  /// The header's cells, one for each column.
  public var header: [[Inline]]
  /// The cells of each row, at most one for each column; missing cells at the end are not stored.
  public var rows: [[[Inline]]]
}
