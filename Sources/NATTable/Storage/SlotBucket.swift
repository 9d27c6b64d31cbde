/// Up to eight slots with their hashes, in a cache line of a ``SlotIndex``.
///
///     ┌────────────┬─────────────┬──────────┬──────────────────┐
///     │ eight tags │ eight slots │ overflow │ eight remainders │  64 bytes
///     └────────────┴─────────────┴──────────┴──────────────────┘
///
/// A hash is kept in two parts: its highest seven bits as a tag, by which all eight places are
/// searched at once, and the other 20, which say where the slot goes when the bucket is split.
struct SlotBucket {
  /// The byte n is for the place n: its highest bit says that it is used, the others are its tag.
  private var tags: UInt64 = 0
  private var slots = InlineArray<8, Slot>(repeating: .none)
  /// The bucket that goes on where this one is full.
  var overflow = Slot.none
  /// The 20 bits: the highest four of the place n are the four bits n of one word.
  private var highs: UInt32 = 0
  private var lows = InlineArray<8, UInt16>(repeating: 0)

  /// How many bits of a hash are kept, the lowest ones.
  static var hashBits: Int { 27 }
  /// How many places a bucket has.
  private static var size: Int { 8 }

  private static var ones: UInt64 { 0x0101_0101_0101_0101 }
  private static var tops: UInt64 { 0x8080_8080_8080_8080 }

  @inline(__always)
  private static func tag(of hash: UInt32) -> UInt64 { UInt64(hash >> 20 & 0x7F) }

  /// The highest bit of the byte n for each place n that has this hash's tag.
  @inline(__always)
  func places(of hash: UInt32) -> UInt64 {
    // What is left of a byte with the tag is the highest bit alone: the only one that is gone when
    // 1 is taken away, and it lends nothing from the byte above it. Free bytes come last.
    let rest = tags ^ Self.tag(of: hash) &* Self.ones
    return rest & ~(rest &- Self.ones) & Self.tops
  }

  /// How many places are in use, the first ones.
  var used: Int { Self.size - tags.leadingZeroBitCount >> 3 }

  /// The slot at one of the first `used` places.
  @inline(__always)
  func slot(at place: Int) -> Slot {
    assert(place < used, "no such place")
    return slots[unchecked: place]
  }

  /// The hash at one of the first `used` places.
  func hash(at place: Int) -> UInt32 {
    let tag = UInt32(truncatingIfNeeded: tags >> UInt64(8 * place)) & 0x7F
    let high = highs >> UInt32(4 * place) & 0xF
    return tag << 20 | high << 16 | UInt32(lows[place])
  }

  /// Adds a slot if there is a place for it.
  mutating func add(_ hash: UInt32, _ slot: Slot) -> Bool {
    let place = used
    if place == Self.size { return false }
    set(hash, slot, at: place)
    return true
  }

  /// Removes a slot if it is here; the last one takes its place.
  mutating func remove(_ slot: Slot) -> Bool {
    let used = used
    var place = 0
    while place < used, slots[place] != slot { place += 1 }
    if place == used { return false }
    let last = used - 1
    set(hash(at: last), slots[last], at: place)
    tags &= ~(0xFF << UInt64(8 * last))
    return true
  }

  private mutating func set(_ hash: UInt32, _ slot: Slot, at place: Int) {
    let (eight, four) = (UInt64(8 * place), UInt32(4 * place))
    tags = tags & ~(0xFF << eight) | (0x80 | Self.tag(of: hash)) << eight
    highs = highs & ~(0xF << four) | (hash >> 16 & 0xF) << four
    lows[place] = UInt16(truncatingIfNeeded: hash)
    slots[place] = slot
  }

  mutating func removeAll() {
    tags = 0
  }
}
