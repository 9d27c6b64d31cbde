public import TransportAddress

/// A candidate as gathering finds it: it has no foundation until ``LocalCandidates`` gives it one.
///
/// A foundation tells candidates apart from the others of the same agent (RFC 8445 §5.1.1.3), so it
/// cannot be had from one candidate alone.
public struct GatheredCandidate: Hashable, Sendable {
  /// How the agent obtained the candidate.
  public var type: CandidateType
  /// The component of the data stream that the candidate is for.
  public var component: ComponentID
  /// UDP, or TCP (RFC 6544).
  public var transport: TransportProtocol
  /// The transport address to which the peer sends.
  public var address: TransportAddress
  /// The transport address from which the agent sends for this candidate (RFC 8445 §4).
  public var base: TransportAddress
  /// The base of a reflexive candidate, the mapped address of a relayed one: for diagnosis only.
  public var relatedAddress: TransportAddress?
  /// The STUN or TURN server from which the candidate was obtained.
  public var server: TransportAddress?
  /// The preference among candidates of the same type (RFC 8445 §5.1.2.1).
  public var localPreference: UInt16

  /// A candidate of any type.
  public init(
    _ type: CandidateType, _ address: TransportAddress, base: TransportAddress,
    relatedAddress: TransportAddress? = nil, server: TransportAddress? = nil,
    component: ComponentID = 1, transport: TransportProtocol = .udp,
    localPreference: UInt16 = ICEConstants.highestLocalPreference
  ) {
    self.type = type
    self.component = component
    self.transport = transport
    self.address = address
    self.base = base
    self.relatedAddress = relatedAddress
    self.server = server
    self.localPreference = localPreference
  }

  /// The priority from the type's recommended preference, the local one and the component.
  ///
  /// - Complexity: O(1).
  public var priority: UInt32 {
    Candidate.priority(
      typePreference: type.preference, localPreference: localPreference, component: component)
  }

  /// A host candidate: an address of the agent's own; it is its own base (RFC 8445 §5.1.1.1).
  public static func host(
    _ address: TransportAddress, component: ComponentID = 1, transport: TransportProtocol = .udp,
    localPreference: UInt16 = ICEConstants.highestLocalPreference
  ) -> GatheredCandidate {
    GatheredCandidate(
      .host, address, base: address, component: component, transport: transport,
      localPreference: localPreference)
  }

  /// A server-reflexive candidate: the mapped address of a Binding response (RFC 8445 §5.1.1.2).
  ///
  /// `base` is the address from which the request was sent.
  public static func serverReflexive(
    _ address: TransportAddress, base: TransportAddress, server: TransportAddress? = nil,
    component: ComponentID = 1, transport: TransportProtocol = .udp,
    localPreference: UInt16 = ICEConstants.highestLocalPreference
  ) -> GatheredCandidate {
    GatheredCandidate(
      .serverReflexive, address, base: base, relatedAddress: base, server: server,
      component: component, transport: transport, localPreference: localPreference)
  }

  /// A peer-reflexive candidate: the mapped address in the response to a check (RFC 8445
  /// §7.2.5.3.1).
  ///
  /// `base` is the address from which the check was sent.
  public static func peerReflexive(
    _ address: TransportAddress, base: TransportAddress, component: ComponentID = 1,
    transport: TransportProtocol = .udp,
    localPreference: UInt16 = ICEConstants.highestLocalPreference
  ) -> GatheredCandidate {
    GatheredCandidate(
      .peerReflexive, address, base: base, relatedAddress: base, component: component,
      transport: transport, localPreference: localPreference)
  }

  /// A relayed candidate: what a TURN server allocated; it is its own base (RFC 8445 §5.1.1.2).
  ///
  /// `mapped` is the mapped address in the same Allocate response.
  public static func relayed(
    _ address: TransportAddress, mapped: TransportAddress, server: TransportAddress? = nil,
    component: ComponentID = 1, transport: TransportProtocol = .udp,
    localPreference: UInt16 = ICEConstants.highestLocalPreference
  ) -> GatheredCandidate {
    GatheredCandidate(
      .relayed, address, base: address, relatedAddress: mapped, server: server,
      component: component, transport: transport, localPreference: localPreference)
  }
}
