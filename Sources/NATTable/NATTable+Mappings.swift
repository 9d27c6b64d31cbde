public import SansIO
public import TransportAddress

extension NATTable {
  /// An inside endpoint and the outside endpoint that stands for it.
  public struct Mapping: Hashable, Sendable {
    /// The transport protocol.
    public var `protocol`: TransportProtocol

    /// The host's own endpoint: the RFC's internal IP address and port, X:x.
    public var inside: TransportAddress

    /// The endpoint that the outside sees: the RFC's external IP address and port, X':x'.
    public var outside: TransportAddress

    /// Which destinations the mapping is used for: all of them, unless mapping depends on them.
    public var scope: RemoteScope

    /// Whether it was configured and never ends.
    public var isStatic: Bool

    /// In TCP, how far the connection is; that of one remote if the mapping has several.
    public var connection: Connection?

    /// When it ends if nothing refreshes it.
    public var expires: Instant

    /// Who may send to it, sorted; a single `any` if nothing is filtered.
    public var filters: [Filter]
  }

  /// Leave for the remotes in a scope to send to a mapping.
  public struct Filter: Hashable, Sendable {
    /// The remotes that may send.
    public var scope: RemoteScope

    /// When it ends if nothing refreshes it.
    public var expires: Instant
  }

  /// How far a TCP connection is, as a NAT sees it (RFC 5382 §5).
  public enum Connection: String, Hashable, Sendable {
    case opening
    case established
    case closing
    case reset
  }

  /// All mappings, sorted by protocol, inside endpoint and destination.
  ///
  /// - Complexity: O(n log n) for n mappings and filters; for showing, not for packets.
  public var mappings: [Mapping] {
    (staticSlots + entries.slots.filter { entries[$0].kind != .quarantined }).map(mapping(in:))
      .sorted {
        left, right in
        (left.protocol, left.inside, left.scope) < (right.protocol, right.inside, right.scope)
      }
  }

  /// Whether mappings that end are kept for ``takeEndedMappings()``; they are not, unless this is set.
  public var keepsEndedMappings: Bool {
    get { endedMappings != nil }
    set {
      makeUnique()
      if newValue != keepsEndedMappings { endedMappings = newValue ? [] : nil }
    }
  }

  /// Takes the mappings that have ended, in that order, each as it was before its end.
  ///
  /// - Complexity: O(their number).
  public mutating func takeEndedMappings() -> [Mapping] {
    guard let ended = endedMappings, !ended.isEmpty else { return [] }
    makeUnique()
    endedMappings = []
    return ended
  }

  /// The mapping that has an outside endpoint; where ports are shared, the one for `remote`.
  ///
  /// - Complexity: O(the mapping's filters).
  public func mapping(
    at outside: TransportAddress, _ protocol: TransportProtocol = .udp,
    remote: TransportAddress? = nil
  ) -> Mapping? {
    slot(at: outside, `protocol`, remote: remote ?? outside).map(mapping(in:))
  }

  func mapping(in slot: Slot) -> Mapping {
    let entry = entries[slot]
    var filters = [Filter(scope: .any, expires: entry.deadline)]
    if entry.kind != .static {
      let behaviour = configuration.filtering
      filters[0].scope = behaviour.scope(of: entry.remote)
      var next = entry.sessions
      while next != .none {
        let session = sessions[next]
        filters.append(
          Filter(scope: behaviour.scope(of: session.remote), expires: session.deadline))
        next = session.next
      }
    }
    return Mapping(
      protocol: entry.protocol, inside: entry.inside, outside: outside(of: slot),
      scope: scope(of: entry), isStatic: entry.kind == .static, connection: entry.connection,
      expires: filters.map(\.expires).max() ?? time, filters: merged(filters))
  }

  /// The filters by scope, each with the latest of its times: TCP has one for each connection.
  private func merged(_ filters: [Filter]) -> [Filter] {
    var merged: [Filter] = []
    for filter in filters.sorted(by: { ($0.scope, $1.expires) < ($1.scope, $0.expires) })
    where merged.last?.scope != filter.scope {
      merged.append(filter)
    }
    return merged
  }
}

extension MappingEntry {
  /// How far the first connection is, for those who look at the table.
  fileprivate var connection: NATTable.Connection? {
    guard `protocol` == .tcp, kind != .static else { return nil }
    return switch state {
    case .unanswered, .answered: nil
    case .openingFromInside, .openingFromOutside, .synSent, .bothSynSent, .synReceived: .opening
    case .established, .insideFinished, .outsideFinished, .kernelEstablished, .adopted:
      .established
    case .closing, .finWait, .closeWait, .lastAck, .timeWait: .closing
    case .reset, .aborted: .reset
    }
  }
}
