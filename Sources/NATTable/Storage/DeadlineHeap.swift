import SansIO

/// Slots in the order of their deadlines: a heap in which each parent has four children.
///
/// Each slot knows its position, so that it can leave or move wherever it stands. Deadlines, slots
/// and positions stand apart from each other and from the entries: sixteen bytes a slot, of which
/// a search for the smallest child reads one cache line.
struct DeadlineHeap: Sendable {
  private var deadlines = Slab<Instant>()
  private var slots = Slab<Slot>()
  /// By slot: where it stands, or `none`.
  private var positions = Slab<UInt32>()

  var count: Int { deadlines.count }

  /// The earliest deadline; far in the future if there is none.
  private(set) var earliest = Instant(nanoseconds: .max)

  /// The slot with the earliest deadline; nil if there is none.
  var first: Slot? { count == 0 ? nil : slots[0] }

  /// The slot that stands somewhere below `count`, parents before their children.
  func slot(at position: Int) -> Slot { slots[position] }

  func deadline(at position: Int) -> Instant { deadlines[position] }

  func contains(_ slot: Slot) -> Bool {
    Int(slot) < positions.count && positions[Int(slot)] != .none
  }

  /// Adds a slot that is not there yet.
  ///
  /// - Complexity: O(log n), and O(1) if its deadline is later than most.
  mutating func insert(_ slot: Slot, _ deadline: Instant) {
    while positions.count <= Int(slot) { positions.append(.none) }
    deadlines.append(deadline)
    slots.append(slot)
    rise(slot, deadline, from: count - 1)
    earliest = deadlines[0]
  }

  /// Gives a slot that is there another deadline.
  ///
  /// - Complexity: O(log n).
  mutating func move(_ slot: Slot, to deadline: Instant) {
    let position = Int(positions[Int(slot)])
    if deadline < deadlines[position] {
      rise(slot, deadline, from: position)
    } else {
      sink(slot, deadline, from: position)
    }
    earliest = deadlines[0]
  }

  /// Removes a slot that is there.
  ///
  /// - Complexity: O(log n).
  mutating func remove(_ slot: Slot) {
    let position = Int(positions[Int(slot)])
    positions[Int(slot)] = .none
    let (last, deadline) = (slots[count - 1], deadlines[count - 1])
    slots.removeLast()
    deadlines.removeLast()
    if position < count {
      // The last one takes its position, and moves on from there.
      if deadline < deadlines[position] {
        rise(last, deadline, from: position)
      } else {
        sink(last, deadline, from: position)
      }
    }
    earliest = count == 0 ? Instant(nanoseconds: .max) : deadlines[0]
  }

  private mutating func rise(_ slot: Slot, _ deadline: Instant, from start: Int) {
    var position = start
    while position > 0 {
      let parent = (position - 1) >> 2
      if deadlines[parent] <= deadline { break }
      put(slots[parent], deadlines[parent], at: position)
      position = parent
    }
    put(slot, deadline, at: position)
  }

  private mutating func sink(_ slot: Slot, _ deadline: Instant, from start: Int) {
    var position = start
    while true {
      var child = position << 2 + 1
      if child >= count { break }
      let end = min(child + 4, count)
      var other = child + 1
      while other < end {
        if deadlines[other] < deadlines[child] { child = other }
        other += 1
      }
      if deadline <= deadlines[child] { break }
      put(slots[child], deadlines[child], at: position)
      position = child
    }
    put(slot, deadline, at: position)
  }

  @inline(__always)
  private mutating func put(_ slot: Slot, _ deadline: Instant, at position: Int) {
    slots[position] = slot
    deadlines[position] = deadline
    positions[Int(slot)] = UInt32(truncatingIfNeeded: position)
  }

  /// Gives this copy memory of its own, see ``Slab``.
  mutating func makeUnique() {
    deadlines.makeUnique()
    slots.makeUnique()
    positions.makeUnique()
  }
}
