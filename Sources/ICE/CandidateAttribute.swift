public import TransportAddress

/// A candidate as SDP and signalling carry it: `candidate:1 1 UDP 2130706431 …` (RFC 8839 §5.1).
///
/// ```
/// candidate:1 1 UDP 2130706431 10.0.0.2 5000 typ host
/// candidate:2 1 UDP 1694498815 203.0.113.7 40000 typ srflx raddr 10.0.0.2 rport 5000
///           │ │ │   │          │           │         │     └ related address and port
///           │ │ │   │          address     port      type
///           │ │ │   priority
///           │ │ transport
///           │ component ID
///           foundation
/// ```
public struct CandidateAttribute: Hashable, Sendable {
  public var foundation: String
  public var component: ComponentID
  public var transport: Candidate.Transport
  public var priority: UInt32
  public var host: Host
  public var port: UInt16
  public var type: CandidateType
  /// nil as well if the peer sent a name or half an address there: it is for diagnosis only.
  public var relatedAddress: TransportAddress?
  /// What follows, such as `tcptype active` or `ufrag 8hhY`, known here or not.
  public var extensions: [Extension]

  /// Where the candidate is: an address, or a name still to be resolved.
  public enum Host: Hashable, Sendable {
    case address(IPAddress)
    /// Such as the `….local` names of RFC 8839 §5.1 and mDNS, which hide a host's addresses.
    case name(String)
  }

  /// A name and a value at the end of the line.
  public struct Extension: Hashable, Sendable {
    public var name: String
    public var value: String

    public init(name: String, value: String) {
      self.name = name
      self.value = value
    }
  }

  /// What to send to the peer for a candidate of one's own.
  public init(_ candidate: Candidate) {
    foundation = candidate.foundation
    component = candidate.component
    transport = candidate.transport
    priority = candidate.priority
    host = .address(candidate.address.address)
    port = candidate.address.port
    type = candidate.type
    relatedAddress = candidate.relatedAddress
    extensions = []
  }

  /// The candidate; nil while its host is only a name, which is to be resolved or ignored.
  ///
  /// The peer's base is unknown here, and the address stands in for it.
  public var candidate: Candidate? {
    guard case .address(let address) = host else { return nil }
    let place = TransportAddress(address, port: port)
    var candidate = Candidate(
      type, place, base: place, relatedAddress: relatedAddress, component: component,
      transport: transport)
    candidate.foundation = foundation
    candidate.priority = priority
    return candidate
  }
}

extension CandidateAttribute: CustomStringConvertible {
  /// The line, without `a=` and line end.
  public var description: String {
    let place =
      switch host {
      case .address(let address): "\(address)"
      case .name(let name): name
      }
    var line =
      "candidate:\(foundation) \(component) \(transport) \(priority) \(place) \(port) typ \(type.token)"
    if let relatedAddress {
      line += " raddr \(relatedAddress.address) rport \(relatedAddress.port)"
    }
    for item in extensions { line += " \(item.name) \(item.value)" }
    return line
  }
}
