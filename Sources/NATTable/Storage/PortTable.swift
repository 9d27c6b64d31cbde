import TransportAddress

/// The ports of one external address and protocol: which are taken, and by which mapping; or its
/// ICMP identifiers, which serve as ports do.
///
/// Pages of 512 slots, made when first needed, find the mapping of a packet from the outside
/// without any hashing.
struct PortTable: Sendable {
  private var taken = PortSet()
  /// For each page, one more than its number in `slots`; 0 if it was never needed.
  private var pages = [UInt8](repeating: 0, count: 128)
  private var slots = Slab<Slot>()

  /// The port given away last, for sequential assignment.
  private(set) var latest: UInt16 = 0

  /// How many ports are taken, counted where ports have ever been.
  ///
  /// - Complexity: O(ports / 512), and O(8) for each 512 ports of which one was ever taken.
  var count: Int {
    if slots.count == 0 { return 0 }
    return (0..<pages.count).reduce(0) { count, page in
      if pages[page] == 0 { return count }
      let first = UInt16(page << 9)
      return count + taken.count(in: first...(first | 511))
    }
  }

  /// The mapping that has `port`.
  ///
  /// - Complexity: O(1).
  subscript(port: UInt16) -> Slot? {
    @inline(__always) get {
      let page = pages[Int(port >> 9)]
      guard likely(page != 0) else { return nil }
      let slot = slots[index(of: port, in: page)]
      return likely(slot != .none) ? slot : nil
    }
  }

  /// Gives a free port to a mapping.
  mutating func take(_ port: UInt16, for slot: Slot) {
    let high = Int(port >> 9)
    if pages[high] == 0 {
      slots.append(repeating: .none, count: 512)
      pages[high] = UInt8(slots.count >> 9)
    }
    slots[index(of: port, in: pages[high])] = slot
    taken.insert(port)
    latest = port
  }

  /// Takes a port back from its mapping.
  mutating func release(_ port: UInt16) {
    slots[index(of: port, in: pages[Int(port >> 9)])] = .none
    taken.remove(port)
  }

  @inline(__always)
  private func index(of port: UInt16, in page: UInt8) -> Int {
    Int(page &- 1) << 9 | Int(port & 511)
  }

  /// The first free port of `range` from `start` upwards and round, of one parity if given.
  ///
  /// - Parameter parity: 0 for even ports, 1 for odd ones.
  /// - Complexity: O(range / 4096).
  func firstFree(in range: ClosedRange<UInt16>, from start: UInt16, parity: UInt16?) -> UInt16? {
    guard range.contains(start), start > range.lowerBound else {
      return taken.firstMissing(in: range, parity: parity)
    }
    return taken.firstMissing(in: start...range.upperBound, parity: parity)
      ?? taken.firstMissing(in: range.lowerBound...(start - 1), parity: parity)
  }

  /// The first port from `start` upwards and round of which its even-odd neighbour is free too,
  /// of the same parity as `start`.
  ///
  /// - Complexity: O(range / 64).
  func firstFreePair(from start: UInt16, in range: ClosedRange<UInt16>) -> UInt16? {
    let range = max(2, range.lowerBound)...max(3, range.upperBound)
    let begin = range.contains(start) ? max(range.lowerBound, start & ~1) : range.lowerBound
    let pair =
      taken.firstMissingPair(in: begin...range.upperBound) ?? taken.firstMissingPair(in: range)
    return pair.map { $0 + (start & 1) }
  }

  /// A free port of a range for an inside port, the first from `start` upwards and round, or nil.
  ///
  /// The parity is kept as long as a port of that parity is free (RFC 4787 REQ-4); losing it beats
  /// dropping.
  /// - Parameter start: a port, or any number where ports are random.
  func choose(
    for inside: UInt16, from start: UInt64, in range: ClosedRange<UInt16>,
    _ configuration: NATTable.Configuration
  ) -> UInt16? {
    // RFC 6888 REQ-15: a random start must fall within the range, or its first port would be next
    // nearly always. The remainder of 16 bits would favor the first ports; that of 64 bits does not
    // to a degree that anybody could measure.
    let start =
      configuration.portAssignment == .random
      ? range.lowerBound + UInt16(start % UInt64(range.count))
      : UInt16(truncatingIfNeeded: start)
    if configuration.portParity,
      let port = firstFree(in: range, from: start, parity: inside & 1)
    {
      return port
    }
    return firstFree(in: range, from: start, parity: nil)
  }

  /// Gives this copy memory of its own, see ``Slab``.
  mutating func makeUnique() {
    taken.makeUnique()
    slots.makeUnique()
  }
}

extension PortTable {
  /// Which of an external address's three tables a protocol uses; nil if it has no ports.
  @inline(__always)
  static func kind(of protocol: TransportProtocol) -> Int? {
    if likely(`protocol` == .udp) { return 0 }
    switch `protocol` {
    case .tcp: return 1
    case .icmp, .icmpv6: return icmp
    default: return nil
    }
  }

  static let icmp = 2
}
