public import TransportAddress

/// An IP protocol number, of which UDP, TCP and ICMP have names here (IANA, RFC 791 §3.1).
public struct TransportProtocol: RawRepresentable, Hashable, Sendable {
  public var rawValue: UInt8

  public init(rawValue: UInt8) {
    self.rawValue = rawValue
  }

  public static let icmp = TransportProtocol(rawValue: 1)
  public static let tcp = TransportProtocol(rawValue: 6)
  public static let udp = TransportProtocol(rawValue: 17)
  public static let icmpv6 = TransportProtocol(rawValue: 58)

  /// The version of ICMP that goes with an address.
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
  public static func < (left: TransportProtocol, right: TransportProtocol) -> Bool {
    left.rawValue < right.rawValue
  }
}
