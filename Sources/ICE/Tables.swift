extension Sequence<Candidate> {
  /// The candidates as an aligned table, a line each under a line of titles.
  public var table: String {
    alignedTable(
      titles: ["type", "address", "base", "foundation", "priority"],
      rows: map {
        [$0.type.token, "\($0.address)", "\($0.base)", "\($0.foundation)", "\($0.priority)"]
      })
  }
}

extension Sequence<CandidatePair> {
  /// The pairs as an aligned table, a line each under a line of titles.
  public var table: String {
    alignedTable(
      titles: ["state", "foundation", "local", "remote", "priority"],
      rows: map {
        ["\($0.state)", "\($0.foundation)", "\($0.local)", "\($0.remote)", "\($0.priority)"]
      })
  }
}

extension LocalCandidates: CustomStringConvertible {
  /// The candidates as a table.
  public var description: String { candidates.table }
}

extension Checklist: CustomStringConvertible {
  /// The pairs as a table.
  public var description: String { pairs.table }
}

extension ChecklistSet: CustomStringConvertible {
  /// The checklists' tables with an empty line between them.
  public var description: String {
    checklists.map(\.description).joined(separator: "\n\n")
  }
}

/// Columns two spaces apart, without spaces at the lines' ends; all cells are ASCII.
private func alignedTable(titles: [String], rows: [[String]]) -> String {
  let lines = [titles] + rows
  let widths = titles.indices.map { column in lines.map { $0[column].utf8.count }.max() ?? 0 }
  return lines.map { cells in
    var line = ""
    for (cell, width) in zip(cells, widths) {
      line += cell + String(repeating: " ", count: width - cell.utf8.count + 2)
    }
    while line.last == " " { line.removeLast() }
    return line
  }.joined(separator: "\n")
}
