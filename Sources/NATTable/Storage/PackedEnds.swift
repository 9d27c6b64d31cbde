import TransportAddress

/// An address in two words, with which family it is kept apart.
struct PackedAddress: Equatable {
  var high: UInt64
  var low: UInt64

  @inline(__always)
  init(_ address: IPAddress) {
    switch address {
    case .v4(let address): (high, low) = (0, UInt64(address.rawValue))
    case .v6(let address): (high, low) = (address.high, address.low)
    }
  }

  @inline(__always)
  func address(isV6: Bool) -> IPAddress {
    isV6
      ? .v6(IPv6Address(high: high, low: low))
      : .v4(IPv4Address(rawValue: UInt32(truncatingIfNeeded: low)))
  }
}

extension IPAddress {
  @inline(__always)
  var isV6: Bool {
    switch self {
    case .v4: false
    case .v6: true
    }
  }
}

/// A protocol, an inside endpoint and a remote one in five words, to be hashed and compared without
/// asking which family they are of.
struct PackedEnds {
  var inside: PackedAddress
  var remote: PackedAddress
  /// From the highest bits on: the inside port, the remote port, 16 bits of the holder's own, the
  /// protocol, and what the low bits say.
  private(set) var word: UInt64

  /// The family is IPv6.
  static var v6Bit: UInt64 { 1 }
  /// The mapping was configured, so that it is for all remotes whatever others are for.
  static var fixedBit: UInt64 { 2 }

  @inline(__always)
  init(
    _ protocol: TransportProtocol, inside: TransportAddress, remote: TransportAddress,
    isFixed: Bool = false
  ) {
    self.inside = PackedAddress(inside.address)
    self.remote = PackedAddress(remote.address)
    word =
      UInt64(inside.port) << 48 | UInt64(remote.port) << 32 | UInt64(`protocol`.rawValue) << 8
      | (inside.address.isV6 ? Self.v6Bit : 0) | (isFixed ? Self.fixedBit : 0)
  }

  /// The same ends as those of a configured mapping.
  var asFixed: PackedEnds {
    var ends = self
    ends.word |= Self.fixedBit
    return ends
  }

  @inline(__always)
  var isV6: Bool { word & Self.v6Bit != 0 }

  @inline(__always)
  var `protocol`: TransportProtocol {
    TransportProtocol(rawValue: UInt8(truncatingIfNeeded: word >> 8))
  }

  @inline(__always)
  var insideEndpoint: TransportAddress {
    TransportAddress(
      inside.address(isV6: isV6), port: insidePort)
  }

  @inline(__always)
  var insidePort: UInt16 { UInt16(truncatingIfNeeded: word >> 48) }

  @inline(__always)
  var remotePort: UInt16 { UInt16(truncatingIfNeeded: word >> 32) }

  @inline(__always)
  var remoteEndpoint: TransportAddress {
    get {
      TransportAddress(remote.address(isV6: isV6), port: remotePort)
    }
    set {
      remote = PackedAddress(newValue.address)
      word = word & ~(0xFFFF << 32) | UInt64(newValue.port) << 32
    }
  }

  /// Ends of which the remote one is known as far as a scope tells; what it does not tell is 0.
  @inline(__always)
  init(_ protocol: TransportProtocol, inside: TransportAddress, scope: RemoteScope) {
    let none = TransportAddress(.v4(IPv4Address(rawValue: 0)), port: 0)
    switch scope {
    case .any: self.init(`protocol`, inside: inside, remote: none)
    case .address(let address):
      self.init(`protocol`, inside: inside, remote: TransportAddress(address, port: 0))
    case .endpoint(let endpoint): self.init(`protocol`, inside: inside, remote: endpoint)
    }
  }

  /// The 16 bits that the holder may use.
  @inline(__always)
  var spare: UInt16 {
    get { UInt16(truncatingIfNeeded: word >> 16) }
    set { word = word & ~(0xFFFF << 16) | UInt64(newValue) << 16 }
  }
}

/// Which bits of the ends decide, as masks: what a ``Behavior`` looks at.
struct EndsMask: Sendable {
  /// For both words of the remote address.
  private let remote: UInt64
  private let word: UInt64

  /// What mappings are told apart by.
  init(mapping: Behavior) {
    let ports: UInt64 = mapping == .addressAndPortDependent ? 0xFFFF_FFFF << 32 : 0xFFFF << 48
    remote = mapping == .endpointIndependent ? 0 : .max
    word = ports | 0xFF00 | PackedEnds.v6Bit | PackedEnds.fixedBit
  }

  /// The inside endpoint alone.
  @inline(__always)
  static var source: EndsMask { EndsMask(mapping: .endpointIndependent) }

  @inline(__always)
  func agree(_ left: borrowing PackedEnds, _ right: borrowing PackedEnds) -> Bool {
    let inside = (left.inside.high ^ right.inside.high) | (left.inside.low ^ right.inside.low)
    let other = (left.remote.high ^ right.remote.high) | (left.remote.low ^ right.remote.low)
    return inside | other & remote | (left.word ^ right.word) & word == 0
  }

  /// The same where one side is known to be of IPv4: its addresses have only their low words.
  @inline(__always)
  func agreeV4(_ left: borrowing PackedEnds, _ right: borrowing PackedEnds) -> Bool {
    let inside = left.inside.low ^ right.inside.low
    let other = left.remote.low ^ right.remote.low
    return inside | other & remote | (left.word ^ right.word) & word == 0
  }

  @inline(__always)
  func hash(_ ends: borrowing PackedEnds, seed: UInt64) -> UInt32 {
    let word = ends.word & self.word
    var first: UInt64
    var second: UInt64
    // Both sides of each product hide behind the seed: who could make one of them 0 could make all
    // his keys collide.
    let seeds = (seed, seed << 29 | seed >> 35)
    if ends.isV6 {
      first = folded(ends.inside.high ^ seeds.0, ends.inside.low ^ seeds.1)
      second = folded(ends.remote.high & remote ^ seeds.0, ends.remote.low & remote ^ seeds.1)
      first = folded(first ^ word ^ seeds.0, second ^ seeds.1)
    } else {
      // An IPv4 address and a port fit into a word, beside what else decides.
      first = ends.inside.low << 32 | (word >> 48) << 16 | word & 0xFFFF
      second = (ends.remote.low & remote) << 32 | (word >> 32) & 0xFFFF
      first = folded(first ^ seeds.0, second ^ seeds.1)
    }
    return UInt32(truncatingIfNeeded: (first &* Self.key) >> 32)
  }

  private static var key: UInt64 { 0x9E37_79B9_7F4A_7C15 }

  @inline(__always)
  private func folded(_ left: UInt64, _ right: UInt64) -> UInt64 {
    let product = left.multipliedFullWidth(by: right)
    return product.high ^ product.low
  }
}
