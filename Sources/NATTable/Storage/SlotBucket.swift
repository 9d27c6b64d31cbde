/// Up to eight slots with their hashes, in a cache line of a ``SlotIndex``.
///
///     ┌────────────┬─────────────┬──────────┬──────────────────┐
///     │ eight tags │ eight slots │ overflow │ eight remainders │  64 bytes
///     └────────────┴─────────────┴──────────┴──────────────────┘
///
/// A hash is kept in two parts: its highest seven bits as a tag, by which all eight cells are
/// searched at once, and the other 20, which say where the slot goes when the bucket is split.
struct SlotBucket {
  /// The byte n is for the cell n: its highest bit says that it is used, the others are its tag.
  private var tags: UInt64 = 0
  private var slots = InlineArray<8, Slot>(repeating: .none)
  /// The bucket that goes on where this one is full.
  var overflow = Slot.none
  /// The 20 bits: the highest four of the cell n are the four bits n of one word.
  private var highs: UInt32 = 0
  private var lows = InlineArray<8, UInt16>(repeating: 0)

  /// How many bits of a hash are kept, the lowest ones.
  static var hashBits: Int { 27 }
  /// How many cells a bucket has.
  private static var size: Int { 8 }

  private static var ones: UInt64 { 0x0101_0101_0101_0101 }
  private static var tops: UInt64 { 0x8080_8080_8080_8080 }

  @inline(__always)
  private static func tag(of hash: UInt32) -> UInt64 { UInt64(hash >> 20 & 0x7F) }

  /// The highest bit of the byte n for each cell n that has this hash's tag.
  @inline(__always)
  func cells(of hash: UInt32) -> UInt64 {
    // The XOR leaves 0x80 in a byte that is used and has the tag. Subtracting 1 clears the highest
    // bit of that byte only, and borrows nothing from the next byte. Free bytes come last.
    let rest = tags ^ Self.tag(of: hash) &* Self.ones
    return rest & ~(rest &- Self.ones) & Self.tops
  }

  /// How many cells are in use, the first ones.
  var used: Int { Self.size - tags.leadingZeroBitCount >> 3 }

  /// The slot at one of the first `used` cells.
  @inline(__always)
  func slot(at cell: Int) -> Slot {
    assert(cell < used, "no such cell")
    return slots[unchecked: cell]
  }

  /// The hash at one of the first `used` cells.
  func hash(at cell: Int) -> UInt32 {
    let tag = UInt32(truncatingIfNeeded: tags >> UInt64(8 * cell)) & 0x7F
    let high = highs >> UInt32(4 * cell) & 0xF
    return tag << 20 | high << 16 | UInt32(lows[cell])
  }

  /// Adds a slot if there is a cell for it.
  mutating func add(_ hash: UInt32, _ slot: Slot) -> Bool {
    let cell = used
    if cell == Self.size { return false }
    set(hash, slot, at: cell)
    return true
  }

  /// Removes a slot if it is here; the last one takes its cell.
  mutating func remove(_ slot: Slot) -> Bool {
    let used = used
    var cell = 0
    while cell < used, slots[cell] != slot { cell += 1 }
    if cell == used { return false }
    let last = used - 1
    set(hash(at: last), slots[last], at: cell)
    tags &= ~(0xFF << UInt64(8 * last))
    return true
  }

  private mutating func set(_ hash: UInt32, _ slot: Slot, at cell: Int) {
    let (eight, four) = (UInt64(8 * cell), UInt32(4 * cell))
    tags = tags & ~(0xFF << eight) | (0x80 | Self.tag(of: hash)) << eight
    highs = highs & ~(0xF << four) | (hash >> 16 & 0xF) << four
    lows[cell] = UInt16(truncatingIfNeeded: hash)
    slots[cell] = slot
  }

  mutating func removeAll() {
    tags = 0
  }
}
