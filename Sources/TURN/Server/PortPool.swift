internal import TransportAddress

/// The ports of one relayed address, and which of them are taken.
///
/// A relayed port must be hard to guess (RFC 8656 §7.2 and RFC 6056): a free one is drawn, not the
/// next one taken.
struct PortPool: Sendable {
  /// What a port has to be.
  enum Need: Hashable, Sendable {
    /// Any port.
    case any
    /// An even one (EVEN-PORT).
    case even
    /// An even one, and the next higher one too (EVEN-PORT with the R bit).
    case evenWithNext
  }

  let address: IPAddress
  let ports: ClosedRange<UInt16>
  /// A bit for each port, from the first of the range.
  private var taken: [UInt64]
  private(set) var freeCount: Int

  /// A pool of these ports, all free.
  init(address: IPAddress, ports: ClosedRange<UInt16>) {
    self.address = address
    self.ports = ports
    freeCount = ports.count
    taken = Array(repeating: 0, count: (ports.count + 63) / 64)
  }

  /// Draws a free port and takes it, with the next one where that is needed; nil if none is left.
  ///
  /// - Complexity: O(1) while a part of the pool is free, O(*n*) in its ports when it is almost full.
  mutating func take(
    _ need: Need, using generator: inout some RandomNumberGenerator
  ) -> UInt16? {
    guard freeCount > 0 else { return nil }
    for _ in 0..<16 {
      let offset = Int.random(in: 0..<ports.count, using: &generator)
      if isFit(offset, for: need) { return take(offset, need) }
    }
    let start = Int.random(in: 0..<ports.count, using: &generator)
    for step in 0..<ports.count {
      let offset = (start + step) % ports.count
      if isFit(offset, for: need) { return take(offset, need) }
    }
    return nil
  }

  /// Makes a port free again.
  mutating func release(_ port: UInt16) {
    guard ports.contains(port) else { return }
    let offset = Int(port - ports.lowerBound)
    guard isTaken(offset) else { return }
    taken[offset / 64] &= ~(1 << UInt64(offset % 64))
    freeCount += 1
  }

  private func isTaken(_ offset: Int) -> Bool {
    taken[offset / 64] & 1 << UInt64(offset % 64) != 0
  }

  private func isFit(_ offset: Int, for need: Need) -> Bool {
    guard !isTaken(offset) else { return false }
    let isEven = (Int(ports.lowerBound) + offset) % 2 == 0
    switch need {
    case .any: return true
    case .even: return isEven
    case .evenWithNext: return isEven && offset + 1 < ports.count && !isTaken(offset + 1)
    }
  }

  private mutating func take(_ offset: Int, _ need: Need) -> UInt16 {
    for offset in offset...(need == .evenWithNext ? offset + 1 : offset) {
      taken[offset / 64] |= 1 << UInt64(offset % 64)
      freeCount -= 1
    }
    // Inside the range, so it fits.
    return ports.lowerBound + UInt16(offset)
  }
}
