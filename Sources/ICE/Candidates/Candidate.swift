public import TransportAddress

/// A transport address at which an agent might be reached, and what else ICE must know of it.
///
/// Local candidates come from ``LocalCandidates``, which gives each its foundation; those of the
/// peer come from ``CandidateAttribute``. The base of a remote candidate is not known, and its
/// address stands there instead.
public struct Candidate: Hashable, Sendable {
  /// How the agent obtained the candidate.
  public var type: CandidateType
  /// The component of the data stream that the candidate is for.
  public var component: ComponentID
  /// UDP, or TCP (RFC 6544).
  public var transport: TransportProtocol
  /// The transport address to which the peer sends.
  public var address: TransportAddress
  /// The transport address from which the agent sends for this candidate (RFC 8445 §4).
  ///
  /// Its own socket's address, or the relayed address.
  public var base: TransportAddress
  /// The base of a reflexive candidate, the mapped address of a relayed one: for diagnosis only.
  public var relatedAddress: TransportAddress?
  /// The STUN or TURN server from which a local candidate was obtained.
  public var server: TransportAddress?
  /// Equal for candidates that are likely to work or to fail alike (RFC 8445 §5.1.1.3).
  public var foundation: CandidateFoundation
  /// The candidate's priority, 1 to 2³¹ − 1 (RFC 8445 §5.1.2).
  public var priority: UInt32

  /// A candidate that was gathered, with a foundation and the priority that RFC 8445 §5.1.2 gives.
  ///
  /// ``LocalCandidates`` finds the right foundation.
  public init(_ gathered: GatheredCandidate, foundation: CandidateFoundation) {
    type = gathered.type
    component = gathered.component
    transport = gathered.transport
    address = gathered.address
    base = gathered.base
    relatedAddress = gathered.relatedAddress
    server = gathered.server
    self.foundation = foundation
    priority = gathered.priority
  }

  /// A candidate of the peer, whose foundation and priority the peer has chosen.
  public init(
    remote type: CandidateType, _ address: TransportAddress, foundation: CandidateFoundation,
    priority: UInt32, component: ComponentID = 1, transport: TransportProtocol = .udp,
    relatedAddress: TransportAddress? = nil
  ) {
    self.type = type
    self.component = component
    self.transport = transport
    self.address = address
    base = address
    self.relatedAddress = relatedAddress
    server = nil
    self.foundation = foundation
    self.priority = priority
  }
}

extension Candidate: CustomStringConvertible {
  /// The address and the type's short name: `203.0.113.7:40000 srflx`.
  public var description: String { "\(address) \(type.token)" }
}
