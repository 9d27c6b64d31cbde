internal import STUNCodec
package import TransportAddress

/// A transport address as a key of the data path's dictionaries, hashed in a few instructions.
package struct EndpointKey: Hashable, Sendable {
  let endpoint: TransportAddress

  /// The key of a transport address.
  package init(_ endpoint: TransportAddress) {
    self.endpoint = endpoint
  }

  /// The key of an IP address alone.
  init(_ address: IPAddress) {
    endpoint = TransportAddress(address, port: 0)
  }

  package func hash(into hasher: inout Hasher) {
    hasher.combine(endpoint)
  }

  // A requirement of `Hashable` that the standard library's own integers meet in this way and that is
  // not documented. Without it everything works, and a look-up takes three times as long. The seed is
  // the process's own, so that nobody can choose addresses that collide.
  package func _rawHashValue(seed: Int) -> Int {
    Int(truncatingIfNeeded: endpoint.mixed(with: UInt64(truncatingIfNeeded: seed)))
  }
}

/// A 5-tuple as a key of the data path's dictionaries.
struct TupleKey: Hashable, Sendable {
  let tuple: FiveTuple

  init(_ tuple: FiveTuple) {
    self.tuple = tuple
  }

  func hash(into hasher: inout Hasher) {
    hasher.combine(tuple)
  }

  // As in `EndpointKey`.
  func _rawHashValue(seed: Int) -> Int {
    let seed = UInt64(truncatingIfNeeded: seed) &+ UInt64(tuple.protocol.rawValue)
    return Int(truncatingIfNeeded: tuple.remote.mixed(with: tuple.local.mixed(with: seed)))
  }
}

/// A channel number as a key of the data path's dictionaries.
struct ChannelKey: Hashable, Sendable {
  let number: ChannelNumber

  init(_ number: ChannelNumber) {
    self.number = number
  }

  func hash(into hasher: inout Hasher) {
    hasher.combine(number)
  }

  // As in `EndpointKey`.
  func _rawHashValue(seed: Int) -> Int {
    Int(truncatingIfNeeded: mix(UInt64(number.rawValue), UInt64(truncatingIfNeeded: seed)))
  }
}

extension TransportAddress {
  /// The address mixed into a seed.
  fileprivate func mixed(with seed: UInt64) -> UInt64 {
    switch address {
    case .v4(let address): mix(UInt64(address.rawValue) << 16 | UInt64(port), seed)
    case .v6(let address): mix(address.high, mix(address.low, mix(UInt64(port), seed)))
    }
  }
}

/// Both halves of a product: each bit of the factors changes about half of its bits.
private func mix(_ word: UInt64, _ seed: UInt64) -> UInt64 {
  let product = (word ^ 0x9E37_79B9_7F4A_7C15).multipliedFullWidth(by: seed ^ 0xD6E8_FEB8_6659_FD93)
  return product.high ^ product.low
}
