/// The packets of a network's hosts.
extension Network {
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
