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
  /// Equal for candidates that are likely to work or to fail alike (RFC 8445 §5.1.1.3).
  public var foundation: CandidateFoundation
  /// The component of the data stream that the candidate is for.
  public var component: ComponentID
  /// UDP, TCP, or a transport protocol that is not known here.
  public var transport: Transport
  /// The candidate's priority, 1 to 2³¹ − 1.
  public var priority: UInt32
  /// The address or the name at which the peer can be reached.
  public var host: Host
  /// The port; 0 and 9 occur where it is not known.
  public var port: UInt16
  /// How the peer obtained the candidate.
  public var type: CandidateType
  /// The related address; nil as well if its host is a name or its port is missing.
  public var relatedAddress: TransportAddress?
  /// The name and value pairs at the end, such as `tcptype active` or `ufrag 8hhY`.
  public var extensions: [Extension]

  /// The transport protocol in a candidate line: a token, of which RFC 8839 §5.1 defines `UDP`.
  ///
  /// A line may name what is no IP protocol, such as `SSLTCP`, so ``TransportProtocol`` does not do
  /// here.
  public enum Transport: Hashable, Sendable {
    /// `UDP`, the one that RFC 8445 is about.
    case udp
    /// `TCP` (RFC 6544).
    case tcp
    /// Any other token, in capitals; agents ignore a candidate that has one.
    case other(String)

    /// Reads a token, in any case of letters.
    public init(token: some StringProtocol) {
      switch token.uppercased() {
      case "UDP": self = .udp
      case "TCP": self = .tcp
      case let other: self = .other(other)
      }
    }

    /// The token of an IP protocol; the number stands for one that is neither UDP nor TCP.
    public init(_ transport: TransportProtocol) {
      switch transport {
      case .udp: self = .udp
      case .tcp: self = .tcp
      default: self = .other(String(transport.rawValue))
      }
    }

    /// The IP protocol; nil for a token that is not known here.
    public var transportProtocol: TransportProtocol? {
      switch self {
      case .udp: .udp
      case .tcp: .tcp
      case .other: nil
      }
    }
  }

  /// The place of a candidate: an address, or what no pair can be made of.
  public enum Host: Hashable, Sendable {
    /// An IP address.
    case address(IPAddress)
    /// A domain name, such as the `….local` names of mDNS that hide a host's addresses.
    case name(String)
    /// An IPv6 address with a zone, as `fe80::1%eth0`: it leads somewhere on its sender's host alone
    /// (RFC 4007 §11.2).
    case zoned(String)
  }

  /// A name and a value at the end of the line.
  public struct Extension: Hashable, Sendable {
    /// The extension's name, without spaces.
    public var name: String
    /// The extension's value, without spaces.
    public var value: String

    /// An extension with this name and this value.
    public init(name: String, value: String) {
      self.name = name
      self.value = value
    }
  }

  /// The line that tells the peer of a local candidate.
  public init(_ candidate: Candidate) {
    foundation = candidate.foundation
    component = candidate.component
    transport = Transport(candidate.transport)
    priority = candidate.priority
    host = .address(candidate.address.address)
    port = candidate.address.port
    type = candidate.type
    relatedAddress = candidate.relatedAddress
    extensions = []
  }

  /// The remote candidate; nil if its host is no address or its transport is not known here.
  ///
  /// The peer's base is not known: the address stands in its place.
  public var candidate: Candidate? {
    guard case .address(let address) = host, let transport = transport.transportProtocol else {
      return nil
    }
    return Candidate(
      remote: type, TransportAddress(address, port: port), foundation: foundation,
      priority: priority, component: component, transport: transport,
      relatedAddress: relatedAddress)
  }
}

extension CandidateAttribute.Transport: CustomStringConvertible {
  /// The token as a candidate line has it, in capitals.
  public var description: String {
    switch self {
    case .udp: "UDP"
    case .tcp: "TCP"
    case .other(let token): token
    }
  }
}

extension CandidateAttribute.Host: CustomStringConvertible {
  /// The address or the name, as the line has it.
  public var description: String {
    switch self {
    case .address(let address): "\(address)"
    case .name(let text), .zoned(let text): text
    }
  }
}

extension CandidateAttribute: CustomStringConvertible {
  /// The line, without `a=` and line end.
  public var description: String {
    var line =
      "candidate:\(foundation) \(component) \(transport) \(priority) \(host) \(port) typ \(type.token)"
    if let relatedAddress {
      line += " raddr \(relatedAddress.address) rport \(relatedAddress.port)"
    }
    for item in extensions { line += " \(item.name) \(item.value)" }
    return line
  }
}
