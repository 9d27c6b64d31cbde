/// Up to seven slots with their hashes, in a cache line of a ``SlotIndex``.
///
///     ┌──────────────┬──────┬──────────────┬──────────┐
///     │ seven hashes │ used │ seven slots  │ overflow │  64 bytes
///     └──────────────┴──────┴──────────────┴──────────┘
struct SlotBucket {
  private var hashes = InlineArray<7, UInt32>(repeating: 0)
  /// How many places are in use, the first ones.
  private(set) var used: UInt32 = 0
  private var slots = InlineArray<7, Slot>(repeating: .none)
  /// The bucket that goes on where this one is full.
  var overflow = Slot.none

  /// A bit for each place that has this hash.
  ///
  /// All places are compared, without a branch: a search that ends at the right one has the
  /// processor guess where that is, and wrong guesses cost more than the comparisons.
  @inline(__always)
  func places(of hash: UInt32) -> UInt32 {
    var places: UInt32 = 0
    for place in 0..<7 {
      places |= (hashes[unchecked: place] == hash ? 1 : 0) &<< UInt32(truncatingIfNeeded: place)
    }
    return places & (1 &<< used &- 1)
  }

  /// The slot at one of the first `used` places.
  @inline(__always)
  func slot(at place: Int) -> Slot {
    assert(place < used, "no such place")
    return slots[unchecked: place]
  }

  func hash(at place: Int) -> UInt32 { hashes[place] }

  /// Adds a slot if there is a place for it.
  mutating func add(_ hash: UInt32, _ slot: Slot) -> Bool {
    if used == 7 { return false }
    hashes[Int(used)] = hash
    slots[Int(used)] = slot
    used += 1
    return true
  }

  /// Removes a slot if it is here; the last one takes its place.
  mutating func remove(_ slot: Slot) -> Bool {
    var place = 0
    while place < Int(used), slots[place] != slot { place += 1 }
    if place == Int(used) { return false }
    used -= 1
    hashes[place] = hashes[Int(used)]
    slots[place] = slots[Int(used)]
    return true
  }

  mutating func removeAll() {
    used = 0
  }
}
