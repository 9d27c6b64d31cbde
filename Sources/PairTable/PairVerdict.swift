public import ICE
public import TransportAddress

/// What becomes of two candidates of one component.
public enum PairVerdict: Hashable, Sendable {
  /// They are a pair of the checklist.
  case checked(position: Int, CandidatePair.State, Outlook)
  /// They are a pair that is not checked.
  case pruned(PruneReason)
  /// They are no pair.
  case impossible(Mismatch)

  /// Why a pair is not in the checklist.
  public enum PruneReason: Hashable, Sendable {
    /// Its checks are those of the pair at this position: an agent cannot send from a reflexive
    /// address, only from the base (RFC 8445 §6.1.2.4). nil for a base that the description hides,
    /// which must be a host candidate's.
    case redundant(with: Int, base: TransportAddress?)
    /// The peer opens the connection (RFC 6544 §6.2).
    case passive
    /// There are better ones, as many as an agent checks (RFC 8445 §6.1.2.5).
    case limit(Int)
  }

  /// Why two candidates are no pair.
  public enum Mismatch: Hashable, Sendable {
    /// IPv4 and IPv6 (RFC 8445 §6.1.2.2).
    case families
    /// Different transport protocols (RFC 8445 §6.1.2.2).
    case transports(CandidateAttribute.Transport, CandidateAttribute.Transport)
    /// A transport protocol that ICE does not have.
    case unknownTransport(CandidateAttribute.Transport)
    /// An IPv6 link-local address and one that is not (RFC 8445 §6.1.2.2).
    case linkLocal
    /// TCP candidates of which both wait, both open, or only one opens at once (RFC 6544 §6.2).
    case tcpTypes(CandidateAttribute.TCPType, CandidateAttribute.TCPType)
    /// A TCP candidate does not say who opens (RFC 6544 §4.5).
    case noTCPType
    /// Nothing can be sent to the remote candidate.
    case unusable(AddressClass)
    /// The remote candidate has port 0.
    case noPort
    /// An address has a zone, which leads somewhere on its own host alone.
    case zone
  }
}

/// Whether the checks of a pair can get to the peer at all, as far as the addresses tell.
public enum Outlook: Hashable, Sendable {
  /// Nothing speaks against it.
  case open
  /// Only where this holds.
  case conditional(Condition)
  /// They cannot.
  case hopeless(Obstacle)

  /// What must hold for a pair to work.
  public enum Condition: Hashable, Sendable {
    /// Both agents run on one machine.
    case sameMachine
    /// Both are on one link.
    case sameLink
    /// The remote name, which mDNS resolves on its own link alone, is resolved.
    case nameOnSameLink
    /// The other agent is in the same inside network, or one that it has a way to.
    case sameNetwork
    /// Both are customers of one provider, behind its carrier-grade NAT.
    case sameProvider
    /// The relay gives out an inside address, as one behind a NAT does.
    case relayInside
  }

  /// Why a pair cannot work.
  public enum Obstacle: Hashable, Sendable {
    /// A loopback address leads to its own machine.
    case loopback
    /// A link-local address leads to its own link.
    case linkLocal
    /// A relay outside reaches no inside address.
    case relayToInside
    /// A relay outside cannot resolve what mDNS names.
    case relayToName
  }

  /// Whether the pair may work.
  public var isPossible: Bool { if case .hopeless = self { false } else { true } }
}
