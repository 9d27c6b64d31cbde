import SansIO

/// One direction of a link, with what it remembers of the packets before.
struct LinkDirection: Sendable {
  /// What becomes of a packet.
  enum Outcome {
    /// It arrives, and again if there is a second time.
    case arrives(Instant, again: Instant?)
    case lost(Trace.Loss)
  }

  private let link: Link
  // Nanoseconds, as a `Duration` has 128 bits.
  private let latency, jitter, reorderingDelay: Int64
  /// Whether nothing but latency happens to a packet that fits.
  private let isPlain: Bool
  /// When the packets that wait will have been sent.
  private var busyUntil: Int64 = 0
  /// When the latest packet that was not held back arrives: none overtakes it by jitter.
  private var latestArrival: Int64 = 0
  private var isBad = false

  init(_ link: Link) {
    self.link = link
    latency = link.latency.wholeNanoseconds
    jitter = link.jitter.wholeNanoseconds
    reorderingDelay = link.reorderingDelay.wholeNanoseconds
    isPlain =
      link.loss == .none && link.rate == nil && jitter == 0 && link.duplication == 0
      && link.reordering == 0
  }

  var mtu: Int { link.mtu }

  /// When a packet of so many bytes arrives to which nothing but latency happens; nil if more can.
  func plainArrival(_ byteCount: Int, at now: Instant) -> Instant? {
    guard isPlain, byteCount <= link.mtu else { return nil }
    return Instant(nanoseconds: now.nanoseconds + latency)
  }

  /// Takes a packet of so many bytes.
  mutating func carry(
    _ byteCount: Int, at now: Instant, using generator: inout SeededGenerator
  ) -> Outcome {
    if byteCount > link.mtu { return .lost(.tooLarge) }
    if let arrival = plainArrival(byteCount, at: now) { return .arrives(arrival, again: nil) }
    if loses(using: &generator) { return .lost(.onLink) }
    guard var time = transmissionEnd(of: byteCount, at: now.nanoseconds) else {
      return .lost(.queueFull)
    }
    time += latency
    if jitter > 0 { time += Int64.random(in: 0...jitter, using: &generator) }
    if generator.decides(link.reordering) {
      time += reorderingDelay
    } else {
      time = max(time, latestArrival)
      latestArrival = time
    }
    let isTwice = generator.decides(link.duplication)
    return .arrives(
      Instant(nanoseconds: time),
      again: isTwice ? Instant(nanoseconds: time + reorderingDelay) : nil)
  }

  private mutating func loses(using generator: inout SeededGenerator) -> Bool {
    switch link.loss {
    case .none: return false
    case .independent(let probability): return generator.decides(probability)
    case .gilbertElliott(let toBad, let toGood, let inGood, let inBad):
      if generator.decides(isBad ? toGood : toBad) { isBad.toggle() }
      return generator.decides(isBad ? inBad : inGood)
    }
  }

  /// When the last bit of a packet leaves; nil if too many bytes wait already.
  private mutating func transmissionEnd(of byteCount: Int, at now: Int64) -> Int64? {
    guard let rate = link.rate else { return now }
    let start = max(now, busyUntil)
    // Of the bytes that wait, those count that are not yet on the line.
    let waiting = Double(start - now) * Double(rate) / 8e9
    if waiting > Double(link.queueLimit) { return nil }
    busyUntil = start + Int64(Double(byteCount) * 8e9 / Double(rate))
    return busyUntil
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
