/// SplitMix64: a pseudorandom number generator that is determined by its seed, for repeatable runs.
///
/// It is fast and uniform, and unfit for secrets: one output reveals its state.
@frozen
public struct SeededGenerator: RandomNumberGenerator, Hashable, Sendable {
  /// The state that determines the next number; initially the seed.
  public var state: UInt64

  /// Creates a generator; equal seeds give equal sequences.
  @inlinable
  public init(seed: UInt64) {
    state = seed
  }

  /// The next number, uniform over all 2⁶⁴ values.
  @inlinable
  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var word = state
    word = (word ^ word >> 30) &* 0xBF58_476D_1CE4_E5B9
    word = (word ^ word >> 27) &* 0x94D0_49BB_1331_11EB
    return word ^ word >> 31
  }
}
