public import TransportAddress

/// A prefix by which IPv6-only hosts address IPv4 hosts, as NAT64 uses it (RFC 6052 §2.2).
///
/// The 32 bits of the IPv4 address follow the prefix, but skip bits 64 to 71, which are zero (the
/// "u" octet). The well-known prefix is `64:ff9b::/96`.
public struct EmbeddedIPv4Prefix: Hashable, Sendable {
  /// The prefix, its other bits 0.
  public let prefix: IPv6Address

  /// 32, 40, 48, 56, 64 or 96.
  public let length: Int

  /// `64:ff9b::/96`, which must not carry private addresses (RFC 6052 §3.1).
  public static let wellKnown = Self(high: 0x0064_FF9B << 32, length: 96)

  private init(high: UInt64, length: Int) {
    prefix = IPv6Address(high: high, low: 0)
    self.length = length
  }

  /// A prefix of one of the six lengths; bits behind it are ignored.
  ///
  /// - Returns: nil for any other length, and for a /96 whose bits 64 to 71 are not zero.
  public init?(_ prefix: IPv6Address, length: Int) {
    guard [32, 40, 48, 56, 64, 96].contains(length) else { return nil }
    let high = length >= 64 ? prefix.high : prefix.high & UInt64.max << UInt64(64 - length)
    let low = length == 96 ? prefix.low & 0xFFFF_FFFF_0000_0000 : 0
    guard low >> 56 == 0 else { return nil }
    self.prefix = IPv6Address(high: high, low: low)
    self.length = length
  }

  /// The IPv6 address that stands for an IPv4 host.
  ///
  /// - Complexity: O(1).
  public func address(for host: IPv4Address) -> IPv6Address {
    let bits = UInt64(host.rawValue)
    if length == 96 { return IPv6Address(high: prefix.high, low: prefix.low | bits) }
    // As many bits as fit before bit 64, the others behind the octet at 64 to 71.
    let fitting = UInt64(64 - length)
    let before = fitting >= 32 ? bits << (fitting - 32) : bits >> (32 - fitting)
    let behind = fitting >= 32 ? 0 : bits << (24 + fitting) & 0x00FF_FFFF_FFFF_FFFF
    return IPv6Address(high: prefix.high | before, low: behind)
  }

  /// The IPv4 host that an address stands for; nil if it has another prefix or a wrong u octet.
  ///
  /// - Complexity: O(1).
  public func host(in address: IPv6Address) -> IPv4Address? {
    let host: UInt32
    if length == 96 {
      host = UInt32(truncatingIfNeeded: address.low)
    } else {
      let fitting = UInt64(64 - length)
      let before = fitting >= 32 ? address.high >> (fitting - 32) : address.high << (32 - fitting)
      let behind = fitting >= 32 ? 0 : address.low >> (24 + fitting)
      let mask = fitting >= 32 ? 0 : UInt32.max >> UInt32(fitting)
      host =
        UInt32(truncatingIfNeeded: before) & ~mask | UInt32(truncatingIfNeeded: behind) & mask
    }
    let found = IPv4Address(rawValue: host)
    // The suffix is reserved for later use and should be ignored; what counts is the rest.
    let again = self.address(for: found)
    let keptLow: UInt64 = length == 96 ? .max : 0xFF00_0000_0000_0000
    guard again.high == address.high, again.low & keptLow == address.low & keptLow else {
      return nil
    }
    return found
  }
}
