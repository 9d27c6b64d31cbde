/// SplitMix64: a generator of random numbers that its seed determines, for repeatable runs.
///
/// It is fast and even, and no use for secrets: its state follows from one output.
@frozen
public struct SeededGenerator: RandomNumberGenerator, Hashable, Sendable {
  /// What the next number follows from; the seed at first.
  public var state: UInt64

  /// A generator that gives the same numbers for the same seed.
  @inlinable
  public init(seed: UInt64) {
    state = seed
  }

  /// The next number, each of 2⁶⁴ equally likely.
  @inlinable
  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var word = state
    word = (word ^ word >> 30) &* 0xBF58_476D_1CE4_E5B9
    word = (word ^ word >> 27) &* 0x94D0_49BB_1331_11EB
    return word ^ word >> 31
  }
}
