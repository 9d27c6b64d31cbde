public import TransportAddress

/// What an ICMP error says: what happened, and to which packet, as its reporter saw it (RFC 5508
/// §4).
@frozen
public struct ICMPError: Hashable, Sendable {
  /// What happened.
  public var kind: Kind
  /// The packet that it happened to.
  public var embedded: Embedded

  /// The error about a packet, as its receiver or a router on its way reports it.
  @inlinable
  public init(_ kind: Kind, about packet: Packet) {
    self.kind = kind
    embedded = Embedded(
      protocol: packet.protocol, source: packet.source, destination: packet.destination,
      isReply: packet.content == .reply)
  }

  /// The error about an embedded packet.
  @inlinable
  public init(_ kind: Kind, embedded: Embedded) {
    self.kind = kind
    self.embedded = embedded
  }

  /// What happened: type and code as they stand in the message, which a NAT does not change.
  @frozen
  public struct Kind: Hashable, Sendable {
    /// The type (RFC 792, RFC 4443 §2.1).
    public var type: UInt8
    /// The code, whose meaning depends on the type.
    public var code: UInt8

    /// A type with a code.
    @inlinable
    public init(type: UInt8, code: UInt8) {
      self.type = type
      self.code = code
    }

    // RFC 792 and RFC 1122 §3.2.2.1
    /// Destination unreachable: the host (RFC 792).
    public static let hostUnreachable = Kind(type: 3, code: 1)
    /// Destination unreachable: nothing listens at the port (RFC 792).
    public static let portUnreachable = Kind(type: 3, code: 3)
    /// Destination unreachable: the packet must be fragmented, and must not (RFC 792, RFC 1191 §4).
    public static let fragmentationNeeded = Kind(type: 3, code: 4)
    /// Destination unreachable: a rule forbids it (RFC 1812 §5.2.7.1).
    public static let administrativelyProhibited = Kind(type: 3, code: 13)
    /// Time exceeded: the time to live was used up on the way (RFC 792).
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
    /// The embedded packet's protocol.
    public var `protocol`: TransportProtocol
    /// Its source; the port is 0 where the protocol has none.
    public var source: TransportAddress
    /// Its destination; the port is 0 where the protocol has none.
    public var destination: TransportAddress
    /// Whether it is a reply to an ICMP query: its identifier is then at the destination.
    public var isReply = false

    /// An embedded packet's protocol and endpoints.
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
