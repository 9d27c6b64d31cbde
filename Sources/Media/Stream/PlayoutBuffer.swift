import SansIO

/// Samples that wait to be played, at their place in time: a jitter buffer.
///
/// ```
///   first packet comes           it is played
///        │◀──── playout delay ────▶│
///        ├───────┬───────┬─ ─ ─ ─ ─┼───────┬─ ─ ─ ─┬───────▶ time
///                 packets, in any order     silence  where one is missing
/// ```
/// The place is the timestamp's, so that order, copies and the length of packets do not matter.
struct PlayoutBuffer: Sendable {
  /// What becomes of a packet.
  enum Outcome: Hashable, Sendable {
    /// It will be played.
    case taken
    /// Its time is over.
    case late
    /// Its time is more than two seconds ahead.
    case early
  }

  /// Stands for a sample that has not come; a byte of PCMU never means it.
  private static let missing = Int16.min
  /// Two seconds; a power of two.
  private static let capacity = 16_384

  private let delay: Int64
  private let recordLimit: Int
  private var ring: [Int16] = []
  /// When the sample at place 0 is played, and the next place to be played.
  private var start: Instant?
  private var playhead: Int64 = 0
  /// The timestamp that was placed last, and where.
  private var last: (timestamp: UInt32, place: Int64) = (0, 0)
  /// The timestamp at place 0.
  private(set) var firstTimestamp: UInt32?
  /// What was played, from the first sample on; silence for what was missing.
  private(set) var played: [Int16] = []
  /// How many samples were missing between others when they were to be played.
  private(set) var missingCount = 0
  /// How many have been missing since the last one that was played.
  private var silence: Int64 = 0
  private var hasBegun = false

  init(delay: Duration, recordLimit: Duration) {
    self.delay = delay.wholeNanoseconds
    self.recordLimit = Int(Self.sampleCount(in: recordLimit.wholeNanoseconds))
  }

  private static func sampleCount(in nanoseconds: Int64) -> Int64 {
    nanoseconds / (1_000_000_000 / Int64(PCMU.rate))
  }

  /// Where a timestamp stands in time, in samples since the first packet's.
  ///
  /// - Complexity: O(1).
  mutating func place(of timestamp: UInt32, at now: Instant) -> Int64 {
    guard start != nil else {
      start = now
      playhead = -Self.sampleCount(in: delay)
      ring = [Int16](repeating: Self.missing, count: Self.capacity)
      last = (timestamp, 0)
      firstTimestamp = timestamp
      return 0
    }
    let place = last.place + Int64(Int32(bitPattern: timestamp &- last.timestamp))
    last = (timestamp, place)
    return place
  }

  /// Puts a packet's bytes at their place.
  ///
  /// - Complexity: O(*n*) in the bytes; allocates nothing.
  mutating func put(_ payload: Span<UInt8>, at place: Int64) -> Outcome {
    let end = place + Int64(payload.count)
    guard place >= playhead else { return .late }
    guard end - playhead <= Int64(Self.capacity) else { return .early }
    for index in payload.indices {
      ring[Int(place + Int64(index)) & (Self.capacity - 1)] = PCMU.decode(payload[index])
    }
    return .taken
  }

  /// Plays what is due.
  ///
  /// - Complexity: O(*n*) in the samples that are due, of which two seconds are looked at.
  mutating func play(until now: Instant) {
    guard let start else { return }
    let due = Self.sampleCount(in: start.duration(to: now).wholeNanoseconds - delay)
    // Nothing is further ahead.
    let end = min(due, playhead + Int64(Self.capacity))
    while playhead < end {
      let index = Int(playhead) & (Self.capacity - 1)
      let sample = ring[index]
      ring[index] = Self.missing
      playhead += 1
      if sample == Self.missing { silence += 1 } else { play(sample) }
    }
    if due > playhead {
      silence += due - playhead
      playhead = due
    }
  }

  /// Plays a sample, and before it the silence that came between: none before the first one.
  private mutating func play(_ sample: Int16) {
    if hasBegun, silence > 0 {
      missingCount += Int(silence)
      let room = max(0, recordLimit - played.count)
      played += repeatElement(0, count: min(Int(silence), room))
    }
    (hasBegun, silence) = (true, 0)
    if played.count < recordLimit { played.append(sample) }
  }
}
