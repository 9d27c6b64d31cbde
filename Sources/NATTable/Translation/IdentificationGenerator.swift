import SansIO
public import TransportAddress

/// Identification values for IPv4 datagrams that can be fragmented (RFC 6864 §4.3).
///
/// A value must not come again between the same ends while fragments with it may be under way. So
/// there is not one counter but many, and the ends choose one by their hash: a busy destination
/// does not use up the values of the others.
public struct IdentificationGenerator: Sendable {
  private static let size = 1024
  private var counters: [UInt16]
  private let seed: UInt64

  /// - Parameter seed: decides where each counter begins, as a guessed value helps an attacker.
  public init(seed: UInt64) {
    self.seed = seed
    var random = SeededGenerator(seed: seed)
    counters = (0..<Self.size).map { _ in UInt16(truncatingIfNeeded: random.next()) }
  }

  /// The next value for a datagram between these ends.
  ///
  /// - Complexity: O(1).
  public mutating func next(
    from source: IPv4Address, to destination: IPv4Address, _ protocol: TransportProtocol
  ) -> UInt16 {
    let ends = UInt64(source.rawValue) << 32 | UInt64(destination.rawValue)
    var word = (ends ^ seed) &* 0x9E37_79B9_7F4A_7C15
    word = (word ^ word >> 32 ^ UInt64(`protocol`.rawValue)) &* 0xBF58_476D_1CE4_E5B9
    let index = Int(truncatingIfNeeded: word >> 48) & (Self.size - 1)
    counters[index] &+= 1
    return counters[index]
  }
}
