import TransportAddress

/// An endpoint as it is stored: IPv4's in one word, IPv6's with the rest of the address beside it.
///
///     word   ┌─ the last 32 bits of the address ─┬── port ──┬── 0 ──┐
///     middle └─ the 32 bits before those         │ high: the first 64
///
struct PackedEndpoint {
  var word: UInt64
  /// What IPv6 addresses have besides; 0 in IPv4.
  var high: UInt64 = 0
  var middle: UInt32 = 0
  var isV6 = false

  @inline(__always)
  init(_ endpoint: TransportAddress) {
    switch endpoint.address {
    case .v4(let address): self.init(address, port: endpoint.port)
    case .v6(let address):
      self.init(
        word: address.low << 32 | UInt64(endpoint.port) << 16, high: address.high,
        middle: UInt32(truncatingIfNeeded: address.low >> 32), isV6: true)
    }
  }

  @inline(__always)
  init(_ address: IPv4Address, port: UInt16) {
    word = UInt64(address.rawValue) << 32 | UInt64(port) << 16
  }

  /// - Parameter word: whose lowest 16 bits are somebody else's.
  @inline(__always)
  fileprivate init(word: UInt64, high: UInt64, middle: UInt32, isV6: Bool) {
    self.word = word & ~0xFFFF
    self.high = high
    self.middle = middle
    self.isV6 = isV6
  }

  @inline(__always)
  var endpoint: TransportAddress {
    let last = UInt32(truncatingIfNeeded: word >> 32)
    let address: IPAddress =
      isV6
      ? .v6(IPv6Address(high: high, low: UInt64(middle) << 32 | UInt64(last)))
      : .v4(IPv4Address(rawValue: last))
    return TransportAddress(address, port: port)
  }

  @inline(__always)
  var port: UInt16 { UInt16(truncatingIfNeeded: word >> 16) }
}

/// A protocol, an inside endpoint and a remote one of IPv4, in two words: few instructions hash and
/// compare them.
struct PackedEndsV4 {
  /// The inside endpoint's word; its lowest bits are the protocol and eight flags.
  fileprivate(set) var inside: UInt64
  /// The remote endpoint's word; its lowest 16 bits are the holder's own.
  fileprivate(set) var remote: UInt64

  @inline(__always)
  init(_ protocol: TransportProtocol, inside: PackedEndpoint, remote: PackedEndpoint) {
    self.inside = inside.word | UInt64(`protocol`.rawValue) << 8
    self.remote = remote.word
  }

  /// Nil if they are not both of IPv4.
  @inline(__always)
  init?(_ protocol: TransportProtocol, _ inside: TransportAddress, _ remote: TransportAddress) {
    guard case .v4(let source) = inside.address, case .v4(let destination) = remote.address else {
      return nil
    }
    self.init(
      `protocol`, inside: PackedEndpoint(source, port: inside.port),
      remote: PackedEndpoint(destination, port: remote.port))
  }

  @inline(__always)
  var `protocol`: TransportProtocol {
    TransportProtocol(rawValue: UInt8(truncatingIfNeeded: inside >> 8))
  }
}

/// A protocol, an inside endpoint and a remote one of either family, in 40 bytes.
struct PackedEnds {
  /// Those of IPv4 differ in nothing else.
  private(set) var words: PackedEndsV4
  private var insideHigh: UInt64
  private var remoteHigh: UInt64
  private var insideMiddle: UInt32
  private var remoteMiddle: UInt32

  /// The family is IPv6.
  private static var v6Bit: UInt64 { 1 }
  /// The mapping was configured, so that it is for all remotes whatever others are for.
  private static var fixedBit: UInt64 { 2 }

  @inline(__always)
  init(
    _ protocol: TransportProtocol, inside: PackedEndpoint, remote: PackedEndpoint,
    isFixed: Bool = false
  ) {
    words = PackedEndsV4(`protocol`, inside: inside, remote: remote)
    words.inside |= (inside.isV6 ? Self.v6Bit : 0) | (isFixed ? Self.fixedBit : 0)
    insideHigh = inside.high
    remoteHigh = remote.high
    insideMiddle = inside.middle
    remoteMiddle = remote.middle
  }

  init(_ ends: PackedEndsV4) {
    words = ends
    (insideHigh, remoteHigh, insideMiddle, remoteMiddle) = (0, 0, 0, 0)
  }

  /// Ends of which the remote one is known as far as a scope tells; what it does not tell is 0.
  init(_ protocol: TransportProtocol, inside: TransportAddress, scope: RemoteScope) {
    let remote =
      switch scope {
      case .any: PackedEndpoint(IPv4Address(rawValue: 0), port: 0)
      case .address(let address): PackedEndpoint(TransportAddress(address, port: 0))
      case .endpoint(let endpoint): PackedEndpoint(endpoint)
      }
    self.init(`protocol`, inside: PackedEndpoint(inside), remote: remote)
  }

  /// The same ends as those of a configured mapping.
  var asFixed: PackedEnds {
    var ends = self
    ends.words.inside |= Self.fixedBit
    return ends
  }

  @inline(__always)
  var isV6: Bool { words.inside & Self.v6Bit != 0 }

  @inline(__always)
  var `protocol`: TransportProtocol { words.protocol }

  @inline(__always)
  var insideEndpoint: PackedEndpoint {
    PackedEndpoint(word: words.inside, high: insideHigh, middle: insideMiddle, isV6: isV6)
  }

  @inline(__always)
  var remoteEndpoint: PackedEndpoint {
    get { PackedEndpoint(word: words.remote, high: remoteHigh, middle: remoteMiddle, isV6: isV6) }
    set {
      words.remote = newValue.word | UInt64(spare)
      remoteHigh = newValue.high
      remoteMiddle = newValue.middle
    }
  }

  /// The 16 bits that the holder may use.
  @inline(__always)
  var spare: UInt16 {
    get { UInt16(truncatingIfNeeded: words.remote) }
    set { words.remote = words.remote & ~0xFFFF | UInt64(newValue) }
  }
}

/// Which bits of the remote endpoint count, as masks: what a ``Behavior`` looks at.
struct RemoteMask: Sendable {
  /// For the endpoint's word.
  private let word: UInt64
  /// For what IPv6 addresses have besides.
  private let rest: UInt64

  init(_ behavior: Behavior) {
    switch behavior {
    case .endpointIndependent: (word, rest) = (0, 0)
    case .addressDependent: (word, rest) = (0xFFFF_FFFF << 32, .max)
    case .addressAndPortDependent: (word, rest) = (0xFFFF_FFFF_FFFF << 16, .max)
    }
  }

  /// What counts for either of two.
  init(_ one: RemoteMask, or other: RemoteMask) {
    word = one.word | other.word
    rest = one.rest | other.rest
  }

  /// The remote does not count at all.
  @inline(__always)
  static var none: RemoteMask { RemoteMask(.endpointIndependent) }

  /// All of it counts.
  @inline(__always)
  static var endpoint: RemoteMask { RemoteMask(.addressAndPortDependent) }

  // MARK: - The remote alone

  @inline(__always)
  func agree(_ ends: borrowing PackedEnds, _ remote: PackedEndpoint) -> Bool {
    if rest != 0, ends.isV6 != remote.isV6 { return false }
    return agreeWithinFamily(ends, remote)
  }

  /// The same where both sides are known to be of the same family.
  @inline(__always)
  func agreeWithinFamily(_ ends: borrowing PackedEnds, _ remote: PackedEndpoint) -> Bool {
    if (ends.words.remote ^ remote.word) & word != 0 { return false }
    if !remote.isV6 { return true }
    let other = ends.remoteEndpoint
    return ((other.high ^ remote.high) | UInt64(other.middle ^ remote.middle)) & rest == 0
  }

  // MARK: - Both ends

  @inline(__always)
  func agree(_ left: borrowing PackedEnds, _ right: borrowing PackedEnds) -> Bool {
    if !agree(left.words, right.words) { return false }
    let (one, other) = (left.insideEndpoint, right.insideEndpoint)
    if (one.high ^ other.high) | UInt64(one.middle ^ other.middle) != 0 { return false }
    return agree(left, right.remoteEndpoint)
  }

  /// The same where one side is known to be of IPv4; the other's family is a bit of its inside word.
  @inline(__always)
  func agree(_ left: PackedEndsV4, _ right: PackedEndsV4) -> Bool {
    (left.inside ^ right.inside) | ((left.remote ^ right.remote) & word) == 0
  }

  @inline(__always)
  func hash(_ ends: borrowing PackedEnds, _ seeds: HashSeeds) -> UInt32 {
    ends.isV6 ? hashV6(ends, seeds) : hash(ends.words, seeds)
  }

  @inline(__always)
  func hash(_ ends: PackedEndsV4, _ seeds: HashSeeds) -> UInt32 {
    shortened(seeds.folded(ends.inside, ends.remote & word))
  }

  private func hashV6(_ ends: borrowing PackedEnds, _ seeds: HashSeeds) -> UInt32 {
    let (inside, remote) = (ends.insideEndpoint, ends.remoteEndpoint)
    let middles = UInt64(inside.middle) << 32 | UInt64(remote.middle) & rest
    let first = seeds.folded(ends.words.inside, inside.high)
    let second = seeds.folded(ends.words.remote & word, remote.high & rest)
    return shortened(seeds.folded(first ^ middles, second))
  }

  /// What endpoints side by side fold to differs in a regular way, which another product breaks.
  @inline(__always)
  private func shortened(_ word: UInt64) -> UInt32 {
    UInt32(truncatingIfNeeded: (word &* 0x9E37_79B9_7F4A_7C15) >> (64 - SlotBucket.hashBits))
  }
}

/// What both sides of a product hide behind: who could make one of them 0 could make all his keys
/// collide.
struct HashSeeds: Sendable {
  private let left: UInt64
  private let right: UInt64

  init(_ seed: UInt64) {
    left = seed
    right = seed << 29 | seed >> 35
  }

  /// The two halves of a product, one over the other.
  @inline(__always)
  func folded(_ left: UInt64, _ right: UInt64) -> UInt64 {
    let product = (left ^ self.left).multipliedFullWidth(by: right ^ self.right)
    return product.high ^ product.low
  }
}
