public import TransportAddress

/// The peers that a relay may be used to reach.
///
/// A relay stands inside a network: who may use it may send from there. So it refuses, unless told
/// otherwise, all that a stranger on the Internet could not reach either: the relay's own host, its
/// private networks, its link (RFC 8656 §21.1.4 and §21.4, CVE-2020-26262, CVE-2026-27624). An address
/// that carries another one is judged by both.
///
///     denied block? ─yes─▶ refused
///        │ no
///     carries an IPv4 address that is refused? ─yes─▶ refused
///        │ no
///     allowed block? ─yes─▶ allowed
///        │ no
///     class in `refusedClasses`? ─yes─▶ refused ─no─▶ allowed
public struct PeerPolicy: Hashable, Sendable {
  /// All addresses whose leading bits are those of one address.
  public struct Block: Hashable, Sendable {
    /// An address of the block.
    public let address: IPAddress
    /// How many leading bits the block's addresses share.
    public let prefixLength: Int

    /// The block of the addresses that share so many leading bits with this one.
    ///
    /// - Throws: where the address has fewer bits, or the number is negative.
    public init(_ address: IPAddress, prefixLength: Int) throws(TURNConfigurationError) {
      let bitCount = address.family == .ipv4 ? 32 : 128
      guard (0...bitCount).contains(prefixLength) else {
        throw .prefixLengthOutOfRange(prefixLength, bitCount: bitCount)
      }
      self.address = address
      self.prefixLength = prefixLength
    }

    /// Whether an address is in the block.
    public func contains(_ other: IPAddress) -> Bool {
      switch (address, other) {
      case (.v4(let address), .v4(let other)):
        return (address.rawValue ^ other.rawValue) >> UInt32(32 - prefixLength) == 0
      case (.v6(let address), .v6(let other)):
        let high = address.high ^ other.high
        guard prefixLength > 64 else { return high >> UInt64(64 - prefixLength) == 0 }
        return high == 0 && (address.low ^ other.low) >> UInt64(128 - prefixLength) == 0
      default: return false
      }
    }
  }

  /// The classes of addresses that are refused, unless a block allows them.
  public var refusedClasses: Set<AddressClass>
  /// Blocks that are allowed although their class is refused.
  public var allowed: [Block]
  /// Blocks that are refused whatever else is said about them.
  public var denied: [Block]

  /// A policy that refuses what a stranger on the Internet could not reach.
  ///
  /// Examples' addresses are allowed, as they lead nowhere.
  public init(allowed: [Block] = [], denied: [Block] = []) {
    refusedClasses = Set(AddressClass.allCases).subtracting([.global, .documentation])
    self.allowed = allowed
    self.denied = denied
  }

  /// Whether peers with this address may be reached.
  ///
  /// - Complexity: O(*n*) in the number of blocks.
  public func allows(_ address: IPAddress) -> Bool {
    if denies(address) { return false }
    if case .v6(let address) = address {
      for embedded in address.carriedIPv4 where !allows(.v4(embedded)) { return false }
    }
    return allowed.contains { $0.contains(address) }
      || !refusedClasses.contains(address.classification)
  }

  /// Whether a denied block has this address: it is refused, whatever else is said about it.
  func denies(_ address: IPAddress) -> Bool {
    denied.contains { $0.contains(address) }
  }
}

extension IPv6Address {
  /// Every IPv4 address that a host or router could take out of this address.
  ///
  /// IPv4-mapped, IPv4-compatible, NAT64 and 6to4 carry one (``IPv6Address/embeddedIPv4``), NAT64's
  /// local prefix carries it in one of two places (RFC 6052 §2.2), Teredo carries the server's and,
  /// inverted, the client's (RFC 4380 §4), and ISATAP carries one behind `0:5efe` in the interface
  /// identifier, under any prefix (RFC 5214 §6.1).
  var carriedIPv4: [IPv4Address] {
    var carried: [IPv4Address] = []
    let last = IPv4Address(rawValue: UInt32(truncatingIfNeeded: low))
    if let embeddedIPv4 { carried.append(embeddedIPv4) }
    switch classification {
    case .teredo:
      carried.append(IPv4Address(rawValue: UInt32(truncatingIfNeeded: high)))
      carried.append(IPv4Address(rawValue: ~last.rawValue))
    case .nat64 where embeddedIPv4 == nil:
      // Where the one place is used, the other is zero.
      let split = UInt32(truncatingIfNeeded: high << 16 | low >> 40 & 0xFFFF)
      if split != 0 { carried.append(IPv4Address(rawValue: split)) }
      if last.rawValue != 0 || split == 0 { carried.append(last) }
    default: break
    }
    // The universal bit of the identifier may be set or not.
    if UInt32(truncatingIfNeeded: low >> 32) & ~0x0200_0000 == 0x0000_5EFE { carried.append(last) }
    return carried
  }
}
