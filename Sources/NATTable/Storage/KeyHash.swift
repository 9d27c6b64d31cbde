/// A key that can be hashed a word at a time.
protocol TableKey: Equatable, Sendable {
  func mix(into hash: inout KeyHash)
}

/// A multiply-and-fold hash: a few nanoseconds for a key, where SipHash takes some tens.
struct KeyHash {
  private var state: UInt64

  init(seed: UInt64) {
    state = seed
  }

  mutating func mix(_ word: UInt64) {
    let product = (state ^ word).multipliedFullWidth(by: 0x9E37_79B9_7F4A_7C15)
    state = product.high ^ product.low
  }

  /// 32 bits, of which the lowest are as good as the highest.
  var value: UInt32 {
    UInt32(truncatingIfNeeded: state >> 32 ^ state)
  }
}
