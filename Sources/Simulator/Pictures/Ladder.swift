import SansIO
import TransportAddress

/// A trace as a ladder: a line for each host and router, an arrow for each packet.
///
///                 alice              home           stun.example
///               10.0.0.2         198.51.100.1       203.0.113.9
///                   │          Binding request           │
///       0.0 ms      ├─────────────────╋─────────────────▶│
///         from      │   10.0.0.2:5000 ┃ 198.51.100.1:5000│
///
/// An arrow goes through NATs to where the packet ended; below it stands what each NAT changed, on
/// both sides of the NAT's line. `✗` is where a packet was dropped or lost. Arrows are in the order of
/// sending, with the time of sending in the margin.
public struct Ladder: Sendable {
  /// What it shows.
  public let trace: Trace

  /// A ladder of a whole trace.
  public init(_ trace: Trace) {
    self.trace = trace
  }

  /// The ladder as text, with box-drawing characters.
  ///
  /// If the columns do not fit, it is ``words()``.
  /// - Parameter width: how many columns there are, at least 40.
  public func text(width: Int = 80) -> String {
    precondition(width >= 40, "a ladder needs 40 columns")
    guard let layout = LadderLayout(trace, width: width) else { return words() }
    return page(layout, through: trace.events.count - 1).text
  }

  /// The ladder in words, one line for each packet and report: for screen readers and logs.
  public func words() -> String {
    sentences(through: trace.events.count - 1).map(\.text).joined(separator: "\n")
  }

  private func page(_ layout: LadderLayout, through last: Int) -> LadderPage {
    var page = LadderPage(trace, layout)
    for rung in trace.rungs(through: last) { page.add(rung) }
    return page
  }

  private func sentences(through last: Int) -> [Line] {
    trace.rungs(through: last).map { Line(text: $0.sentence(in: trace), event: $0.event) }
  }

  // MARK: - For those who step through it

  /// A line below the heads, with the place of the event that began what it shows; nil if it shows
  /// nothing.
  package struct Line: Hashable, Sendable {
    package let text: String
    package let event: Int?
  }

  /// A ladder in its parts.
  package struct Page: Hashable, Sendable {
    /// The names above the lines; none if the ladder is in words.
    package let heads: [String]
    package let lines: [Line]
  }

  /// The ladder of the events up to one, in the columns that the whole of it has.
  ///
  /// - Parameter isDrawn: whether it is drawn where the columns fit, and not in words.
  package func page(width: Int, through last: Int, isDrawn: Bool) -> Page {
    guard isDrawn, width >= 40, let layout = LadderLayout(trace, width: width) else {
      return Page(heads: [], lines: sentences(through: last))
    }
    let page = page(layout, through: last)
    return Page(heads: page.heads, lines: page.lines)
  }
}

extension Journey {
  /// `0.0 ms: alice sends Binding request from 10.0.0.2:5000 to 203.0.113.9:3478; …`
  func sentence(in trace: Trace) -> String {
    func name(_ node: NodeID) -> String { trace.nodes[node.index].name }
    var parts = [
      "\(name(stops[0])) \(isCopy ? "sends again" : "sends") \(words.content) "
        + "from \(words.source) to \(words.destination)"
    ]
    for crossing in crossings {
      var changes: [String] = []
      if crossing.before.source != crossing.after.source {
        changes.append("the source to \(crossing.after.source)")
      }
      if crossing.before.destination != crossing.after.destination {
        changes.append("the destination to \(crossing.after.destination)")
      }
      parts.append(
        "\(name(crossing.node)) changes " + changes.joined(separator: " and ")
          + (crossing.makesMapping ? " by a new mapping" : ""))
    }
    let last = name(stops[stops.count - 1])
    switch end {
    case .delivered: parts.append("\(last) gets it at \(time.pictured)")
    case .dropped(let reason): parts.append("\(last) drops it: \(reason)")
    case .lost(let next, let reason):
      parts.append("it never gets from \(last) to \(name(next)): \(reason.rawValue)")
    case .consumed(let consumption): parts.append("\(last): \(consumption.rawValue)")
    case .onTheWay: parts.append("it is on its way")
    }
    return "\(start.pictured): " + parts.joined(separator: "; ") + "."
  }
}
