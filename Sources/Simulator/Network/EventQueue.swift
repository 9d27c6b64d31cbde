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
  /// A packet on its way to a node.
  struct Flight: Sendable {
    var packet: PacketID
    var bytes: [UInt8]
    /// The node where it arrives.
    var node: NodeID
    /// The node at the other end of the link.
    var sender: NodeID
  }

  enum Event {
    /// The flight at a place arrives; ``land(_:)`` gives it.
    case arrival(Int)
    case endpointTimer(host: Int, endpoint: Int)
    case streamTimer(host: Int)
    case natTimer(router: Int)
  }

  private struct Entry {
    var time: Int64
    var event: Event
    /// The place of the next entry in its bucket, or of the next free place.
    var next = Self.none

    static let none = -1
  }

  /// A list of entries, the first added first.
  private struct Bucket {
    var first = Entry.none
    var last = Entry.none
    /// The times between which its entries are.
    var earliest = Int64.max
    var latest = Int64.min
    var hasNATTimer = false

    /// Whether it can become the present as it is.
    var isOfOneTime: Bool { earliest == latest && !hasNATTimer }
  }

  /// The time of the event that was taken last.
  private var present: Int64 = 0
  private var entries: [Entry] = []
  private var firstFree = Entry.none
  private var buckets = [Bucket](repeating: Bucket(), count: 64)
  /// A bit for each bucket that is not empty.
  private var occupied: UInt64 = 0
  /// The NATs whose timers are due now, the first to come last.
  private var dueNATs: [Int] = []
  /// The packets on their way, at places that events name.
  private var flights: [Flight] = []
  private var freePlaces: [Int] = []

  /// How many packets are on their way.
  var flightCount: Int { flights.count - freePlaces.count }

  /// The time of the earliest event; nil if there is none.
  var nextTime: Instant? {
    if !dueNATs.isEmpty { return Instant(nanoseconds: present) }
    guard occupied != 0 else { return nil }
    return Instant(nanoseconds: buckets[occupied.trailingZeroBitCount].earliest)
  }

  // MARK: - Packets

  /// Sends a packet on its way.
  mutating func add(_ flight: consuming Flight, at time: Instant) {
    if let place = freePlaces.popLast() {
      flights[place] = flight
      add(.arrival(place), at: time)
    } else {
      flights.append(flight)
      add(.arrival(flights.count - 1), at: time)
    }
  }

  /// Takes a packet out that has arrived.
  mutating func land(_ place: Int) -> Flight {
    // Swapped, as a copy would share the bytes, which are going to be translated in place.
    var flight = Flight(packet: PacketID(0), bytes: [], node: .internet, sender: .internet)
    swap(&flight, &flights[place])
    freePlaces.append(place)
    return flight
  }

  // MARK: - Events

  /// Adds an event.
  ///
  /// - Precondition: its time is not before that of an event that was taken out.
  /// - Complexity: O(1).
  mutating func add(_ event: Event, at time: Instant) {
    precondition(time.nanoseconds >= present, "an event is not in the past")
    let entry = Entry(time: time.nanoseconds, event: event)
    if firstFree == Entry.none {
      entries.append(entry)
      putIntoBucket(entries.count - 1)
    } else {
      let place = firstFree
      firstFree = entries[place].next
      entries[place] = entry
      putIntoBucket(place)
    }
  }

  /// Takes out the first event, if it is due.
  ///
  /// - Complexity: O(1), besides moving each event down at most as often as a time has bits.
  mutating func popDue(at now: Instant) -> (event: Event, time: Instant)? {
    if occupied & 1 == 0, dueNATs.isEmpty {
      guard moveOn(until: now.nanoseconds) else { return nil }
    }
    guard present <= now.nanoseconds else { return nil }
    let time = Instant(nanoseconds: present)
    if let router = dueNATs.popLast() { return (.natTimer(router: router), time) }
    let place = buckets[0].first
    buckets[0].first = entries[place].next
    if buckets[0].first == Entry.none { empty(0) }
    free(place)
    return (entries[place].event, time)
  }

  /// Makes the time of the earliest event the present, if it is not later than `now`.
  private mutating func moveOn(until now: Int64) -> Bool {
    guard occupied != 0 else { return false }
    let number = occupied.trailingZeroBitCount
    guard buckets[number].earliest <= now else { return false }
    let bucket = buckets[number]
    present = bucket.earliest
    empty(number)
    if bucket.isOfOneTime {
      buckets[0] = bucket
      occupied |= 1
      return true
    }
    var place = bucket.first
    while place != Entry.none {
      let next = entries[place].next
      putIntoBucket(place)
      place = next
    }
    return true
  }

  /// Puts an entry behind all others of the bucket that its time leads to.
  private mutating func putIntoBucket(_ place: Int) {
    let entry = entries[place]
    let number = Int64.bitWidth - (entry.time ^ present).leadingZeroBitCount
    var bucket = buckets[number]
    if case .natTimer(let router) = entry.event {
      if number == 0 {
        free(place)
        return dueNATs.insert(router, at: dueNATs.firstIndex { $0 <= router } ?? dueNATs.count)
      }
      bucket.hasNATTimer = true
    }
    if entry.next != Entry.none { entries[place].next = Entry.none }
    if bucket.first == Entry.none {
      bucket.first = place
    } else {
      entries[bucket.last].next = place
    }
    bucket.last = place
    bucket.earliest = min(bucket.earliest, entry.time)
    bucket.latest = max(bucket.latest, entry.time)
    buckets[number] = bucket
    occupied |= 1 << UInt64(number)
  }

  private mutating func empty(_ number: Int) {
    buckets[number] = Bucket()
    occupied &= ~(1 << UInt64(number))
  }

  private mutating func free(_ place: Int) {
    entries[place].next = firstFree
    firstFree = place
  }
}
