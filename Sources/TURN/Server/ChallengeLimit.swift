package import SansIO
package import TransportAddress

/// How many responses a source may get that has not proven its address.
///
/// A challenge is longer than the request that brings it about, so a server that challenged without
/// limit could be used to flood the owner of a forged source address. The table has a fixed size:
/// strangers cannot make the server remember anything. Two sources can share an entry; which ones do
/// depends on a key that only this server has.
package struct ChallengeLimit: Sendable {
  /// When the entry's sources would have used up what they got, each response taking an interval.
  private var debts: [Instant]
  private let key: UInt64
  private let interval: Duration
  private let burst: Duration

  /// - Parameters:
  ///   - perSecond: the responses that a source gets in the long run.
  ///   - burst: how many it gets at once.
  ///   - key: random bits.
  package init(perSecond: Int, burst: Int, key: UInt64) {
    debts = Array(repeating: .zero, count: 4096)
    self.key = key
    interval = .nanoseconds(1_000_000_000 / Int64(max(1, perSecond)))
    self.burst = interval * max(1, burst)
  }

  /// Whether a source gets one more response; if so, it is counted.
  ///
  /// - Complexity: O(1); allocates nothing.
  package mutating func admits(_ source: IPAddress, at now: Instant) -> Bool {
    let index = index(of: source)
    let debt = max(debts[index], now).advanced(by: interval)
    guard now.duration(to: debt) <= burst else { return false }
    debts[index] = debt
    return true
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
