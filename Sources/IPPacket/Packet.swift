public import TransportAddress

/// What a NAT needs to see of a packet: its ends, and what they say to each other. The payload
/// stays where it is.
///
/// The identifier of an ICMP query stands in the port of the end that asks, in the query and in its
/// reply; the other end's port is 0, as are both in an ICMP error and in a later fragment.
@frozen
public struct Packet: Hashable, Sendable {
  /// The transport protocol.
  public var `protocol`: TransportProtocol
  /// The source; for the port see above.
  public var source: TransportAddress
  /// The destination; for the port see above.
  public var destination: TransportAddress

  /// The payload's length in bytes, for those who count traffic.
  public var payloadLength: Int

  /// What kind of packet it is.
  public var content: Content

  /// The packet's part in a datagram that was cut up; nil if it is whole.
  public var fragment: Fragment?

  /// What kind of packet it is, as far as that decides what a NAT does with it.
  @frozen
  public enum Content: Hashable, Sendable {
    /// UDP, or any protocol of which the NAT sees no more than the ends.
    case datagram
    /// TCP, with the control bits that open and close connections.
    case segment(TCPFlags)
    /// An ICMP message that asks, such as an echo request (RFC 5508 §2).
    case query
    /// The answer to an ICMP query.
    case reply
    /// An ICMP message about a packet that came to grief.
    case error(ICMPError)
  }

  /// - Parameter protocol: TCP makes a segment without control bits, ICMP a query.
  @inlinable
  public init(
    _ protocol: TransportProtocol = .udp, from source: TransportAddress,
    to destination: TransportAddress, payloadLength: Int = 0
  ) {
    self.protocol = `protocol`
    self.source = source
    self.destination = destination
    self.payloadLength = payloadLength
    content =
      switch `protocol` {
      case .tcp: .segment([])
      case .icmp, .icmpv6: .query
      default: .datagram
      }
  }
}

extension Packet {
  /// A TCP segment.
  public static func tcp(
    _ flags: TCPFlags, from source: TransportAddress, to destination: TransportAddress
  ) -> Packet {
    var packet = Packet(.tcp, from: source, to: destination)
    packet.content = .segment(flags)
    return packet
  }

  /// An ICMP query, such as an echo request, from one address to another.
  public static func query(
    from source: IPAddress, identifier: UInt16, to destination: IPAddress
  ) -> Packet {
    Packet(
      .icmp(for: source), from: TransportAddress(source, port: identifier),
      to: TransportAddress(destination, port: 0))
  }

  /// An ICMP error that `reporter` sends to the source of a packet that it cannot deliver.
  public static func error(
    _ kind: ICMPError.Kind, from reporter: IPAddress, about packet: Packet
  ) -> Packet {
    var error = Packet(
      .icmp(for: reporter), from: TransportAddress(reporter, port: 0),
      to: TransportAddress(packet.source.address, port: 0))
    error.content = .error(ICMPError(kind, about: packet))
    return error
  }

  /// The packet that the receiver sends back: the ends are swapped, a query gets its reply, and a
  /// SYN is acknowledged by another.
  public var reply: Packet {
    var reply = Packet(`protocol`, from: destination, to: source)
    switch content {
    case .segment(let flags): reply.content = .segment(flags == .syn ? [.syn, .ack] : flags)
    case .query: reply.content = .reply
    default: break
    }
    return reply
  }

  // Packets are asked for their content by pattern: a comparison of two would be a call.

  /// Whether the packet is an ICMP query.
  @inlinable
  package var isQuery: Bool {
    if case .query = content { true } else { false }
  }

  /// Whether the packet is the reply to an ICMP query.
  @inlinable
  package var isReply: Bool {
    if case .reply = content { true } else { false }
  }

  /// Whether the packet is an ICMP error.
  @inlinable
  package var isError: Bool {
    if case .error = content { true } else { false }
  }

  /// Whether the packet carries no ports, being a fragment other than the first.
  @inlinable
  package var isLaterFragment: Bool {
    fragment.map { $0.offset > 0 } ?? false
  }
}

extension Packet: CustomStringConvertible {
  /// `UDP 10.0.0.2:5000 → 198.51.100.1:3478`, and what makes it special if anything does.
  public var description: String {
    let ends =
      switch content {
      case .query: "query \(source) → \(destination.address)"
      case .reply: "reply \(source.address) → \(destination)"
      case .error(let error):
        "\(name(of: error.kind)) \(source.address) → \(destination.address) about \(error.embedded)"
      case .segment(let flags) where !flags.isEmpty: "\(flags) \(source) → \(destination)"
      case .segment, .datagram: "\(source) → \(destination)"
      }
    guard let fragment else { return "\(`protocol`) \(ends)" }
    if fragment.offset == 0 { return "\(`protocol`) \(ends), \(fragment)" }
    return "\(`protocol`) \(source.address) → \(destination.address), \(fragment)"
  }

  /// Errors have the same names in both versions of ICMP, but not the same numbers (RFC 4443 §3).
  package func name(of kind: ICMPError.Kind) -> String {
    guard `protocol` == .icmpv6 else { return kind.description }
    return switch (kind.type, kind.code) {
    case (1, 0), (1, 3): ICMPError.Kind.hostUnreachable.description
    case (1, 1): ICMPError.Kind.administrativelyProhibited.description
    case (1, 4): ICMPError.Kind.portUnreachable.description
    case (2, _): "packet too big"
    case (3, 0): ICMPError.Kind.timeExceeded.description
    default: "error \(kind.type)/\(kind.code)"
    }
  }
}
