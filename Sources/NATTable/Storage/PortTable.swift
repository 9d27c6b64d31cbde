/// The ports of one external address and protocol: which are taken, and by which mapping; or its
/// ICMP identifiers, which serve as ports do.
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
      let free = wanted & free(word, in: range)
      if free != 0 { return UInt16(word << 6 + free.trailingZeroBitCount) }
    }
    return nil
  }

  /// The first port from `start` upwards and round of which its even-odd neighbour is free too,
  /// of the same parity as `start`.
  func firstFreePair(from start: UInt16, in range: ClosedRange<UInt16>) -> UInt16? {
    let range = max(2, range.lowerBound)...max(3, range.upperBound)
    let first = range.contains(start) ? Int(start >> 6) : Int(range.lowerBound >> 6)
    let words = Int(range.lowerBound >> 6)...Int(range.upperBound >> 6)
    for word in Array(first...words.upperBound) + Array(words) {
      var free = free(word, in: range)
      if word == first, range.contains(start) { free &= .max << UInt64(start & 62) }
      let pairs = free & free >> 1 & 0x5555_5555_5555_5555
      if pairs != 0 { return UInt16(word << 6 + pairs.trailingZeroBitCount) + (start & 1) }
    }
    return nil
  }

  /// The free ports among 64, those within the range, as bits.
  private func free(_ word: Int, in range: ClosedRange<UInt16>) -> UInt64 {
    var free = ~(taken.isEmpty ? 0 : taken[word])
    if word == Int(range.lowerBound >> 6) { free &= .max << UInt64(range.lowerBound & 63) }
    if word == Int(range.upperBound >> 6) { free &= .max >> UInt64(63 - range.upperBound & 63) }
    return free
  }

  /// A free port of a range for an inside port, the first from `start` upwards and round, or nil.
  ///
  /// The parity is kept as long as a port of that parity is free (RFC 4787 REQ-4); losing it beats
  /// dropping.
  func choose(
    for inside: UInt16, from start: UInt16, in range: ClosedRange<UInt16>,
    _ configuration: NATTable.Configuration
  ) -> UInt16? {
    if configuration.portParity,
      let port = firstFree(in: range, from: start, parity: inside & 1)
    {
      return port
    }
    return firstFree(in: range, from: start, parity: nil)
  }
}

extension PortTable {
  /// Which of an external address's three tables a protocol uses; nil if it has no ports.
  @inline(__always)
  static func kind(of protocol: TransportProtocol) -> Int? {
    switch `protocol` {
    case .udp: 0
    case .tcp: 1
    case .icmp, .icmpv6: icmp
    default: nil
    }
  }

  static let icmp = 2
}
