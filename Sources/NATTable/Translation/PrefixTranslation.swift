public import TransportAddress

/// IPv6-to-IPv6 prefix translation, NPTv6 (RFC 6296): a network's prefix is exchanged for another.
///
///     FD01:203:405:1::1234  ──▶  2001:DB8:1:D550::1234
///                   ▲                       ▲
///                   └──── one word makes up for the change ────┘
///
/// There is no table: each address has its one partner for good, ports stay, and everyone may send.
/// A word behind the prefix is adjusted so that the sum of the address's words stays the same: no
/// checksum of any protocol has to change (RFC 6296 §2.6).
public struct PrefixTranslation: Hashable, Sendable {
  /// The prefix of the inside network.
  public let inside: IPv6Address
  /// The prefix that stands for it outside.
  public let outside: IPv6Address

  /// Of both prefixes, 1 to 64 bits.
  public let length: Int

  /// The ones' complement difference of the prefixes' sums, inside minus outside.
  private let adjustment: UInt16

  /// A translation between two prefixes of one length; bits behind them are ignored.
  ///
  /// - Returns: nil if the length is not within 1 to 64: a host needs 64 bits of its own (RFC 6296
  ///   §3.5).
  public init?(inside: IPv6Address, outside: IPv6Address, length: Int) {
    guard (1...64).contains(length) else { return nil }
    let mask = UInt64.max << UInt64(64 - length)
    self.inside = IPv6Address(high: inside.high & mask, low: 0)
    self.outside = IPv6Address(high: outside.high & mask, low: 0)
    self.length = length
    adjustment = Self.sum(self.inside.high, ~self.outside.high)
  }

  /// The outside address of an inside host; nil if it is not in the prefix, or has no word that
  /// could be adjusted (RFC 6296 §3.5).
  ///
  /// - Complexity: O(1).
  public func outside(of address: IPv6Address) -> IPv6Address? {
    exchange(address, from: inside, to: outside, by: adjustment)
  }

  /// The inside host of an outside address; nil if it is not in the prefix.
  ///
  /// - Complexity: O(1).
  public func inside(of address: IPv6Address) -> IPv6Address? {
    exchange(address, from: outside, to: inside, by: ~adjustment)
  }

  private func exchange(
    _ address: IPv6Address, from old: IPv6Address, to new: IPv6Address, by change: UInt16
  ) -> IPv6Address? {
    let mask = UInt64.max << UInt64(64 - length)
    guard address.high & mask == old.high else { return nil }
    var result = IPv6Address(high: new.high | address.high & ~mask, low: address.low)
    // RFC 6296 §3.4: with a prefix of 48 bits or less the subnet's word is adjusted; §3.5: with a
    // longer one the first word of the interface identifier that is not all ones.
    if length <= 48 {
      guard let word = Self.adjusted(UInt16(truncatingIfNeeded: result.high), by: change) else {
        return nil
      }
      result.high = (result.high & ~0xFFFF) | UInt64(word)
      return result
    }
    var shift = UInt64(48)
    while true {
      let old = UInt16(truncatingIfNeeded: result.low >> shift)
      if let word = Self.adjusted(old, by: change) {
        result.low = (result.low & ~(0xFFFF << shift)) | (UInt64(word) << shift)
        return result
      }
      if shift == 0 { return nil }
      shift -= 16
    }
  }

  /// The word with the change added; nil for 0xFFFF, which is 0 in ones' complement and could not
  /// be told from it on the way back.
  private static func adjusted(_ word: UInt16, by change: UInt16) -> UInt16? {
    if word == 0xFFFF { return nil }
    let sum = UInt32(word) + UInt32(change)
    let folded = UInt16(truncatingIfNeeded: sum + (sum >> 16))
    return folded == 0xFFFF ? 0 : folded
  }

  /// The ones' complement sum of the eight words of two halves.
  private static func sum(_ left: UInt64, _ right: UInt64) -> UInt16 {
    var sum: UInt64 = 0
    for half in [left, right] {
      for shift in stride(from: UInt64(0), to: 64, by: 16) { sum += (half >> shift) & 0xFFFF }
    }
    while sum > 0xFFFF { sum = (sum & 0xFFFF) + (sum >> 16) }
    return UInt16(sum)
  }
}
