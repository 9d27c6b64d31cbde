import TransportAddress

/// Where the columns of a ladder stand.
///
/// The first network behind a NAT is on the left, its hosts outermost; hosts of the Internet are in the
/// middle, behind the Internet itself if that sends or drops something, and further networks on the right, their hosts outermost again.
struct LadderLayout {
  /// The left margin, where times stand.
  static let margin = 10

  let width: Int
  /// The nodes from left to right.
  let nodes: [NodeID]
  /// The column of each node's line.
  private(set) var columns: [NodeID: Int] = [:]

  /// - Returns: nil if the columns would stand too close to each other.
  init?(_ trace: Trace, width: Int) {
    self.width = width
    nodes = Self.order(trace)
    guard let first = nodes.first, let last = nodes.last else { return }
    let left = Self.margin + max(2, Self.labelWidth(trace.nodes[first.index]) / 2)
    let right = width - 1 - max(1, Self.labelWidth(trace.nodes[last.index]) / 2)
    guard nodes.count > 1 else {
      columns[first] = left
      return
    }
    guard (right - left) / (nodes.count - 1) >= 9 else { return nil }
    for (number, node) in nodes.enumerated() {
      columns[node] = left + (right - left) * number / (nodes.count - 1)
    }
  }

  /// The names and addresses above the lines.
  func heads(_ trace: Trace) -> [String] {
    var names = Array(repeating: Character(" "), count: width)
    var addresses = names
    for node in nodes {
      guard let column = columns[node] else { continue }
      let head = trace.nodes[node.index]
      Self.center(head.name, at: column, in: &names)
      Self.center(head.address?.description ?? "", at: column, in: &addresses)
    }
    return [names, addresses].map { String($0) }
  }

  private static func center(_ text: String, at column: Int, in line: inout [Character]) {
    let start = max(0, min(column - text.count / 2, line.count - text.count))
    for (offset, character) in text.enumerated() where start + offset < line.count {
      line[start + offset] = character
    }
  }

  private static func labelWidth(_ node: Trace.Node) -> Int {
    max(node.name.count, node.address?.description.count ?? 0)
  }

  /// The nodes that anything happened at, and the routers above them.
  static func order(_ trace: Trace) -> [NodeID] {
    var isShown = Array(repeating: false, count: trace.nodes.count)
    for event in trace.events where event.node != .internet { isShown[event.node.index] = true }
    // The Internet has a column only if a packet begins or ends there.
    isShown[0] = trace.events.contains { event in
      guard event.node == .internet else { return false }
      switch event.kind {
      case .sent, .dropped: return true
      default: return false
      }
    }
    var children: [[Int]] = Array(repeating: [], count: trace.nodes.count)
    for index in trace.nodes.indices.reversed() {
      guard let parent = trace.nodes[index].parent else { continue }
      if isShown[index], parent != .internet { isShown[parent.index] = true }
      children[parent.index].insert(index, at: 0)
    }
    /// A node with all behind it, the hosts first.
    func branch(_ index: Int) -> [Int] {
      children[index].flatMap(branch) + (isShown[index] ? [index] : [])
    }
    let networks = children[0].filter { trace.nodes[$0].kind != .host }.map(branch)
      .filter { !$0.isEmpty }
    let hosts = children[0].filter { trace.nodes[$0].kind == .host && isShown[$0] }
    let middle = (isShown[0] ? [0] : []) + hosts
    let right = networks.dropFirst().flatMap { $0.reversed() }
    return ((networks.first ?? []) + middle + right).map { NodeID($0) }
  }
}
