public import TransportAddress

/// What an ICMP error says: what happened, and to which packet, as its reporter saw it (RFC 5508 §4).
@frozen
public struct ICMPError: Hashable, Sendable {
  public var kind: Kind
  public var embedded: Embedded

  @inlinable
  public init(_ kind: Kind, about packet: Packet) {
    self.kind = kind
    embedded = Embedded(
      protocol: packet.protocol, source: packet.source, destination: packet.destination,
      isReply: packet.content == .reply)
  }

  @inlinable
  public init(_ kind: Kind, embedded: Embedded) {
    self.kind = kind
    self.embedded = embedded
  }

  /// What happened: type and code as they stand in the message, which a NAT does not change.
  @frozen
  public struct Kind: Hashable, Sendable {
    public var type: UInt8
    public var code: UInt8

    @inlinable
    public init(type: UInt8, code: UInt8) {
      self.type = type
      self.code = code
    }

    // RFC 792 and RFC 1122 §3.2.2.1
    public static let hostUnreachable = Kind(type: 3, code: 1)
    public static let portUnreachable = Kind(type: 3, code: 3)
    public static let fragmentationNeeded = Kind(type: 3, code: 4)
    public static let administrativelyProhibited = Kind(type: 3, code: 13)
    public static let timeExceeded = Kind(type: 11, code: 0)

    /// Port unreachable as the ICMP that goes with an address has it (RFC 792, RFC 4443 §3.1).
    public static func portUnreachable(for address: IPAddress) -> Kind {
      switch address {
      case .v4: .portUnreachable
      case .v6: Kind(type: 1, code: 4)
      }
    }
  }

  /// The beginning of the packet that came to grief, which the error carries.
  @frozen
  public struct Embedded: Hashable, Sendable {
    public var `protocol`: TransportProtocol
    public var source: TransportAddress
    public var destination: TransportAddress
    /// Whether it is a reply to an ICMP query: its identifier is then at the destination.
    public var isReply = false

    @inlinable
    public init(
      protocol: TransportProtocol, source: TransportAddress, destination: TransportAddress,
      isReply: Bool = false
    ) {
      self.protocol = `protocol`
      self.source = source
      self.destination = destination
      self.isReply = isReply
    }
  }
}

extension ICMPError.Kind: CustomStringConvertible {
  /// `port unreachable`, or `error 3/1` for one that has no name here.
  public var description: String {
    switch self {
    case .hostUnreachable: "host unreachable"
    case .portUnreachable: "port unreachable"
    case .fragmentationNeeded: "fragmentation needed"
    case .administrativelyProhibited: "administratively prohibited"
    case .timeExceeded: "time exceeded"
    default: "error \(type)/\(code)"
    }
  }
}

extension ICMPError.Embedded: CustomStringConvertible {
  /// `UDP 10.0.0.2:5000 → 198.51.100.1:3478`.
  public var description: String {
    "\(`protocol`) \(source) → \(destination)"
  }
}
