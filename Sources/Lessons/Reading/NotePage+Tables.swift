import NoteFormat
import Terminal

/// Pipe tables: as they are where they fit, in several parts where few more columns would, else row
/// by row.
extension NotePage {
  /// The most cells that are laid out as a table, which bounds what ragged rows are filled up to.
  private static let mostCells = 100_000
  private static let mostColumns = 100
  private static let mostParts = 3
  /// The tallest row, in lines, that is still read as a row.
  private static let tallestRow = 8

  mutating func add(_ table: Table, _ margin: Margin) {
    let room = presentation.width(max(10, presentation.width - margin.rest.displayWidth))
    let header = table.header.map { Self.styled($0) }
    let rows = table.rows.map { row in row.map { Self.styled($0) } }
    let isLarge =
      header.count > Self.mostColumns || header.count * (rows.count + 1) > Self.mostCells
    let grid = isLarge ? nil : Self.grid(header, rows, table.alignments, room)
    var prefix = margin.first
    for line in grid ?? Self.list(header, rows, room) {
      lines.append(line.isEmpty ? line : prefix + line)
      prefix = margin.rest
    }
  }

  /// The table, or up to three tables beside each other with the first column repeated.
  private static func grid(
    _ header: [StyledText], _ rows: [[StyledText]], _ alignments: [Table.Alignment],
    _ presentation: Presentation
  ) -> [StyledText]? {
    func table(_ columns: [Int]) -> [StyledText]? {
      let table = TextTable(
        columns: columns.map {
          TextTable.Column(header[$0].text, alignments[$0] == .trailing ? .trailing : .leading)
        },
        rows: rows.map { row in columns.map { $0 < row.count ? row[$0] : "" } })
      return table.grid(presentation, tallestRow: tallestRow)
    }
    let all = Array(header.indices)
    if let whole = table(all) { return whole }
    guard header.count > 3 else { return nil }
    for parts in 2...mostParts {
      let size = (header.count - 1 + parts - 1) / parts
      guard size > 1 else { return nil }
      let groups = stride(from: 1, to: header.count, by: size).map { start in
        [0] + all[start..<min(start + size, header.count)]
      }
      let tables = groups.compactMap(table)
      guard tables.count == groups.count else { continue }
      return Array(tables.joined(separator: [""]))
    }
    return nil
  }

  /// Each row as its first cell, and below it the others, with the names of their columns.
  private static func list(
    _ header: [StyledText], _ rows: [[StyledText]], _ presentation: Presentation
  ) -> [StyledText] {
    var lines: [StyledText] = []
    for (index, row) in rows.enumerated() {
      if index > 0, header.count > 2 { lines.append("") }
      let cells = zip(header, row).dropFirst().filter { !$0.1.isEmpty }
      lines += presentation.prepared(row.first ?? "").emphasised(.bold).wrapped(
        to: presentation.width, continuation: "  ")
      let isShort = cells.allSatisfy { $0.0.displayWidth + $0.1.displayWidth <= 28 }
      let texts = cells.map { name, cell in
        (name.isEmpty ? "" : StyledText("\(name.text): ", .label)) + cell
      }
      for text in isShort ? [texts.joined(separator: "; ")] : texts where !text.isEmpty {
        lines += presentation.prepared(text).wrapped(
          to: presentation.width, first: "  ", continuation: "    ")
      }
    }
    return lines
  }
}
