import SansIO

/// Slots in the order of their deadlines: a heap in which each parent has four children.
///
/// Each slot knows its place, so that it can leave or move wherever it stands. Deadlines, slots and
/// places stand apart from each other and from the entries: sixteen bytes a slot, of which a search
/// for the smallest child reads one cache line.
struct DeadlineHeap: Sendable {
  private var deadlines = Slab<Instant>()
  private var slots = Slab<Slot>()
  /// By slot: where it stands, or `none`.
  private var places = Slab<UInt32>()

  var count: Int { deadlines.count }

  /// The earliest deadline; far in the future if there is none.
  private(set) var earliest = Instant(nanoseconds: .max)

  /// The slot with the earliest deadline; nil if there is none.
  var first: Slot? { count == 0 ? nil : slots[0] }

  /// The slot that stands somewhere below `count`, parents before their children.
  func slot(at place: Int) -> Slot { slots[place] }

  func deadline(at place: Int) -> Instant { deadlines[place] }

  func contains(_ slot: Slot) -> Bool {
    Int(slot) < places.count && places[Int(slot)] != .none
  }

  /// Adds a slot that is not there yet.
  ///
  /// - Complexity: O(log n), and O(1) if its deadline is later than most.
  mutating func insert(_ slot: Slot, _ deadline: Instant) {
    while places.count <= Int(slot) { places.append(.none) }
    deadlines.append(deadline)
    slots.append(slot)
    rise(slot, deadline, from: count - 1)
    earliest = deadlines[0]
  }

  /// Gives a slot that is there another deadline.
  ///
  /// - Complexity: O(log n).
  mutating func move(_ slot: Slot, to deadline: Instant) {
    let place = Int(places[Int(slot)])
    if deadline < deadlines[place] {
      rise(slot, deadline, from: place)
    } else {
      sink(slot, deadline, from: place)
    }
    earliest = deadlines[0]
  }

  /// Removes a slot that is there.
  ///
  /// - Complexity: O(log n).
  mutating func remove(_ slot: Slot) {
    let place = Int(places[Int(slot)])
    places[Int(slot)] = .none
    let (last, deadline) = (slots[count - 1], deadlines[count - 1])
    slots.removeLast()
    deadlines.removeLast()
    if place < count {
      // The last one takes its place, and moves on from there.
      if deadline < deadlines[place] {
        rise(last, deadline, from: place)
      } else {
        sink(last, deadline, from: place)
      }
    }
    earliest = count == 0 ? Instant(nanoseconds: .max) : deadlines[0]
  }

  private mutating func rise(_ slot: Slot, _ deadline: Instant, from start: Int) {
    var place = start
    while place > 0 {
      let parent = (place - 1) >> 2
      if deadlines[parent] <= deadline { break }
      put(slots[parent], deadlines[parent], at: place)
      place = parent
    }
    put(slot, deadline, at: place)
  }

  private mutating func sink(_ slot: Slot, _ deadline: Instant, from start: Int) {
    var place = start
    while true {
      var child = place << 2 + 1
      if child >= count { break }
      let end = min(child + 4, count)
      var other = child + 1
      while other < end {
        if deadlines[other] < deadlines[child] { child = other }
        other += 1
      }
      if deadline <= deadlines[child] { break }
      put(slots[child], deadlines[child], at: place)
      place = child
    }
    put(slot, deadline, at: place)
  }

  @inline(__always)
  private mutating func put(_ slot: Slot, _ deadline: Instant, at place: Int) {
    slots[place] = slot
    deadlines[place] = deadline
    places[Int(slot)] = UInt32(truncatingIfNeeded: place)
  }

  /// Gives this copy memory of its own, see ``Slab``.
  mutating func makeUnique() {
    deadlines.makeUnique()
    slots.makeUnique()
    places.makeUnique()
  }
}
