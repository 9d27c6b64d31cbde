public import NATTable
public import SansIO

/// Questions to a trace.
extension Trace {
  /// The node with a name; nil if there is none.
  public func node(named name: String) -> NodeID? {
    nodes.firstIndex { $0.name == name }.map { NodeID($0) }
  }

  /// What happened to one packet.
  ///
  /// - Complexity: O(the events).
  public func events(of packet: PacketID) -> [Event] {
    events.filter { $0.packet == packet }
  }

  /// What happened at one node.
  ///
  /// - Complexity: O(the events).
  public func events(at node: NodeID) -> [Event] {
    events.filter { $0.node == node }
  }

  /// The events from one on, as a trace of the same nodes, whose tables begin as they were then.
  package func since(_ index: Int) -> Trace {
    var part = Trace()
    part.nodes = nodes
    part.events = Array(events[index...])
    for (node, mappings) in mappings(before: index).enumerated() where !mappings.isEmpty {
      part.earlierMappings[NodeID(node)] = mappings.values.sorted { $0.isBefore($1) }
    }
    return part
  }

  /// A packet that a node dropped.
  public struct Drop: Hashable, Sendable {
    /// Its place among the events.
    public let index: Int
    /// The packet.
    public let packet: PacketID
    /// The node.
    public let node: NodeID
    /// Why it was dropped.
    public let reason: DropReason
  }

  /// The packets that nodes dropped, the earliest first; what links lost is not among them.
  public var drops: [Drop] {
    events.enumerated().compactMap { index, event in
      guard case .dropped(let packet, _, let reason) = event.kind else { return nil }
      return Drop(index: index, packet: packet, node: event.node, reason: reason)
    }
  }

  /// How many packets links lost for a reason; for all of them if none is given.
  public func lossCount(_ reason: Loss? = nil) -> Int {
    events.count { event in
      guard case .lost(_, _, let found) = event.kind else { return false }
      return reason == nil || found == reason
    }
  }

  /// How many packets reached a program, at one node or anywhere.
  public func deliveryCount(at node: NodeID? = nil) -> Int {
    events.count { event in
      guard case .delivered = event.kind else { return false }
      return node == nil || event.node == node
    }
  }

  /// The place of the next drop or loss behind an event; nil if there is none.
  public func nextDrop(after index: Int) -> Int? { next(after: index, where: \.isDrop) }

  /// The place of the last drop or loss before an event; nil if there is none.
  public func previousDrop(before index: Int) -> Int? { previous(before: index, where: \.isDrop) }

  /// The place of the next change of a table behind an event, lifetimes apart; nil if there is none.
  public func nextTableChange(after index: Int) -> Int? {
    next(after: index, where: \.isTableChange)
  }

  /// The place of the last change of a table before an event, lifetimes apart; nil if there is none.
  public func previousTableChange(before index: Int) -> Int? {
    previous(before: index, where: \.isTableChange)
  }

  private func next(after index: Int, where matches: (Event) -> Bool) -> Int? {
    guard index + 1 < events.count else { return nil }
    return events[(index + 1)...].firstIndex(where: matches)
  }

  private func previous(before index: Int, where matches: (Event) -> Bool) -> Int? {
    events.prefix(max(0, index)).lastIndex(where: matches)
  }
}

extension Trace.Event {
  /// Whether a node dropped a packet, or a link lost one.
  fileprivate var isDrop: Bool {
    switch kind {
    case .dropped, .lost: true
    default: false
    }
  }

  /// Whether a table has changed by more than a lifetime.
  fileprivate var isTableChange: Bool {
    switch kind {
    case .table(.refreshed): false
    case .table: true
    default: false
    }
  }
}

// MARK: - Tables

extension Trace {
  /// The table of a NAT at a moment.
  public struct Table: Hashable, Sendable {
    /// The NAT.
    public let node: NodeID
    /// The moment.
    public let time: Instant
    /// The mappings, sorted by protocol, inside endpoint and destination.
    public let mappings: [NATTable.Mapping]
  }

  /// The tables of all NATs just after an event, in the order of drawing; with −1, before all of them.
  ///
  /// - Precondition: the index is that of an event, or −1.
  /// - Complexity: O(the events before).
  public func tables(at index: Int) -> [Table] {
    precondition(index < events.count && index >= -1, "there is no such event")
    let mappings = mappings(before: index + 1)
    let time = index < 0 ? startOfTables : events[index].time
    return nodes.indices.filter { nodes[$0].kind == .nat }.map { node in
      Table(
        node: NodeID(node), time: time,
        mappings: mappings[node].values.sorted { $0.isBefore($1) }.map { $0.without(before: time) })
    }
  }

  /// The time before the first event: in an excerpt nothing has expired until then.
  private var startOfTables: Instant {
    earlierMappings.isEmpty ? .zero : events.first?.time ?? .zero
  }

  /// The mappings of each node before an event.
  private func mappings(before index: Int) -> [[RecordedMapping: NATTable.Mapping]] {
    var mappings: [[RecordedMapping: NATTable.Mapping]] = Array(repeating: [:], count: nodes.count)
    for (node, earlier) in earlierMappings {
      for mapping in earlier { mappings[node.index][RecordedMapping(mapping)] = mapping }
    }
    for event in events.prefix(index) {
      guard case .table(let change) = event.kind else { continue }
      let key = RecordedMapping(change.mapping)
      if case .removed = change {
        mappings[event.node.index][key] = nil
      } else {
        mappings[event.node.index][key] = change.mapping
      }
    }
    return mappings
  }

  /// The tables of all NATs at the end.
  public var tables: [Table] { tables(at: events.count - 1) }
}

extension NATTable.Mapping {
  /// The mapping without the filters that have expired, of which no event tells.
  fileprivate func without(before time: Instant) -> NATTable.Mapping {
    if isStatic { return self }
    var copy = self
    copy.filters.removeAll { $0.expires <= time }
    return copy
  }
}
