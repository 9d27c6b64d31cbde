import ProtocolTime

/// An entry of an ``ExpiringTable``.
protocol ExpiringEntry: Sendable {
  associatedtype Key: TableKey
  var key: Key { get }
  var link: ExpiryLink { get set }
}

/// An entry's place in the order of expiry.
struct ExpiryLink {
  var deadline: Instant
  fileprivate var hash: UInt32 = 0
  fileprivate var previous: Slot = .none
  fileprivate var next: Slot = .none

  init(deadline: Instant) {
    self.deadline = deadline
  }
}

/// Entries that are found by key and leave in the order of their deadlines.
///
/// The entries stand in one array and keep their slots; free slots are reused. A list through them
/// keeps the order of expiry. As all deadlines lie the same time ahead, a refreshed entry goes to
/// the list's end, and refreshing costs the same however many entries there are.
struct ExpiringTable<Entry: ExpiringEntry>: Sendable {
  private var entries: [Entry] = []
  private var index = SlotIndex()
  private var first: Slot = .none
  private var last: Slot = .none
  private var free: Slot = .none
  private let seed: UInt64

  init(seed: UInt64) {
    self.seed = seed
  }

  var count: Int { index.count }

  /// The entry that expires first.
  var earliest: Slot? { first == .none ? nil : first }

  /// The entry in a slot that is in use.
  subscript(slot: Slot) -> Entry {
    _read { yield entries[Int(slot)] }
    _modify { yield &entries[Int(slot)] }
  }

  /// - Complexity: O(1) on average.
  func find(_ key: Entry.Key) -> Slot? {
    index.find(hash(key)) { entries[Int($0)].key == key }
  }

  /// Adds an entry whose key is not there yet.
  mutating func insert(_ entry: Entry) -> Slot {
    var entry = entry
    entry.link.hash = hash(entry.key)
    let slot: Slot
    if free == .none {
      slot = Slot(entries.count)
      entries.append(entry)
    } else {
      slot = free
      free = entries[Int(slot)].link.next
      entries[Int(slot)] = entry
    }
    index.insert(entry.link.hash, slot)
    enqueue(slot)
    return slot
  }

  mutating func remove(_ slot: Slot) {
    dequeue(slot)
    index.remove(entries[Int(slot)].link.hash, slot)
    entries[Int(slot)].link.next = free
    free = slot
  }

  /// Moves an entry's deadline; an earlier one than it has is ignored.
  ///
  /// - Complexity: O(1) as long as nobody else's deadline is later.
  mutating func refresh(_ slot: Slot, until deadline: Instant) {
    guard deadline > entries[Int(slot)].link.deadline else { return }
    dequeue(slot)
    entries[Int(slot)].link.deadline = deadline
    enqueue(slot)
  }

  /// The slots in use, soonest to expire first.
  ///
  /// - Complexity: O(count).
  var slots: [Slot] {
    var slots: [Slot] = []
    slots.reserveCapacity(count)
    var slot = first
    while slot != .none {
      slots.append(slot)
      slot = entries[Int(slot)].link.next
    }
    return slots
  }

  private func hash(_ key: Entry.Key) -> UInt32 {
    var hash = KeyHash(seed: seed)
    key.mix(into: &hash)
    return hash.value
  }

  private mutating func enqueue(_ slot: Slot) {
    let deadline = entries[Int(slot)].link.deadline
    var previous = last
    while previous != .none, entries[Int(previous)].link.deadline > deadline {
      previous = entries[Int(previous)].link.previous
    }
    let next = previous == .none ? first : entries[Int(previous)].link.next
    entries[Int(slot)].link.previous = previous
    entries[Int(slot)].link.next = next
    join(previous, slot)
    join(slot, next)
  }

  private mutating func dequeue(_ slot: Slot) {
    let link = entries[Int(slot)].link
    join(link.previous, link.next)
  }

  /// Makes two entries neighbours; `none` on one side makes the other an end of the list.
  private mutating func join(_ left: Slot, _ right: Slot) {
    if left == .none { first = right } else { entries[Int(left)].link.next = right }
    if right == .none { last = left } else { entries[Int(right)].link.previous = left }
  }
}
