/// The pictures of a network, as wide as a page of the notes, and its packets.
extension Network {
  /// The nodes as a tree, without how NATs behave.
  public var map: String { Topology(trace).text(showingBehavior: false) }

  /// All packets so far as a ladder of 74 columns.
  public var ladder: String { Ladder(trace).text(width: 74) }

  /// The packets that the node with a name has sent, the earliest first, each with its IP header first.
  ///
  /// - Complexity: O(the events).
  public func packets(sentBy name: String) -> [[UInt8]] {
    events(at: name).compactMap { event in
      if case .sent(_, let bytes, _) = event.kind { bytes } else { nil }
    }
  }

  /// The packets that have reached a program on the host with a name, the earliest first.
  ///
  /// - Complexity: O(the events).
  public func packets(deliveredTo name: String) -> [[UInt8]] {
    events(at: name).compactMap { event in
      if case .delivered(_, let bytes) = event.kind { bytes } else { nil }
    }
  }

  private func events(at name: String) -> [Trace.Event] {
    node(named: name).map { trace.events(at: $0) } ?? []
  }
}
