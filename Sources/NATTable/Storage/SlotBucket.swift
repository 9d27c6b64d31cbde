/// Up to seven slots with their hashes, in a cache line of a ``SlotIndex``.
///
///     ┌──────────────┬──────┬──────────────┬──────────┐
///     │ seven hashes │ used │ seven slots  │ overflow │  64 bytes
///     └──────────────┴──────┴──────────────┴──────────┘
struct SlotBucket {
  /// The hashes of the first `used`; the eighth is that number.
  var hashes = SIMD8<UInt32>()
  /// Their slots; the eighth is the bucket's continuation.
  var slots = SIMD8<UInt32>(repeating: .none)

  static var capacity: UInt32 { 7 }

  var used: UInt32 {
    @inline(__always) get { hashes[7] }
    @inline(__always) set { hashes[7] = newValue }
  }

  var overflow: UInt32 {
    @inline(__always) get { slots[7] }
    @inline(__always) set { slots[7] = newValue }
  }

  /// A bit for each place that has this hash.
  @inline(__always)
  func places(of hash: UInt32) -> UInt32 {
    let bits = SIMD8<UInt32>(1, 2, 4, 8, 16, 32, 64, 0)
    let equal = hashes .== SIMD8(repeating: hash)
    let all = SIMD8<UInt32>().replacing(with: bits, where: equal).wrappedSum()
    return all & (1 &<< used &- 1)
  }

  /// Adds a slot if there is a place for it.
  mutating func add(_ hash: UInt32, _ slot: Slot) -> Bool {
    if used == Self.capacity { return false }
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
}
