public import TransportAddress

/// A transport address at which an agent might be reached, and what else ICE must know of it.
///
/// Made by the agent itself, it has a base it sends from; received from the peer, the base is not
/// known and stands in as the address (RFC 8445 §5.3).
public struct Candidate: Hashable, Sendable {
  public var type: CandidateType
  public var component: ComponentID
  public var transport: Transport
  /// Where the peer is to send.
  public var address: TransportAddress
  /// Where the agent sends from when it uses this candidate: its own socket, or the relay's.
  public var base: TransportAddress
  /// The base of a reflexive candidate, the mapped address of a relayed one: for diagnosis only.
  public var relatedAddress: TransportAddress?
  /// The STUN or TURN server that the candidate was obtained from.
  public var server: TransportAddress?
  /// Equal for candidates likely to work or fail alike, see `FoundationKey.swift`; 1 to 32 ice-chars.
  public var foundation: String
  /// 1 to 2³¹ − 1, see `Candidate+Priority.swift`.
  public var priority: UInt32

  /// Any candidate, with the priority and the foundation that its other properties give.
  public init(
    _ type: CandidateType, _ address: TransportAddress, base: TransportAddress,
    relatedAddress: TransportAddress? = nil, server: TransportAddress? = nil,
    component: ComponentID = 1, transport: Transport = .udp, localPreference: UInt16 = .max
  ) {
    self.type = type
    self.component = component
    self.transport = transport
    self.address = address
    self.base = base
    self.relatedAddress = relatedAddress
    self.server = server
    foundation = ""
    priority = Self.priority(
      typePreference: type.preference, localPreference: localPreference, component: component)
    foundation = FoundationKey(self).text
  }

  /// An address of the host's own; it is its own base (RFC 8445 §5.1.1.1).
  public static func host(
    _ address: TransportAddress, component: ComponentID = 1, transport: Transport = .udp,
    localPreference: UInt16 = .max
  ) -> Candidate {
    Candidate(
      .host, address, base: address, component: component, transport: transport,
      localPreference: localPreference)
  }

  /// What a STUN server answered to a Binding request sent from `base` (RFC 8445 §5.1.1.2).
  public static func serverReflexive(
    _ address: TransportAddress, base: TransportAddress, server: TransportAddress? = nil,
    component: ComponentID = 1, transport: Transport = .udp, localPreference: UInt16 = .max
  ) -> Candidate {
    Candidate(
      .serverReflexive, address, base: base, relatedAddress: base, server: server,
      component: component, transport: transport, localPreference: localPreference)
  }

  /// What the peer answered to a check sent from `base` (RFC 8445 §7.2.5.3.1).
  public static func peerReflexive(
    _ address: TransportAddress, base: TransportAddress, component: ComponentID = 1,
    transport: Transport = .udp, localPreference: UInt16 = .max
  ) -> Candidate {
    Candidate(
      .peerReflexive, address, base: base, relatedAddress: base, component: component,
      transport: transport, localPreference: localPreference)
  }

  /// What a TURN server allocated; it is its own base (RFC 8445 §5.1.1.2).
  ///
  /// `mapped` is what the server saw of the client, from the same Allocate response.
  public static func relayed(
    _ address: TransportAddress, mapped: TransportAddress, server: TransportAddress? = nil,
    component: ComponentID = 1, transport: Transport = .udp, localPreference: UInt16 = .max
  ) -> Candidate {
    Candidate(
      .relayed, address, base: address, relatedAddress: mapped, server: server,
      component: component, transport: transport, localPreference: localPreference)
  }
}

extension Candidate: CustomStringConvertible {
  /// The address and the type's short name: `203.0.113.7:40000 srflx`.
  public var description: String { "\(address) \(type.token)" }
}
