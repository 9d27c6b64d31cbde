/// An IP protocol number, with names for UDP, TCP and ICMP (RFC 791 §3.1 and IANA's registry).
@frozen
public struct TransportProtocol: RawRepresentable, Hashable, Sendable {
  /// The number in the Protocol field of IPv4 or the Next Header field of IPv6.
  public var rawValue: UInt8

  /// Creates a protocol from its number.
  @inlinable
  public init(rawValue: UInt8) {
    self.rawValue = rawValue
  }

  /// ICMP for IPv4 (RFC 792).
  @inlinable
  public static var icmp: TransportProtocol { TransportProtocol(rawValue: 1) }
  /// TCP (RFC 9293).
  @inlinable
  public static var tcp: TransportProtocol { TransportProtocol(rawValue: 6) }
  /// UDP (RFC 768).
  @inlinable
  public static var udp: TransportProtocol { TransportProtocol(rawValue: 17) }
  /// ICMP for IPv6 (RFC 4443).
  @inlinable
  public static var icmpv6: TransportProtocol { TransportProtocol(rawValue: 58) }

  /// The ICMP of the address's family.
  @inlinable
  public static func icmp(for address: IPAddress) -> TransportProtocol {
    switch address {
    case .v4: .icmp
    case .v6: .icmpv6
    }
  }
}

extension TransportProtocol: CustomStringConvertible {
  /// The protocol's name; `protocol 47` for a number without a name here.
  public var description: String {
    switch self {
    case .icmp: "ICMP"
    case .tcp: "TCP"
    case .udp: "UDP"
    case .icmpv6: "ICMPv6"
    default: "protocol \(rawValue)"
    }
  }
}

extension TransportProtocol: Comparable {
  /// Orders by number.
  @inlinable
  public static func < (left: TransportProtocol, right: TransportProtocol) -> Bool {
    left.rawValue < right.rawValue
  }
}
