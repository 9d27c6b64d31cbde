import NATTable
import TransportAddress

/// The nodes of a trace as a tree: which hosts are behind which routers.
///
///     Internet
///     ├─ home          NAT       198.51.100.1 ┃ 10.0.0.1
///     │  └─ alice      host      10.0.0.2
///     └─ stun.example  host      203.0.113.9
///
/// A NAT has both of its addresses, the outside first.
public struct Topology: Sendable {
  /// What it shows.
  public let trace: Trace

  /// The topology of a trace.
  public init(_ trace: Trace) {
    self.trace = trace
  }

  /// The tree as text, with box-drawing characters.
  ///
  /// - Parameter showingBehavior: whether how NATs behave stands below their names.
  public func text(showingBehavior: Bool = true) -> String {
    var children: [[Int]] = Array(repeating: [], count: trace.nodes.count)
    for (index, node) in trace.nodes.enumerated() {
      if let parent = node.parent { children[parent.index].append(index) }
    }
    var rows: [(name: String, rest: String)] = []
    func add(_ index: Int, _ prefix: String, _ next: String) {
      let node = trace.nodes[index]
      rows.append((prefix + node.name, Self.rest(of: node)))
      if showingBehavior, let nat = node.nat {
        let stem = next + (children[index].isEmpty ? "   " : "│  ")
        rows.append((stem, "mapping: \(nat.mapping)"))
        rows.append((stem, "filtering: \(nat.filtering)"))
      }
      for child in children[index] {
        let isLast = child == children[index].last
        add(child, next + (isLast ? "└─ " : "├─ "), next + (isLast ? "   " : "│  "))
      }
    }
    add(0, "", "")
    let width = rows.map(\.name.count).max() ?? 0
    return rows.map { row in
      row.rest.isEmpty
        ? row.name : row.name + String(repeating: " ", count: width + 2 - row.name.count) + row.rest
    }.joined(separator: "\n")
  }

  /// The tree in words, one sentence for each node.
  ///
  /// - Parameter showingBehavior: whether how NATs behave is told.
  public func words(showingBehavior: Bool = true) -> String {
    trace.nodes.dropFirst().map { node in
      let parent = node.parent.map { trace.nodes[$0.index].name } ?? ""
      let place = parent == "Internet" ? "on the Internet" : "behind \(parent)"
      let addresses = node.addresses.map(\.description)
      let address = addresses.isEmpty ? "" : " at " + addresses.joined(separator: " and ")
      let network = node.gateway6.map { ", with IPv6 from \($0)" } ?? ""
      let nat = showingBehavior ? node.nat : nil
      let behavior = nat.map { ", mapping \($0.mapping), filtering \($0.filtering)" } ?? ""
      let kind =
        node.host.map { "an interface of \(trace.nodes[$0.index].name)" }
        ?? "a \(Self.name(of: node))"
      return "\(node.name) is \(kind) \(place)\(address)\(network)\(behavior)."
    }.joined(separator: "\n")
  }

  private static func rest(of node: Trace.Node) -> String {
    if node.kind == .internet { return "" }
    let sides = [node.addresses, node.gateways].filter { !$0.isEmpty }
      .map { $0.map(\.description).joined(separator: " ") }
    let kind = name(of: node)
    return kind + String(repeating: " ", count: 10 - kind.count)
      + sides.joined(separator: node.kind == .nat ? " ┃ " : " ")
  }

  private static func name(of node: Trace.Node) -> String {
    switch node.kind {
    case .nat: node.isNAT64 ? "NAT64" : "NAT"
    default: node.kind.rawValue
    }
  }
}
