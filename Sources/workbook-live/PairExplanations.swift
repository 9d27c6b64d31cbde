import ICE
import Terminal

/// The pairs of an agent with their states, as they were last shown.
struct PairExplanations {
  struct Row {
    var id: String
    var local: String
    var remote: String
    var state: String
    var reason: String
    /// What is told only when it changes: that others come first changes with every check.
    var key: String
  }

  /// Whether the table is drawn anew over the last one.
  let isRedrawn: Bool
  /// The lines of the last table.
  var lineCount = 0
  private var rows: [Row] = []

  init(isRedrawn: Bool) {
    self.isRedrawn = isRedrawn
  }

  /// Takes the agent's pairs.
  ///
  /// - Returns: those that are new or in another state.
  mutating func update(_ agent: ICEAgent) -> [Row] {
    let list = agent.checklists.checklists[0]
    let known = Dictionary(rows.map { ($0.id, $0.key) }) { first, _ in first }
    rows = list.order.compactMap { id in
      guard let pair = list[id] else { return nil }
      let explanation = agent.explanation(of: id)
      let key =
        switch explanation {
        case .frozen, .waiting, .triggered, .checking: "\(pair.state)"
        default: "\(explanation)"
        }
      return Row(
        id: "\(id.number)", local: "\(pair.local)", remote: "\(pair.remote)",
        state: "\(pair.state)", reason: "\(explanation)", key: key)
    }
    return rows.filter { known[$0.id] != $0.key }
  }

  var table: TextTable {
    TextTable(
      columns: [
        .init("", .trailing), .init("own candidate"), .init("other's candidate"), .init("state"),
        .init("why"),
      ],
      rows: rows.map { row in
        [
          StyledText(row.id, .label), StyledText(row.local), StyledText(row.remote),
          StyledText(row.state), StyledText(row.reason),
        ]
      })
  }
}
