internal import STUNCodec
internal import SansIO
package import TransportAddress

/// A transport address as a key of the data path's dictionaries, compared and hashed in a few instructions.
package struct EndpointKey: Hashable, SlotKey {
  private let words: EndpointWords

  /// The key of a transport address.
  package init(_ endpoint: TransportAddress) {
    words = EndpointWords(endpoint.address, port: endpoint.port)
  }

  /// The key of an IP address alone.
  init(_ address: IPAddress) {
    words = EndpointWords(address, port: 0)
  }

  package func hash(into hasher: inout Hasher) {
    hasher.combine(words)
  }

  // A requirement of `Hashable` that the standard library's own integers meet in this way and that is
  // not documented. Without it everything works, and a look-up takes three times as long. The seed is
  // the process's own, so that nobody can choose addresses that collide.
  package func _rawHashValue(seed: Int) -> Int {
    Int(truncatingIfNeeded: mixed(with: UInt64(truncatingIfNeeded: seed)))
  }

  @inline(__always)
  package func mixed(with seed: UInt64) -> UInt64 { words.mixed(with: seed) }

  @inline(__always)
  package static func == (left: EndpointKey, right: EndpointKey) -> Bool {
    left.words.difference(from: right.words) == 0
  }
}

/// A 5-tuple as a key of the data path's tables.
struct TupleKey: SlotKey {
  private let local: EndpointWords
  private let remote: EndpointWords
  private let `protocol`: UInt64

  @inline(__always)
  init(_ tuple: FiveTuple) {
    local = EndpointWords(tuple.local.address, port: tuple.local.port)
    remote = EndpointWords(tuple.remote.address, port: tuple.remote.port)
    `protocol` = UInt64(tuple.protocol.rawValue)
  }

  @inline(__always)
  static func == (left: TupleKey, right: TupleKey) -> Bool {
    left.remote.difference(from: right.remote) | left.local.difference(from: right.local)
      | (left.protocol ^ right.protocol) == 0
  }

  @inline(__always)
  func mixed(with seed: UInt64) -> UInt64 {
    remote.mixed(with: local.mixed(with: seed &+ `protocol`))
  }
}

/// A transport address as numbers: to compare enums takes several times as long.
private struct EndpointWords: Hashable, Sendable {
  private let high: UInt64
  /// The lower half of an IPv6 address, or an IPv4 address.
  private let low: UInt64
  /// The port, and above it a bit that tells families apart.
  private let rest: UInt64

  @inline(__always)
  init(_ address: IPAddress, port: UInt16) {
    switch address {
    case .v4(let address): (high, low, rest) = (0, UInt64(address.rawValue), UInt64(port))
    case .v6(let address): (high, low, rest) = (address.high, address.low, UInt64(port) | 1 << 16)
    }
  }

  /// Zero if they are equal, without a branch for each number.
  @inline(__always)
  func difference(from other: EndpointWords) -> UInt64 {
    (high ^ other.high) | (low ^ other.low) | (rest ^ other.rest)
  }

  /// The numbers mixed into a seed.
  @inline(__always)
  func mixed(with seed: UInt64) -> UInt64 {
    rest >> 16 == 0 ? mix(low << 16 | rest, seed) : mix(high, mix(low, mix(rest, seed)))
  }
}

/// A channel number as a key of the data path's tables.
struct ChannelKey: SlotKey {
  private let number: UInt16

  init(_ number: ChannelNumber) {
    self.number = number.rawValue
  }

  func mixed(with seed: UInt64) -> UInt64 { mix(UInt64(number), seed) }
}

/// Both halves of a product: each bit of the factors changes about half of its bits.
func mix(_ word: UInt64, _ seed: UInt64) -> UInt64 {
  let product = (word ^ 0x9E37_79B9_7F4A_7C15).multipliedFullWidth(by: seed ^ 0xD6E8_FEB8_6659_FD93)
  return product.high ^ product.low
}
