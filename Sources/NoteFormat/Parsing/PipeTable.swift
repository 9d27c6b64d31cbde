/// The text of a pipe table's cells, found in the lines of a paragraph (GitHub Flavored Markdown §4.10).
struct PipeTable {
  /// The number of lines of the paragraph before the header.
  var leadingLines: Int
  var alignments: [Table.Alignment]
  var header: [String]
  var rows: [[String]]

  /// Finds a table in the lines of a paragraph, which have no marks of quotes and lists before them.
  ///
  /// - Complexity: O(*n*) in the length of the lines.
  init?(_ lines: [ArraySlice<UInt8>]) {
    for (index, line) in lines.enumerated().dropFirst() {
      guard let alignments = Self.alignments(line) else { continue }
      let header = Self.cells(of: lines[index - 1])
      guard header.count == alignments.count,
        lines[index - 1].contains(UInt8(ascii: "|")) || line.contains(UInt8(ascii: "|"))
      else { continue }
      leadingLines = index - 1
      self.alignments = alignments
      self.header = header
      // Surplus cells are left out, as on GitHub.
      rows = lines[(index + 1)...].map { Array(Self.cells(of: $0).prefix(header.count)) }
      return
    }
    return nil
  }

  /// The alignments of a delimiter row such as `| --- | :-: |`; nil for any other line.
  private static func alignments(_ line: ArraySlice<UInt8>) -> [Table.Alignment]? {
    guard line.contains(UInt8(ascii: "-")), line.allSatisfy({ " \t|:-".utf8.contains($0) }) else {
      return nil
    }
    var alignments: [Table.Alignment] = []
    for cell in cells(of: line) {
      let dashes = cell.drop { $0 == ":" }.prefix { $0 == "-" }
      let isLeading = cell.hasPrefix(":")
      let isTrailing = cell.hasSuffix(":") && cell.count > 1
      guard !dashes.isEmpty, cell.count == dashes.count + (isLeading ? 1 : 0) + (isTrailing ? 1 : 0)
      else { return nil }
      alignments.append(isTrailing ? (isLeading ? .center : .trailing) : .leading)
    }
    return alignments
  }

  /// The cells of a row: the text between the bars, in which `\|` is a bar.
  static func cells(of line: ArraySlice<UInt8>) -> [String] {
    var cells: [String] = []
    var cell: [UInt8] = []
    var line = line.drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
    if line.first == UInt8(ascii: "|") { line = line.dropFirst() }
    var index = line.startIndex
    while index < line.endIndex {
      let byte = line[index]
      if byte == UInt8(ascii: "\\"), index + 1 < line.endIndex {
        if line[index + 1] != UInt8(ascii: "|") { cell.append(byte) }
        cell.append(line[index + 1])
        index += 2
      } else if byte == UInt8(ascii: "|") {
        cells.append(String(decoding: cell, as: UTF8.self).trimmed)
        cell.removeAll(keepingCapacity: true)
        index += 1
      } else {
        cell.append(byte)
        index += 1
      }
    }
    let last = String(decoding: cell, as: UTF8.self).trimmed
    return last.isEmpty ? cells : cells + [last]
  }

  /// A line without the marks of the quotes around it and without blanks before its text.
  static func unquoted(_ line: ArraySlice<UInt8>, quotes: Int) -> ArraySlice<UInt8> {
    var line = line
    var quotes = quotes
    while let first = line.first {
      if first == UInt8(ascii: ">"), quotes > 0 {
        quotes -= 1
      } else if first != UInt8(ascii: " "), first != UInt8(ascii: "\t") {
        break
      }
      line.removeFirst()
    }
    return line
  }
}
