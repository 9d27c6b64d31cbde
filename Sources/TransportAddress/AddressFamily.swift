/// The family of an IP address; the raw value is the family byte of STUN (RFC 8489 §14.1).
public enum AddressFamily: UInt8, Hashable, Sendable, CaseIterable {
  case ipv4 = 0x01
  case ipv6 = 0x02
}

extension AddressFamily: CustomStringConvertible {
  /// `IPv4` or `IPv6`.
  public var description: String {
    switch self {
    case .ipv4: "IPv4"
    case .ipv6: "IPv6"
    }
  }
}

extension IPAddress {
  /// The family of the address.
  public var family: AddressFamily {
    switch self {
    case .v4: .ipv4
    case .v6: .ipv6
    }
  }
}
