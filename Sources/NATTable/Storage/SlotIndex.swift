/// Where an entry lives in its table.
typealias Slot = UInt32

extension Slot {
  /// No entry.
  static let none = Slot.max
}

/// Finds slots by hash: open addressing with linear probing, eight bytes a place.
///
/// Each place holds the hash beside the slot, so that a probe of a stranger touches no entry, and
/// neither does growing.
struct SlotIndex {
  private struct Place {
    var hash: UInt32
    var slot: Slot
  }

  private var places: [Place] = []
  private(set) var count = 0

  /// The slot with this hash that `matches`.
  ///
  /// - Complexity: O(1) on average.
  @inline(__always)
  func find(_ hash: UInt32, where matches: (Slot) -> Bool) -> Slot? {
    if places.isEmpty { return nil }
    let mask = places.count - 1
    var index = Int(hash) & mask
    while true {
      let place = places[index]
      if place.slot == .none { return nil }
      if place.hash == hash, matches(place.slot) { return place.slot }
      index = (index + 1) & mask
    }
  }

  /// Adds a slot that is not there yet.
  ///
  /// - Complexity: O(1) on average, amortised over growing.
  mutating func insert(_ hash: UInt32, _ slot: Slot) {
    // At most three quarters full, so that a search always meets an empty place.
    if (count + 1) * 4 > places.count * 3 { grow() }
    place(hash, slot)
    count += 1
  }

  /// Removes a slot that is there, and closes the gap so that no search stops too early.
  mutating func remove(_ hash: UInt32, _ slot: Slot) {
    let mask = places.count - 1
    var gap = Int(hash) & mask
    while places[gap].slot != slot { gap = (gap + 1) & mask }
    var index = (gap + 1) & mask
    while places[index].slot != .none {
      // An entry may move back to the gap unless that would put it before its home.
      let home = Int(places[index].hash) & mask
      if (index - home) & mask >= (index - gap) & mask {
        places[gap] = places[index]
        gap = index
      }
      index = (index + 1) & mask
    }
    places[gap].slot = .none
    count -= 1
  }

  private mutating func place(_ hash: UInt32, _ slot: Slot) {
    let mask = places.count - 1
    var index = Int(hash) & mask
    while places[index].slot != .none { index = (index + 1) & mask }
    places[index] = Place(hash: hash, slot: slot)
  }

  private mutating func grow() {
    let old = places
    places = Array(repeating: Place(hash: 0, slot: .none), count: max(8, old.count * 2))
    for entry in old where entry.slot != .none { place(entry.hash, entry.slot) }
  }
}
