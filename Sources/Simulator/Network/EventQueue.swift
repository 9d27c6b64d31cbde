import SansIO

/// What is going to happen in a network, by time.
///
/// Of events at the same time, timers of NATs come first, by node; then the others in the order in
/// which they were added. A NAT may be asked for its next deadline and name an earlier one: its timer
/// is then set more often, and the order of all that can be seen must not depend on that.
///
/// Time does not run backwards, so that what is far away need not be sorted yet. A bucket has the events
/// whose time differs from the present in the same highest bit (a radix heap):
///
///     present   0110 1000
///     bucket 0  0110 1000    now, in order
///     bucket 1  0110 1001
///     bucket 2  0110 101x
///     bucket 3  0110 11xx
///     bucket 5  0111 xxxx    bucket 4 is empty: such times are past
///
/// When nothing is left in bucket 0, the present moves on to the earliest event of the lowest bucket,
/// whose events all go to lower buckets: one by one, or at once if they have the same time. An event
/// moves down a few times, and no two are compared.
struct EventQueue: Sendable {
  enum Event {
    /// The packet arrives that has this place among the flights.
    case arrival(Int)
    case endpointTimer(host: Int, endpoint: Int)
    case streamTimer(host: Int)
    case natTimer(router: Int)
  }

  private struct Entry {
    var time: Int64
    var event: Event
  }

  /// Entries in the order in which they were added.
  private struct Bucket {
    var entries: [Entry] = []
    /// The times between which they are.
    var earliest = Int64.max
    var latest = Int64.min
    var hasNATTimer = false

    /// Whether it can become the present as it is.
    var isOfOneTime: Bool { earliest == latest && !hasNATTimer }

    mutating func append(_ entry: Entry) {
      entries.append(entry)
      earliest = min(earliest, entry.time)
      latest = max(latest, entry.time)
    }

    /// Takes all entries out, and gives memory for those to come.
    mutating func exchange(_ memory: inout [Entry]) {
      memory.removeAll(keepingCapacity: memory.count <= Self.keptCount)
      swap(&entries, &memory)
      (earliest, latest, hasNATTimer) = (.max, .min, false)
    }

    /// For how many entries an empty bucket keeps memory, at most.
    private static var keptCount: Int { 4096 }
  }

  /// The time of the event that was taken last.
  private var present: Int64 = 0
  /// The events that are due now, of which so many have been taken.
  private var due: [Entry] = []
  private var takenCount = 0
  /// The NATs whose timers are due now, the first to come last.
  private var dueNATs: [Int] = []
  /// The events of later times; bucket 0 is what is due.
  private var buckets = InlineArray<64, Bucket>(repeating: Bucket())
  /// A bit for each bucket that is not empty.
  private var occupied: UInt64 = 0

  /// The time of the earliest event; nil if there is none.
  var nextTime: Instant? {
    if takenCount < due.count || !dueNATs.isEmpty { return Instant(nanoseconds: present) }
    guard occupied != 0 else { return nil }
    return Instant(nanoseconds: buckets[occupied.trailingZeroBitCount].earliest)
  }

  /// Adds an event.
  ///
  /// - Precondition: its time is not before that of an event that was taken out.
  /// - Complexity: O(1).
  mutating func add(_ event: Event, at time: Instant) {
    precondition(time.nanoseconds >= present, "an event is not in the past")
    put(Entry(time: time.nanoseconds, event: event))
  }

  /// Takes out the first event, if it is due.
  ///
  /// - Complexity: O(1), besides moving each event down at most as often as a time has bits.
  mutating func popDue(at now: Instant) -> (event: Event, time: Instant)? {
    if takenCount == due.count, dueNATs.isEmpty {
      guard moveOn(until: now.nanoseconds) else { return nil }
    }
    guard present <= now.nanoseconds else { return nil }
    let time = Instant(nanoseconds: present)
    if let router = dueNATs.popLast() { return (.natTimer(router: router), time) }
    let event = due[takenCount].event
    takenCount += 1
    return (event, time)
  }

  /// Makes the time of the earliest event the present, if it is not later than `now`.
  private mutating func moveOn(until now: Int64) -> Bool {
    guard occupied != 0 else { return false }
    let number = occupied.trailingZeroBitCount
    guard buckets[number].earliest <= now else { return false }
    present = buckets[number].earliest
    occupied &= ~(1 << UInt64(number))
    takenCount = 0
    if buckets[number].isOfOneTime {
      buckets[number].exchange(&due)
    } else {
      due.removeAll(keepingCapacity: true)
      var entries: [Entry] = []
      buckets[number].exchange(&entries)
      // All go to lower buckets, so that this one can have its memory back.
      for entry in entries { put(entry) }
      buckets[number].exchange(&entries)
    }
    return true
  }

  /// Puts an entry behind all others of the bucket that its time leads to.
  private mutating func put(_ entry: Entry) {
    let number = Int64.bitWidth - (entry.time ^ present).leadingZeroBitCount
    if case .natTimer(let router) = entry.event {
      if number == 0 {
        return dueNATs.insert(router, at: dueNATs.firstIndex { $0 <= router } ?? dueNATs.count)
      }
      buckets[number].hasNATTimer = true
    }
    if number == 0 {
      due.append(entry)
    } else {
      buckets[number].append(entry)
      occupied |= 1 << UInt64(number)
    }
  }
}
