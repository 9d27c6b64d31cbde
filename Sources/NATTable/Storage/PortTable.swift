/// The ports of one external address and protocol: which are taken, and by which mapping.
///
/// A bit a port finds free ones 64 at a time; pages of 256 slots, made when first needed, find the
/// mapping of a packet from the outside without any hashing.
struct PortTable {
  private var taken: [UInt64] = []
  /// For each page, one more than where it starts in `slots`, in pages; 0 if it was never needed.
  private var pages: [UInt16] = []
  private var slots: [Slot] = []

  /// The port given away last, for sequential assignment.
  private(set) var latest: UInt16 = 0

  /// The mapping that has `port`.
  ///
  /// - Complexity: O(1).
  subscript(port: UInt16) -> Slot? {
    guard !pages.isEmpty else { return nil }
    let page = pages[Int(port >> 8)]
    if page == 0 { return nil }
    let slot = slots[Int(page - 1) << 8 | Int(port & 0xFF)]
    return slot == .none ? nil : slot
  }

  /// Gives a free port to a mapping.
  mutating func take(_ port: UInt16, for slot: Slot) {
    if pages.isEmpty {
      pages = Array(repeating: 0, count: 256)
      taken = Array(repeating: 0, count: 1024)
    }
    let high = Int(port >> 8)
    if pages[high] == 0 {
      slots.append(contentsOf: repeatElement(.none, count: 256))
      pages[high] = UInt16(slots.count >> 8)
    }
    slots[Int(pages[high] - 1) << 8 | Int(port & 0xFF)] = slot
    taken[Int(port >> 6)] |= 1 << UInt64(port & 63)
    latest = port
  }

  /// Takes a port back from its mapping.
  mutating func release(_ port: UInt16) {
    slots[Int(pages[Int(port >> 8)] - 1) << 8 | Int(port & 0xFF)] = .none
    taken[Int(port >> 6)] &= ~(1 << UInt64(port & 63))
  }

  /// The first free port of `range` from `start` upwards and round, of one parity if given.
  ///
  /// - Parameter parity: 0 for even ports, 1 for odd ones.
  /// - Complexity: O(range / 64).
  func firstFree(in range: ClosedRange<UInt16>, from start: UInt16, parity: UInt16?) -> UInt16? {
    guard range.contains(start), start > range.lowerBound else {
      return firstFree(in: range, parity: parity)
    }
    return firstFree(in: start...range.upperBound, parity: parity)
      ?? firstFree(in: range.lowerBound...(start - 1), parity: parity)
  }

  private func firstFree(in range: ClosedRange<UInt16>, parity: UInt16?) -> UInt16? {
    let wanted: UInt64 = parity.map { 0x5555_5555_5555_5555 << UInt64($0 & 1) } ?? .max
    for word in Int(range.lowerBound >> 6)...Int(range.upperBound >> 6) {
      var free = wanted & ~(taken.isEmpty ? 0 : taken[word])
      if word == Int(range.lowerBound >> 6) { free &= .max << UInt64(range.lowerBound & 63) }
      if word == Int(range.upperBound >> 6) { free &= .max >> UInt64(63 - range.upperBound & 63) }
      if free != 0 { return UInt16(word << 6 + free.trailingZeroBitCount) }
    }
    return nil
  }
}
