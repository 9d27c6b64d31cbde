extension IPv4Address {
  /// The class of the narrowest registered block that holds the address.
  ///
  /// - Complexity: O(1).
  public var classification: AddressClass {
    switch rawValue >> 24 {
    case 0: rawValue == 0 ? .unspecified : .thisNetwork
    case 10: .private
    case 100: isIn(IPv4Address(100, 64, 0, 0), 10) ? .shared : .global
    case 127: .loopback
    case 169: isIn(IPv4Address(169, 254, 0, 0), 16) ? .linkLocal : .global
    case 172: isIn(IPv4Address(172, 16, 0, 0), 12) ? .private : .global
    case 192: classificationIn192
    case 198:
      if isIn(IPv4Address(198, 18, 0, 0), 15) {
        .benchmarking
      } else {
        isIn(IPv4Address(198, 51, 100, 0), 24) ? .documentation : .global
      }
    case 203: isIn(IPv4Address(203, 0, 113, 0), 24) ? .documentation : .global
    case 224...239: .multicast
    case 240...255: rawValue == .max ? .broadcast : .reserved
    default: .global
    }
  }

  private var classificationIn192: AddressClass {
    switch rawValue >> 8 {
    case 0xC0_0000: .protocolAssignment  // 192.0.0.0/24
    case 0xC0_0002: .documentation  // 192.0.2.0/24
    default: isIn(IPv4Address(192, 168, 0, 0), 16) ? .private : .global
    }
  }
}

extension IPv6Address {
  /// The class of the narrowest registered block that holds the address.
  ///
  /// An IPv4-mapped address is `ipv4Mapped`, whatever it maps: ask ``embeddedIPv4`` for that.
  /// - Complexity: O(1).
  public var classification: AddressClass {
    switch self[group: 0] {
    case 0x0000: classificationInZero
    case 0x0064: isIn(.nat64Prefix, 96) || isIn(.nat64LocalPrefix, 48) ? .nat64 : .reserved
    case 0x0100: isIn(IPv6Address(high: 0x0100 << 48, low: 0), 64) ? .discardOnly : .reserved
    case 0x2001: classificationIn2001
    case 0x2002: .sixToFour
    case 0x3FFF: self[group: 1] < 0x1000 ? .documentation : .global  // 3fff::/20
    case 0x2000...0x3FFE: .global
    case 0xFC00...0xFDFF: .uniqueLocal
    case 0xFE80...0xFEBF: .linkLocal
    case 0xFEC0...0xFEFF: .siteLocal
    case 0xFF00...0xFFFF: .multicast
    default: .reserved
    }
  }

  private var classificationInZero: AddressClass {
    if high == 0, low == 0 { return .unspecified }
    if high == 0, low == 1 { return .loopback }
    if isIn(.mappedPrefix, 96) { return .ipv4Mapped }
    return high == 0 && low >> 32 == 0 ? .ipv4Compatible : .reserved
  }

  private var classificationIn2001: AddressClass {
    switch self[group: 1] {
    case 0x0000: .teredo
    case 0x0002: self[group: 2] == 0 ? .benchmarking : .protocolAssignment  // 2001:2::/48
    case 0x0001...0x01FF: .protocolAssignment  // 2001::/23
    case 0x0DB8: .documentation
    default: .global
    }
  }
}
