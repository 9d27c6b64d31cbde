/// An IPv6 address: 128 bits as two halves in host order (RFC 4291 §2).
public struct IPv6Address: AddressText {
  /// Groups 0 to 3, the first in the most significant bits.
  public var high: UInt64

  /// Groups 4 to 7, the last in the least significant bits.
  public var low: UInt64

  /// Creates an address from its two halves in host order.
  public init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }

  /// The IPv4-mapped address `::ffff:a.b.c.d` of `address` (RFC 4291 §2.5.5.2).
  public init(mapped address: IPv4Address) {
    self.init(high: 0, low: 0xFFFF_0000_0000 | UInt64(address.rawValue))
  }

  /// The 16-bit group at `index`, 0 to 7 from the left.
  public subscript(group index: Int) -> UInt16 {
    precondition(0..<8 ~= index, "an IPv6 address has groups 0 to 7")
    let half = index < 4 ? high : low
    return UInt16(truncatingIfNeeded: half >> UInt64((3 - index % 4) * 16))
  }

  /// Orders numerically.
  public static func < (left: IPv6Address, right: IPv6Address) -> Bool {
    (left.high, left.low) < (right.high, right.low)
  }

  /// The IPv4 address embedded in this address; nil if its prefix embeds none.
  ///
  /// The prefixes are IPv4-mapped and IPv4-compatible (RFC 4291 §2.5.5), NAT64's `64:ff9b::/96`
  /// (RFC 6052) and 6to4 (RFC 3056). A filter must check this address too, or it can be bypassed.
  public var embeddedIPv4: IPv4Address? {
    switch classification {
    case .ipv4Mapped, .ipv4Compatible, .nat64:
      isIn(IPv6Address.nat64LocalPrefix, 48)
        ? nil : IPv4Address(rawValue: UInt32(truncatingIfNeeded: low))
    case .sixToFour: IPv4Address(rawValue: UInt32(truncatingIfNeeded: high >> 16))
    default: nil
    }
  }

  /// NAT64's local-use prefix; each network chooses how it embeds IPv4 addresses (RFC 8215).
  static let nat64LocalPrefix = IPv6Address(high: 0x0064_FF9B_0001_0000, low: 0)

  /// NAT64's well-known prefix (RFC 6052 §2.1).
  static let nat64Prefix = IPv6Address(high: 0x0064_FF9B_0000_0000, low: 0)

  static let mappedPrefix = IPv6Address(high: 0, low: 0xFFFF_0000_0000)

  /// Whether the first `length` bits are those of `prefix`; `length` is 1 to 128.
  func isIn(_ prefix: IPv6Address, _ length: Int) -> Bool {
    if length <= 64 { return (high ^ prefix.high) >> UInt64(64 - length) == 0 }
    return high == prefix.high && (low ^ prefix.low) >> UInt64(128 - length) == 0
  }
}
