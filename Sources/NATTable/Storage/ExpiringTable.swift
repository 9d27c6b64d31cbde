import ProtocolTime

/// An entry of an ``ExpiringTable``.
protocol ExpiringEntry: Sendable {
  associatedtype Key: TableKey
  var link: ExpiryLink { get set }
}

/// An entry's place in the order of expiry.
struct ExpiryLink {
  /// When the entry ends; meaningless in the queue `forever`.
  var deadline: Instant
  fileprivate var previous: Slot = .none
  fileprivate var next: Slot = .none
  /// Which of the table's queues it stands in.
  fileprivate(set) var queue: UInt8

  init(deadline: Instant, queue: UInt8) {
    self.deadline = deadline
    self.queue = queue
  }

  /// The queue of entries that never end by themselves.
  static let forever = UInt8.max
}

/// Entries that are found by key and leave in the order of their deadlines.
///
/// The entries keep their slots; free slots are reused. They stand in queues, one for each
/// lifetime. As all deadlines of a queue lie the same time ahead, a refreshed entry goes to its
/// queue's end, and refreshing costs the same however many entries there are.
struct ExpiringTable<Entry: ExpiringEntry>: Sendable {
  private struct Queue {
    var first: Slot = .none
    var last: Slot = .none
  }

  private var entries = Slab<Entry>()
  private var index = SlotIndex()
  private var queues: [Queue]
  private var free: Slot = .none
  private let seed: UInt64

  /// No deadline is earlier than this one, so that most packets need not look at the queues.
  private var bound = Instant(nanoseconds: .max)

  init(seed: UInt64, queues: Int = 1) {
    self.seed = seed
    self.queues = Array(repeating: Queue(), count: queues)
  }

  /// How many entries can be found by their keys.
  var count: Int { index.count }

  /// The entry in a slot that is in use.
  subscript(slot: Slot) -> Entry {
    @inline(__always) get { entries[Int(slot)] }
    @inline(__always) set { entries[Int(slot)] = newValue }
  }

  /// - Complexity: O(1) on average.
  @inline(__always)
  func find(_ key: Entry.Key, where matches: (Entry) -> Bool) -> Slot? {
    index.find(key.hash(seed: seed)) { matches(entries[Int($0)]) }
  }

  /// Adds an entry whose key is not there yet.
  ///
  /// - Complexity: O(1) on average, as long as no deadline of its queue is later.
  mutating func insert(_ entry: Entry, _ key: Entry.Key) -> Slot {
    let slot: Slot
    if free == .none {
      slot = Slot(entries.count)
      entries.append(entry)
    } else {
      slot = free
      free = entries[Int(slot)].link.next
      entries[Int(slot)] = entry
    }
    index.insert(key.hash(seed: seed), slot)
    enqueue(slot)
    return slot
  }

  mutating func remove(_ slot: Slot) {
    index.remove(slot)
    release(slot)
  }

  /// Makes an entry impossible to find; its slot stays in use, and in its queue.
  mutating func hide(_ slot: Slot) {
    index.remove(slot)
  }

  /// Frees the slot of an entry that is hidden.
  mutating func release(_ slot: Slot) {
    dequeue(slot)
    entries[Int(slot)].link.next = free
    free = slot
  }

  /// Moves an entry's deadline within its queue; an earlier one than it has is ignored.
  ///
  /// - Complexity: O(1) as long as nobody else's deadline in the queue is later.
  mutating func refresh(_ slot: Slot, until deadline: Instant) {
    guard deadline > entries[Int(slot)].link.deadline else { return }
    move(slot, to: entries[Int(slot)].link.queue, until: deadline)
  }

  /// Moves an entry to a queue's end, whatever deadline it had.
  ///
  /// - Complexity: O(1) as long as nobody else's deadline in the queue is later.
  mutating func move(_ slot: Slot, to queue: UInt8, until deadline: Instant) {
    dequeue(slot)
    entries[Int(slot)].link.queue = queue
    entries[Int(slot)].link.deadline = deadline
    enqueue(slot)
  }

  /// The entry with the earliest deadline, if that has come.
  ///
  /// - Complexity: O(1), or O(queues) when something is due.
  mutating func due(at now: Instant) -> Slot? {
    if now < bound { return nil }
    guard let slot = earliest else {
      bound = Instant(nanoseconds: .max)
      return nil
    }
    bound = entries[Int(slot)].link.deadline
    return bound <= now ? slot : nil
  }

  /// The earliest deadline of all; nil if there is none.
  ///
  /// - Complexity: O(queues).
  var earliestDeadline: Instant? {
    earliest.map { entries[Int($0)].link.deadline }
  }

  private var earliest: Slot? {
    var earliest = Slot.none
    var deadline = Instant(nanoseconds: .max)
    // By index, as an iterator allocates wherever the compiler does not see through it.
    var queue = 0
    while queue < queues.count {
      let first = queues[queue].first
      if first != .none {
        let candidate = entries[Int(first)].link.deadline
        if earliest == .none || candidate < deadline {
          earliest = first
          deadline = candidate
        }
      }
      queue += 1
    }
    return earliest == .none ? nil : earliest
  }

  /// The slots that stand in queues, each queue's soonest to expire first.
  ///
  /// - Complexity: O(count).
  var slots: [Slot] {
    var slots: [Slot] = []
    for queue in queues {
      var slot = queue.first
      while slot != .none {
        slots.append(slot)
        slot = entries[Int(slot)].link.next
      }
    }
    return slots
  }

  // MARK: - Queues

  private mutating func enqueue(_ slot: Slot) {
    let link = entries[Int(slot)].link
    if link.queue == ExpiryLink.forever { return }
    let queue = Int(link.queue)
    if link.deadline < bound { bound = link.deadline }
    var previous = queues[queue].last
    while previous != .none, entries[Int(previous)].link.deadline > link.deadline {
      previous = entries[Int(previous)].link.previous
    }
    let next = previous == .none ? queues[queue].first : entries[Int(previous)].link.next
    entries[Int(slot)].link.previous = previous
    entries[Int(slot)].link.next = next
    join(previous, slot, queue)
    join(slot, next, queue)
  }

  private mutating func dequeue(_ slot: Slot) {
    let link = entries[Int(slot)].link
    if link.queue == ExpiryLink.forever { return }
    join(link.previous, link.next, Int(link.queue))
  }

  /// Makes two entries neighbours; `none` on one side makes the other an end of the queue.
  private mutating func join(_ left: Slot, _ right: Slot, _ queue: Int) {
    if left == .none { queues[queue].first = right } else { entries[Int(left)].link.next = right }
    if right == .none {
      queues[queue].last = left
    } else {
      entries[Int(right)].link.previous = left
    }
  }
}
