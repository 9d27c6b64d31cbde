import SansIO

/// A link, with what it remembers of the packets before.
struct LinkState: Sendable {
  /// A direction, seen from the node at the link's lower end.
  enum Direction {
    case up, down
  }

  /// What becomes of a packet.
  enum Outcome {
    /// It arrives, and again if there is a second time.
    case arrives(Instant, again: Instant?)
    case lost(Trace.Loss)
  }

  /// What one direction remembers.
  private struct Memory {
    /// When the packets that wait will have been sent.
    var busyUntil: Int64 = 0
    /// When the latest packet that was not held back arrives: none overtakes it by jitter.
    var latestArrival: Int64 = 0
    var isBad = false
  }

  /// Whether nothing but latency happens to a packet that fits.
  private let isPlain: Bool
  /// In nanoseconds, as a `Duration` has 128 bits.
  private let latency: Int64
  let mtu: Int
  private let link: Link
  private var up = Memory()
  private var down = Memory()

  init(_ link: Link) {
    self.link = link
    mtu = link.mtu
    latency = link.latency.wholeNanoseconds
    isPlain =
      link.loss == .none && link.rate == nil && link.jitter == .zero && link.duplication == 0
      && link.reordering == 0
  }

  /// When a packet of so many bytes arrives to which nothing but latency happens; nil if more can.
  func plainArrival(_ byteCount: Int, at now: Instant) -> Instant? {
    guard isPlain, byteCount <= mtu else { return nil }
    return Instant(nanoseconds: now.nanoseconds + latency)
  }

  /// Takes a packet of so many bytes.
  mutating func carry(
    _ byteCount: Int, _ direction: Direction, at now: Instant,
    using generator: inout SeededGenerator
  ) -> Outcome {
    if byteCount > mtu { return .lost(.tooLarge) }
    if let arrival = plainArrival(byteCount, at: now) { return .arrives(arrival, again: nil) }
    switch direction {
    case .up: return carry(byteCount, &up, at: now.nanoseconds, using: &generator)
    case .down: return carry(byteCount, &down, at: now.nanoseconds, using: &generator)
    }
  }

  private func carry(
    _ byteCount: Int, _ memory: inout Memory, at now: Int64,
    using generator: inout SeededGenerator
  ) -> Outcome {
    if loses(&memory, using: &generator) { return .lost(.onLink) }
    guard var time = transmissionEnd(of: byteCount, &memory, at: now) else {
      return .lost(.queueFull)
    }
    time += latency
    let jitter = link.jitter.wholeNanoseconds
    if jitter > 0 { time += Int64.random(in: 0...jitter, using: &generator) }
    let delay = link.reorderingDelay.wholeNanoseconds
    if generator.decides(link.reordering) {
      time += delay
    } else {
      time = max(time, memory.latestArrival)
      memory.latestArrival = time
    }
    let isTwice = generator.decides(link.duplication)
    return .arrives(
      Instant(nanoseconds: time),
      again: isTwice ? Instant(nanoseconds: time + delay) : nil)
  }

  private func loses(
    _ memory: inout Memory, using generator: inout SeededGenerator
  ) -> Bool {
    switch link.loss {
    case .none: return false
    case .independent(let probability): return generator.decides(probability)
    case .gilbertElliott(let toBad, let toGood, let inGood, let inBad):
      if generator.decides(memory.isBad ? toGood : toBad) { memory.isBad.toggle() }
      return generator.decides(memory.isBad ? inBad : inGood)
    }
  }

  /// When the last bit of a packet leaves; nil if too many bytes wait already.
  private func transmissionEnd(
    of byteCount: Int, _ memory: inout Memory, at now: Int64
  ) -> Int64? {
    guard let rate = link.rate else { return now }
    let start = max(now, memory.busyUntil)
    // Of the bytes that wait, those count that are not yet on the line.
    let waiting = Double(start - now) * Double(rate) / 8e9
    if waiting > Double(link.queueLimit) { return nil }
    memory.busyUntil = start + Int64(Double(byteCount) * 8e9 / Double(rate))
    return memory.busyUntil
  }
}

extension SeededGenerator {
  /// Whether something of a probability happens; certain and impossible things draw nothing.
  fileprivate mutating func decides(_ probability: Double) -> Bool {
    if probability <= 0 { return false }
    if probability >= 1 { return true }
    // The upper 53 bits are a number from 0 to 1 without rounding.
    return Double(next() >> 11) * 0x1p-53 < probability
  }
}
