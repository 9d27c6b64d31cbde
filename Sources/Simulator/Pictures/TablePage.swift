import NATTable

/// The tables of all NATs at a moment of a trace, with what the moment has changed.
///
///     home at 0.5 ms
///       protocol  inside         outside             to   from             expires in
///     + UDP       10.0.0.2:5000  198.51.100.1:5000   any  203.0.113.9:3478 300 s
///
/// `+` is a new mapping, `~` one with another filter or state, `=` one that lives longer, and `−` one
/// that has just gone.
public struct TablePage: Sendable {
  /// What it shows.
  public let trace: Trace

  /// The tables of a trace.
  public init(_ trace: Trace) {
    self.trace = trace
  }

  /// The tables just after an event.
  ///
  /// - Precondition: the index is that of an event, or −1 for the beginning.
  public func text(at index: Int) -> String {
    trace.tables(at: index).map { table in
      "\(trace.nodes[table.node.index].name) at \(table.time.pictured)\n"
        + rows(at: index, of: table).map(\.text).joined(separator: "\n")
    }.joined(separator: "\n\n")
  }

  /// The tables at the end.
  public func text() -> String { text(at: trace.events.count - 1) }

  private func change(at index: Int, of node: NodeID) -> Trace.TableChange? {
    guard index >= 0, trace.events[index].node == node,
      case .table(let change) = trace.events[index].kind
    else { return nil }
    return change
  }

  /// A line of a table, and whether its mapping has changed.
  struct Row: Hashable {
    let text: String
    var isChanged = false
  }

  /// The lines of a table just after an event, the head first.
  func rows(at index: Int, of table: Trace.Table) -> [Row] {
    let change = change(at: index, of: table.node)
    var mappings = table.mappings
    if case .removed(let mapping) = change {
      mappings.append(mapping)
      mappings.sort { $0.isBefore($1) }
    }
    let text = NATTable.Mapping.lines(of: mappings, now: table.time).split(separator: "\n")
    if mappings.isEmpty { return text.map { Row(text: "  " + $0) } }
    // The head, and then for each mapping a line for each of its filters.
    var rows = [Row(text: "  " + text[0])]
    var rest = text.dropFirst()
    for mapping in mappings {
      var sign: Character = " "
      var isChanged = false
      if let change, RecordedMapping(change.mapping) == RecordedMapping(mapping) {
        sign = change.sign
        isChanged = true
      }
      for line in rest.prefix(max(1, mapping.filters.count)) {
        rows.append(Row(text: "\(sign) \(line)", isChanged: isChanged))
        sign = " "
      }
      rest = rest.dropFirst(max(1, mapping.filters.count))
    }
    return rows
  }
}

extension Trace.TableChange {
  /// The sign beside a mapping that has changed.
  package var sign: Character {
    switch self {
    case .made: "+"
    case .changed: "~"
    case .refreshed: "="
    case .removed: "−"
    }
  }
}
