/// Up to seven slots with their hashes, in a cache line of a ``SlotIndex``.
///
///     ┌────────────┬──────┬────────────────┬─────────────┬──────────┐
///     │ seven tags │ used │ seven residues │ seven slots │ overflow │  64 bytes
///     └────────────┴──────┴────────────────┴─────────────┴──────────┘
///
/// A hash is kept in two parts: its highest byte as a tag, by which all seven places are searched at
/// once, and the other three bytes, which say where the slot goes when the bucket is split.
struct SlotBucket {
  /// The tag of the place n is the byte n, 0 in a free one; the highest byte is how many are used.
  private var tags: UInt64 = 0
  private var slots = InlineArray<7, Slot>(repeating: .none)
  /// The bucket that goes on where this one is full.
  var overflow = Slot.none
  private var middles = InlineArray<7, UInt16>(repeating: 0)
  private var lows = InlineArray<7, UInt8>(repeating: 0)

  private static var ones: UInt64 { 0x0001_0101_0101_0101 }
  private static var tops: UInt64 { 0x0080_8080_8080_8080 }

  /// How many places are in use, the first ones.
  var used: Int { Int(tags >> 56) }

  /// What is kept of a hash's highest byte: 0 is for free places.
  @inline(__always)
  private static func tag(of hash: UInt32) -> UInt64 {
    UInt64(max(1, hash >> 24))
  }

  /// The highest bit of the byte n for each place n that may have this hash.
  ///
  /// The first one has its tag. One behind it may not, as subtracting borrows from the next byte.
  @inline(__always)
  func places(of hash: UInt32) -> UInt64 {
    let differences = tags ^ Self.tag(of: hash) &* Self.ones
    let used = 1 &<< (8 &* (tags >> 56)) &- 1
    return (differences &- Self.ones) & ~differences & Self.tops & used
  }

  /// The slot at one of the first `used` places.
  @inline(__always)
  func slot(at place: Int) -> Slot {
    assert(place < used, "no such place")
    return slots[unchecked: place]
  }

  /// The hash at one of the first `used` places; its highest byte may be 1 for 0.
  func hash(at place: Int) -> UInt32 {
    let high = UInt32(truncatingIfNeeded: tags >> UInt64(8 * place)) & 0xFF
    return high << 24 | UInt32(middles[place]) << 8 | UInt32(lows[place])
  }

  /// Adds a slot if there is a place for it.
  mutating func add(_ hash: UInt32, _ slot: Slot) -> Bool {
    let place = used
    if place == 7 { return false }
    set(hash, slot, at: place)
    tags += 1 << 56
    return true
  }

  /// Removes a slot if it is here; the last one takes its place.
  mutating func remove(_ slot: Slot) -> Bool {
    var place = 0
    while place < used, slots[place] != slot { place += 1 }
    if place == used { return false }
    let last = used - 1
    set(hash(at: last), slots[last], at: place)
    tags &= ~(0xFF << UInt64(8 * last))
    tags -= 1 << 56
    return true
  }

  private mutating func set(_ hash: UInt32, _ slot: Slot, at place: Int) {
    let shift = UInt64(8 * place)
    tags = tags & ~(0xFF << shift) | Self.tag(of: hash) << shift
    middles[place] = UInt16(truncatingIfNeeded: hash >> 8)
    lows[place] = UInt8(truncatingIfNeeded: hash)
    slots[place] = slot
  }

  mutating func removeAll() {
    tags = 0
  }
}
