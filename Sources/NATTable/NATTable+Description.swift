package import SansIO
import TransportAddress

extension NATTable: CustomStringConvertible {
  /// The table with one line a mapping, and one more for each further remote that it lets in.
  ///
  ///     protocol  inside         outside           to   from               expires in
  ///     UDP       10.0.0.2:5000  203.0.113.7:5000  any  198.51.100.1:3478  300 s
  ///
  /// "to" names the destinations that the mapping is used for, "from" those who may send to it,
  /// with their own time in brackets if it ends before the mapping's.
  public var description: String { Mapping.lines(of: mappings, now: time) }
}

extension NATTable.Mapping {
  /// The mappings with one line each, and one more for each further remote that it lets in.
  package static func lines(of mappings: [Self], now: Instant) -> String {
    func remaining(until deadline: Instant) -> String {
      Instant.zero.advanced(by: now.duration(to: deadline)).description
    }
    if mappings.isEmpty { return "(no mappings)" }
    var rows = [["protocol", "inside", "outside", "to", "from", "expires in"]]
    for mapping in mappings {
      var row = [
        mapping.protocol.description, mapping.inside.description, mapping.outside.description,
        mapping.scope.description, "",
        mapping.isStatic ? "never" : remaining(until: mapping.expires),
      ]
      for filter in mapping.filters {
        row[4] = filter.scope.description
        if filter.expires < mapping.expires { row[4] += " (\(remaining(until: filter.expires)))" }
        rows.append(row)
        row = ["", "", "", "", "", ""]
      }
    }
    return aligned(rows)
  }

  /// The rows as lines, each column as wide as its widest cell.
  private static func aligned(_ rows: [[String]]) -> String {
    let widths = (0..<6).map { column in rows.map { $0[column].count }.max() ?? 0 }
    return rows.map { row in
      var line = ""
      var pending = 0
      for (cell, width) in zip(row, widths) {
        if !cell.isEmpty {
          line += String(repeating: " ", count: pending) + cell
          pending = -cell.count
        }
        pending += width + 2
      }
      return line
    }.joined(separator: "\n")
  }
}
