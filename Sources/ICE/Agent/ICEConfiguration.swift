/// What an agent is told about itself before it begins.
public struct ICEConfiguration: Hashable, Sendable {
  /// Whether the agent is a lite implementation: it answers checks and sends none (RFC 8445 §2.5).
  public var isLite = false
  /// The most pairs in all checklists together (RFC 8445 §6.1.2.5).
  public var pairLimit = ICEConstants.pairLimit
  /// Ta, the least time between two new checks; the peer's, where it is longer (RFC 8445 §14.2).
  public var pacing = ICEConstants.pacing
  /// How long pairs may take before their failure counts (RFC 8863 §4).
  public var patience = ICEConstants.patience
  /// Whether consent is checked; without it, keepalives are sent instead (RFC 7675, RFC 8445 §11).
  public var checksConsent = true
  /// Whether the controlling agent may nominate again where the peer agrees to it
  /// (draft-thatcher-ice-renomination-01); RFC 8445 allows one nomination.
  public var renominates = false
  /// How many checks are kept that come before the peer's description (RFC 8445 §7.3).
  public var earlyCheckLimit = 32
  /// How long the controlling agent waits for something better than a direct pair that is valid.
  public var directNominationDelay: Duration = .milliseconds(500)
  /// The same, where the valid pair goes through a relay.
  public var relayedNominationDelay: Duration = .seconds(2)

  /// The configuration that the RFCs recommend, of a full implementation.
  public init() {}
}

/// What the peer's description says besides its candidates.
public struct RemoteDescription: Hashable, Sendable {
  /// The peer's username fragment and password.
  public var credentials: ICECredentials
  /// Whether the peer is a lite implementation: `a=ice-lite` (RFC 8839 §5.3).
  public var isLite: Bool
  /// The peer's Ta: `a=ice-pacing` (RFC 8839 §5.5); nil where it says nothing and means the default.
  public var pacing: Duration?
  /// Whether the peer takes several nominations: `a=ice-options:renomination`.
  public var renominates: Bool
  /// Whether the peer may signal candidates after its description: `a=ice-options:trickle` (RFC 8838 §3).
  public var trickles: Bool

  /// A peer with these credentials.
  public init(
    _ credentials: ICECredentials, isLite: Bool = false, pacing: Duration? = nil,
    renominates: Bool = false, trickles: Bool = false
  ) {
    self.credentials = credentials
    self.isLite = isLite
    self.pacing = pacing
    self.renominates = renominates
    self.trickles = trickles
  }
}

/// A component of a data stream: what gets a selected pair.
public struct StreamComponent: Hashable, Sendable {
  /// The index of the data stream, and of its checklist.
  public var stream: Int
  /// The component's ID within the stream.
  public var component: ComponentID

  /// A component of a stream; the first of the first unless it is said.
  public init(stream: Int = 0, component: ComponentID = 1) {
    self.stream = stream
    self.component = component
  }
}

extension StreamComponent: CustomStringConvertible {
  /// Stream and component: `0/1`.
  public var description: String { "\(stream)/\(component)" }
}
