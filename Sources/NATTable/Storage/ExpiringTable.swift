import SansIO

/// An entry of an ``ExpiringTable``: plain data.
protocol ExpiringEntry: Sendable {
  /// When the entry ends; meaningless in one that never ends by itself.
  var deadline: Instant { get set }
  /// Free for the table's use while the entry is not in use.
  var link: Slot { get set }
}

/// Entries that are found by hash and leave in the order of their deadlines.
///
/// The entries keep their slots; free slots are reused. A deadline that moves to later is written
/// into the entry and nowhere else, so that refreshing costs a packet nothing: when its old
/// position in the order comes up, the entry gets a new one.
struct ExpiringTable<Entry: ExpiringEntry>: Sendable {
  private var entries: Slab<Entry>
  private var index: SlotIndex
  private var heap = DeadlineHeap()
  private var free: Slot = .none

  /// - Parameter isQuick: whether it is looked at for each packet: then the first 65 536 entries,
  ///   as many as an address has ports, are found in fewer steps, and the index has more room.
  init(isQuick: Bool = false) {
    entries = Slab(leadingPages: isQuick ? 128 : 1)
    index = SlotIndex(isQuick: isQuick)
  }

  /// How many entries can be found by their keys.
  var count: Int { index.count }

  /// The entry in a slot that is in use.
  subscript(slot: Slot) -> Entry {
    @inline(__always) unsafeAddress { entries.pointer(to: Int(slot)) }
    @inline(__always) unsafeMutableAddress { entries.mutablePointer(to: Int(slot)) }
  }

  /// - Complexity: O(1) on average.
  @inline(__always)
  func find(_ hash: UInt32, where matches: (borrowing Entry) -> Bool) -> Slot? {
    index.find(hash) { matches(entries[Int($0)]) }
  }

  /// The slot of an entry that may have this hash, to be compared; see ``SlotIndex``.
  @inline(__always)
  func guess(_ hash: UInt32) -> Slot? { index.guess(hash) }

  /// Adds an entry whose key is not there yet.
  ///
  /// - Parameter expires: whether its deadline is to be heeded.
  /// - Complexity: O(1) on average if its deadline is later than most, else O(log n).
  mutating func insert(_ entry: Entry, _ hash: UInt32, expires: Bool = true) -> Slot {
    let slot: Slot
    if free == .none {
      slot = Slot(entries.count)
      entries.append(entry)
    } else {
      slot = free
      free = entries[Int(slot)].link
      entries[Int(slot)] = entry
    }
    index.insert(hash, slot)
    if expires { heap.insert(slot, entry.deadline) }
    return slot
  }

  mutating func remove(_ slot: Slot, _ hash: UInt32) {
    index.remove(hash, slot)
    release(slot)
  }

  /// Makes an entry impossible to find; its slot stays in use, and its deadline is heeded.
  mutating func hide(_ slot: Slot, _ hash: UInt32) {
    index.remove(hash, slot)
  }

  /// Frees the slot of an entry that is hidden.
  mutating func release(_ slot: Slot) {
    if heap.contains(slot) { heap.remove(slot) }
    entries[Int(slot)].link = free
    free = slot
  }

  /// Gives an entry another deadline.
  ///
  /// - Complexity: O(1) for a later one, O(log n) for an earlier one.
  @inline(__always)
  mutating func move(_ slot: Slot, to deadline: Instant) {
    let isEarlier = deadline < entries[Int(slot)].deadline
    entries[Int(slot)].deadline = deadline
    if isEarlier { heap.move(slot, to: deadline) }
  }

  /// The entry with the earliest deadline, if that has come.
  ///
  /// - Complexity: O(1) if nothing is due, else O(log n), besides the entries whose old position
  ///   in the order has come up.
  @inline(__always)
  mutating func due(at now: Instant) -> Slot? {
    heap.earliest > now ? nil : firstDue(at: now)
  }

  private mutating func firstDue(at now: Instant) -> Slot? {
    while heap.earliest <= now, let slot = heap.first {
      let deadline = entries[Int(slot)].deadline
      if deadline <= now { return slot }
      heap.move(slot, to: deadline)
    }
    return nil
  }

  /// The earliest deadline of all, nil if there is none; with many entries that have been refreshed
  /// it may be too early, but never too late.
  ///
  /// - Complexity: O(1): at most 64 entries are looked at.
  var earliestDeadline: Instant? {
    if heap.count == 0 { return nil }
    // An entry's position in the order is at its deadline or before, and so are its children's: who
    // stands behind a deadline that is known cannot beat it.
    var best = Instant(nanoseconds: .max)
    var looks = 64
    search(from: 0, &best, &looks)
    return looks < 0 ? heap.earliest : best
  }

  private func search(from position: Int, _ best: inout Instant, _ looks: inout Int) {
    looks -= 1
    if looks < 0 { return }
    best = min(best, entries[Int(heap.slot(at: position))].deadline)
    for child in position << 2 + 1...position << 2 + 4
    where child < heap.count && heap.deadline(at: child) < best {
      search(from: child, &best, &looks)
    }
  }

  /// The slots of the entries that expire, in no order.
  ///
  /// - Complexity: O(count).
  var slots: [Slot] {
    (0..<heap.count).map { heap.slot(at: $0) }
  }

  /// Gives this copy memory of its own, see ``Slab``.
  mutating func makeUnique() {
    entries.makeUnique()
    index.makeUnique()
    heap.makeUnique()
  }
}
