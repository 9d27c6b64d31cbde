import NATTable
import SansIO
import Simulator
import Terminal
import TransportAddress

/// The tables of the NATs at a moment, with the mapping marked that the moment changes.
///
///     home
///     + UDP 10.0.0.2:5000 ⇄ 198.51.100.1:5000
///         from 203.0.113.9:3478  300 s
///
/// `+` is a new mapping, `~` one with another filter or state, `=` one that lives longer, and `−` one
/// that has just gone.
extension Timeline {
  func tables(at index: Int, _ presentation: Presentation) -> PaneContent {
    var content = PaneContent(title: "NAT tables")
    let event = trace.events[index]
    for table in trace.tables(at: index) {
      var change: Trace.TableChange?
      if event.node == table.node, case .table(let found) = event.kind { change = found }
      content.lines.append(StyledText(name(of: table.node), .subheading))
      let start = content.lines.count
      let (rows, changed) = Self.rows(of: table, change, presentation)
      content.lines += rows
      if let changed {
        content.present = start + changed.lowerBound..<start + changed.upperBound
      }
    }
    if content.lines.isEmpty { content.lines = ["There is no NAT."] }
    return content
  }

  /// A table's rows, and which of them are of the mapping that has changed.
  private static func rows(
    of table: Trace.Table, _ change: Trace.TableChange?, _ presentation: Presentation
  ) -> (rows: [StyledText], changed: Range<Int>?) {
    var mappings = table.mappings
    if case .removed(let mapping) = change { mappings.append(mapping) }
    var rows: [StyledText] = []
    var changed: Range<Int>?
    for mapping in mappings {
      let isChanged = change?.mapping.isSame(as: mapping) ?? false
      let start = rows.count
      rows += lines(of: mapping, isChanged ? change?.sign : nil, table.time, presentation)
      if isChanged { changed = start..<rows.count }
    }
    if rows.isEmpty { rows = [StyledText("  no mappings", .muted)] }
    return (rows, changed)
  }

  /// A mapping in one line, and its filters in one each; in a narrow pane each end has a line.
  private static func lines(
    of mapping: NATTable.Mapping, _ sign: Character?, _ now: Instant, _ presentation: Presentation
  ) -> [StyledText] {
    let role: TextRole = sign == nil ? .plain : .highlight
    let mark = StyledText((sign.map(String.init) ?? " ") + " ", .highlight)
    func remaining(_ end: Instant) -> String {
      mapping.isStatic ? "never expires" : "\(now.duration(to: end).inSeconds) s"
    }
    let inside = "\(mapping.protocol) \(mapping.inside)"
    let outside = "⇄ \(mapping.outside)"
    let scope = mapping.scope == .any ? "" : "  to \(mapping.scope)"
    let life = "  \(remaining(mapping.expires))"
    let whole = "\(inside) \(outside)\(scope)\(life)"
    var lines =
      whole.count + 2 <= presentation.width
      ? [mark + StyledText(whole, role)]
      : [mark + StyledText(inside, role), "    " + StyledText("\(outside)\(life)", role)]
    if lines.count > 1, !scope.isEmpty { lines.append("  " + StyledText(scope, role)) }
    for filter in mapping.filters {
      let end = filter.expires < mapping.expires ? "  \(remaining(filter.expires))" : ""
      lines.append("    " + StyledText("from \(filter.scope)\(end)", role))
    }
    return lines.map { $0.truncated(to: presentation.width) }
  }
}

extension NATTable.Mapping {
  /// Whether it is the same mapping, perhaps at another time.
  fileprivate func isSame(as other: NATTable.Mapping) -> Bool {
    (`protocol`, inside, scope) == (other.protocol, other.inside, other.scope)
  }
}

extension Duration {
  /// The duration in seconds, with one decimal if it needs one.
  fileprivate var inSeconds: String {
    let tenths = (wholeNanoseconds + 50_000_000) / 100_000_000
    return tenths % 10 == 0 ? "\(tenths / 10)" : "\(tenths / 10).\(tenths % 10)"
  }
}
