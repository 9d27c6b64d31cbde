public import ProtocolTime
public import TransportAddress

extension NATTable {
  /// An inside endpoint and the outside endpoint that stands for it.
  public struct Mapping: Hashable, Sendable {
    public var `protocol`: TransportProtocol

    /// The host's own endpoint: the RFC's internal IP address and port, X:x.
    public var inside: TransportAddress

    /// The endpoint that the outside sees: the RFC's external IP address and port, X':x'.
    public var outside: TransportAddress

    /// Which destinations the mapping is used for: all of them, unless mapping depends on them.
    public var scope: RemoteScope

    /// When it ends if nothing refreshes it.
    public var expires: Instant

    /// Who may send to it, sorted; a single `any` if nothing is filtered.
    public var filters: [Filter]
  }

  /// Leave for the remotes in a scope to send to a mapping.
  public struct Filter: Hashable, Sendable {
    public var scope: RemoteScope

    /// When it ends if nothing refreshes it.
    public var expires: Instant
  }

  /// All mappings, sorted by protocol, inside endpoint and destination.
  ///
  /// - Complexity: O(n log n) for n mappings and filters; for showing, not for packets.
  public var mappings: [Mapping] {
    entries.slots.map(mapping(in:)).sorted { left, right in
      (left.protocol, left.inside, left.scope) < (right.protocol, right.inside, right.scope)
    }
  }

  /// The mapping that has an outside endpoint.
  ///
  /// - Complexity: O(the mapping's filters).
  public func mapping(
    at outside: TransportAddress, _ protocol: TransportProtocol = .udp
  ) -> Mapping? {
    slot(at: outside, `protocol`).map(mapping(in:))
  }

  private func mapping(in slot: Slot) -> Mapping {
    let entry = entries[slot]
    return Mapping(
      protocol: entry.key.protocol, inside: entry.key.inside, outside: outside(of: slot),
      scope: entry.key.scope, expires: entry.link.deadline, filters: filters(of: entry))
  }

  private func filters(of entry: MappingEntry) -> [Filter] {
    if configuration.filtering == .endpointIndependent {
      return [Filter(scope: .any, expires: entry.link.deadline)]
    }
    var filters: [Filter] = []
    var slot = entry.firstFilter
    while slot != .none {
      filters.append(
        Filter(scope: self.filters[slot].key.scope, expires: self.filters[slot].link.deadline))
      slot = self.filters[slot].next
    }
    return filters.sorted { $0.scope < $1.scope }
  }
}
