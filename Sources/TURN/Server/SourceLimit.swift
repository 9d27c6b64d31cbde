package import SansIO
package import TransportAddress

/// How often each source may have something that costs others, though it has not proven its address.
///
/// A challenge is longer than the request that brings it about, so a server that challenged without
/// limit could be used to flood the owner of a forged source address. The table has a fixed size:
/// strangers cannot make the server remember anything. Two sources can share an entry; which ones do
/// depends on a key that only this server has.
package struct SourceLimit: Sendable {
  /// What the sources of each entry have had.
  private var debts: [Instant]
  private let key: UInt64
  private let limit: RateLimit

  /// - Parameters:
  ///   - perSecond: how many a source gets in the long run.
  ///   - burst: how many it gets at once.
  ///   - key: random bits.
  package init(perSecond: Int, burst: Int, key: UInt64) {
    debts = Array(repeating: .zero, count: 4096)
    self.key = key
    limit = RateLimit(
      interval: .nanoseconds(1_000_000_000 / Int64(max(1, perSecond))), atOnce: burst)
  }

  /// Whether a source gets one more; if so, it is counted.
  ///
  /// - Complexity: O(1); allocates nothing.
  package mutating func admits(_ source: IPAddress, at now: Instant) -> Bool {
    limit.admits(at: now, debt: &debts[index(of: source)])
  }

  /// IPv6 hosts have a /64 each, so that is what counts.
  private func index(of source: IPAddress) -> Int {
    var bits: UInt64 =
      switch source {
      case .v4(let address): UInt64(address.rawValue)
      case .v6(let address): address.high
      }
    // Multiplications that mix the key into all bits; the highest are the best mixed.
    bits = (bits ^ key) &* 0x9E37_79B9_7F4A_7C15
    bits = (bits ^ bits >> 29 ^ key) &* 0xD6E8_FEB8_6659_FD93
    return Int(bits >> 52)
  }
}
