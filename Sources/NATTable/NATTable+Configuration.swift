extension NATTable {
  /// How a NAT behaves, in the terms of RFC 4787; the default meets all its requirements.
  ///
  /// Real NATs break some of them, so that breaking ones can be described too: ask
  /// ``unmetRequirements`` which.
  public struct Configuration: Hashable, Sendable {
    /// When an inside endpoint keeps its outside endpoint from one remote to the next (§4.1).
    public var mapping: Behavior

    /// Which remotes may send to a mapping (§5).
    public var filtering: Behavior

    /// What happens to a packet from the inside to the NAT's own outside address (§6).
    public var hairpinning: Hairpinning = .externalSource

    /// Where the search for a free outside port begins (§4.2.1).
    public var portAssignment: PortAssignment = .preserving

    /// Even ports get even ports and odd ports odd ones, as long as there are any (§4.2.2, REQ-4).
    public var portParity = true

    /// The outside ports that may be given away; port 0 never is.
    public var ports: ClosedRange<UInt16> = 1...65535

    /// How long a mapping lives after the last packet that refreshed it (§4.3, REQ-5).
    public var mappingTimeout: Duration = .seconds(300)

    /// Whether packets from the outside refresh a mapping too, not only those from the inside.
    ///
    /// REQ-6 demands the latter and allows the former. A stranger who may send may then also keep
    /// a mapping open for ever (§13).
    public var inboundRefresh = false

    public init(
      mapping: Behavior = .endpointIndependent, filtering: Behavior = .addressDependent
    ) {
      self.mapping = mapping
      self.filtering = filtering
    }
  }

  /// Where the search for a free outside port begins; it then goes upwards and round.
  public enum PortAssignment: Hashable, Sendable, CaseIterable {
    /// At the inside port, so that it is kept whenever it is free.
    case preserving
    /// Behind the port that was given away last.
    case sequential
  }

  /// What happens to a packet from the inside to the NAT's own outside address (RFC 4787 §6).
  public enum Hairpinning: Hashable, Sendable, CaseIterable {
    /// It is dropped.
    case none
    /// It is turned round with the sender's outside endpoint as its source, as REQ-9 demands.
    case externalSource
    /// It is turned round with the sender's inside endpoint as its source. The receiver, who sent
    /// to the outside endpoint, does not recognise the answer.
    case internalSource
  }
}

/// The names that people use come from RFC 3489 §5; RFC 4787 §3 explains why it dropped them.
extension NATTable.Configuration {
  /// One mapping for all remotes, and everyone may send to it.
  public static let fullCone = Self(
    mapping: .endpointIndependent, filtering: .endpointIndependent)

  /// One mapping for all remotes; hosts that were sent to may answer, from any port.
  public static let restrictedCone = Self(
    mapping: .endpointIndependent, filtering: .addressDependent)

  /// One mapping for all remotes; only endpoints that were sent to may answer.
  public static let portRestrictedCone = Self(
    mapping: .endpointIndependent, filtering: .addressAndPortDependent)

  /// A mapping for each remote endpoint, and only that one may answer.
  public static let symmetric = Self(
    mapping: .addressAndPortDependent, filtering: .addressAndPortDependent)
}
