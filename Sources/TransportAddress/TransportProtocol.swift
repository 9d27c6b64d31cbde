/// An IP protocol number, of which UDP, TCP and ICMP have names here (IANA, RFC 791 §3.1).
@frozen
public struct TransportProtocol: RawRepresentable, Hashable, Sendable {
  public var rawValue: UInt8

  @inlinable
  public init(rawValue: UInt8) {
    self.rawValue = rawValue
  }

  @inlinable
  public static var icmp: TransportProtocol { TransportProtocol(rawValue: 1) }
  @inlinable
  public static var tcp: TransportProtocol { TransportProtocol(rawValue: 6) }
  @inlinable
  public static var udp: TransportProtocol { TransportProtocol(rawValue: 17) }
  @inlinable
  public static var icmpv6: TransportProtocol { TransportProtocol(rawValue: 58) }

  /// The version of ICMP that goes with an address.
  @inlinable
  public static func icmp(for address: IPAddress) -> TransportProtocol {
    switch address {
    case .v4: .icmp
    case .v6: .icmpv6
    }
  }
}

extension TransportProtocol: CustomStringConvertible {
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
  @inlinable
  public static func < (left: TransportProtocol, right: TransportProtocol) -> Bool {
    left.rawValue < right.rawValue
  }
}
