import TransportAddress

/// A key that can be hashed a word at a time.
protocol TableKey: Sendable {
  func mix(into hash: inout KeyHash)
}

extension TableKey {
  @inline(__always)
  func hash(seed: UInt64) -> UInt32 {
    var hash = KeyHash(seed: seed)
    mix(into: &hash)
    return hash.value
  }
}

/// A multiply-and-fold hash: a few nanoseconds for a key, where SipHash takes some tens.
struct KeyHash {
  private var state: UInt64

  init(seed: UInt64) {
    state = seed
  }

  @inline(__always)
  mutating func mix(_ word: UInt64) {
    let product = (state ^ word).multipliedFullWidth(by: 0x9E37_79B9_7F4A_7C15)
    state = product.high ^ product.low
  }

  @inline(__always)
  mutating func mix(_ scope: RemoteScope) {
    switch scope {
    case .any: break
    case .address(let address): mix(address, port: 1 << 16)
    case .endpoint(let endpoint): mix(endpoint)
    }
  }

  @inline(__always)
  mutating func mix(_ endpoint: TransportAddress) {
    mix(endpoint.address, port: UInt64(endpoint.port))
  }

  @inline(__always)
  mutating func mix(_ address: IPAddress, port: UInt64 = 0) {
    switch address {
    case .v4(let address): mix(UInt64(address.rawValue) << 32 | port)
    case .v6(let address):
      mix(address.high)
      mix(address.low)
      mix(port)
    }
  }

  /// As many bits as a ``SlotBucket`` keeps, of which the lowest are as good as the highest.
  @inline(__always)
  var value: UInt32 {
    let mixed = (state ^ state >> 32) &* 0xD6E8_FEB8_6659_FD93
    return UInt32(truncatingIfNeeded: mixed >> (64 - SlotBucket.hashBits))
  }
}

/// Secret masks for both factors of a product.
///
/// An attacker who could make a factor 0 could make all keys collide.
struct HashSeeds: Sendable {
  private let left: UInt64
  private let right: UInt64

  init(_ seed: UInt64) {
    left = seed
    right = seed << 29 | seed >> 35
  }

  /// A hash of two words, as many bits as a ``SlotBucket`` keeps.
  ///
  /// Endpoints side by side make a regular pattern of each half of a product. A second product of
  /// what the halves make together leaves nothing of it, whatever the seeds are.
  @inline(__always)
  func hash(_ left: UInt64, _ right: UInt64) -> UInt32 {
    let mixed = folded(left, right) &* 0x9E37_79B9_7F4A_7C15
    return UInt32(truncatingIfNeeded: mixed >> (64 - SlotBucket.hashBits))
  }

  /// The two halves of two words' product, one laid over the other.
  @inline(__always)
  func folded(_ left: UInt64, _ right: UInt64) -> UInt64 {
    let product = (left ^ self.left).multipliedFullWidth(by: right ^ self.right)
    return product.high ^ product.low
  }
}
