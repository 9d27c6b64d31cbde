/// Where an entry lives in its table.
typealias Slot = UInt32

extension Slot {
  /// No entry.
  static let none = Slot.max
}

/// Finds slots by hash: buckets of a cache line each, which are split one at a time (linear
/// hashing).
///
/// Each insertion may split one bucket in two, so that no insertion ever moves more than a bucket:
/// a table that doubles would make one packet in a million wait for all the others. The hashes
/// stand beside the slots and are compared all at once, so that a look-up reads one cache line here
/// and then no entry but the right one.
struct SlotIndex: Sendable {
  /// Those that a hash leads to, at least one, and those that continue full ones.
  private(set) var buckets: Slab<SlotBucket>
  private(set) var overflows = Slab<SlotBucket>()
  /// The first of the unused overflow buckets, which are linked.
  private var free = Slot.none
  /// The bits of a hash that say which bucket is its.
  private var mask: UInt32 = 0
  /// One bit less: what says it where there is no such bucket yet.
  private var lesserMask: UInt32 = 0
  private(set) var count = 0
  /// How many of a bucket's eight cells are used on average.
  private let averageUse: Int

  /// - Parameter isQuick: whether it is to be quick rather than thrifty: the fewer cells are used,
  ///   the fewer buckets overflow.
  init(isQuick: Bool = false) {
    averageUse = isQuick ? 3 : 6
    buckets = Slab(leadingPages: isQuick ? 64 : 1)
    buckets.append(SlotBucket())
  }

  /// The first slot that may have this hash, as nearly all have that are there.
  ///
  /// - Complexity: O(1): one bucket is looked at.
  @inline(__always)
  func guess(_ hash: UInt32) -> Slot? {
    let bucket = buckets.pointer(to: home(of: hash))
    let cells = bucket.pointee.cells(of: hash)
    guard likely(cells != 0) else { return nil }
    return bucket.pointee.slot(at: cells.trailingZeroBitCount >> 3)
  }

  /// The slot with this hash that `matches`.
  ///
  /// - Complexity: O(1) on average.
  @inline(__always)
  func find(_ hash: UInt32, where matches: (Slot) -> Bool) -> Slot? {
    var bucket = buckets.pointer(to: home(of: hash))
    while true {
      var cells = bucket.pointee.cells(of: hash)
      while cells != 0 {
        let slot = bucket.pointee.slot(at: cells.trailingZeroBitCount >> 3)
        if matches(slot) { return slot }
        cells &= cells &- 1
      }
      let next = bucket.pointee.overflow
      if next == .none { return nil }
      bucket = overflows.pointer(to: Int(next))
    }
  }

  /// Adds a slot that is not there yet.
  ///
  /// - Complexity: O(1) on average.
  mutating func insert(_ hash: UInt32, _ slot: Slot) {
    if count >= averageUse * buckets.count, buckets.count < 1 << SlotBucket.hashBits { grow() }
    put(hash, slot, at: home(of: hash))
    count += 1
  }

  /// Removes a slot that is there, with the hash that it was added with.
  ///
  /// - Complexity: O(1) on average.
  mutating func remove(_ hash: UInt32, _ slot: Slot) {
    let home = home(of: hash)
    count -= 1
    if buckets[home].remove(slot) { return }
    var previous = Slot.none
    var number = buckets[home].overflow
    while number != .none {
      let next = overflows[Int(number)].overflow
      if overflows[Int(number)].remove(slot) {
        guard overflows[Int(number)].used == 0 else { return }
        if previous == .none {
          buckets[home].overflow = next
        } else {
          overflows[Int(previous)].overflow = next
        }
        return release(number)
      }
      previous = number
      number = next
    }
    assertionFailure("a slot that is not there was removed")
  }

  @inline(__always)
  private func home(of hash: UInt32) -> Int {
    let bucket = Int(hash & mask)
    return bucket < buckets.count ? bucket : Int(hash & lesserMask)
  }

  private mutating func put(_ hash: UInt32, _ slot: Slot, at home: Int) {
    if buckets[home].add(hash, slot) { return }
    var number = buckets[home].overflow
    while number != .none {
      if overflows[Int(number)].add(hash, slot) { return }
      number = overflows[Int(number)].overflow
    }
    // A new one comes first in the chain.
    var bucket = SlotBucket()
    _ = bucket.add(hash, slot)
    bucket.overflow = buckets[home].overflow
    if free == .none {
      buckets[home].overflow = UInt32(overflows.count)
      overflows.append(bucket)
    } else {
      buckets[home].overflow = free
      let next = overflows[Int(free)].overflow
      overflows[Int(free)] = bucket
      free = next
    }
  }

  private mutating func release(_ overflow: UInt32) {
    overflows[Int(overflow)].removeAll()
    overflows[Int(overflow)].overflow = free
    free = overflow
  }

  /// Adds a bucket and moves to it what belongs there from the bucket that it splits.
  private mutating func grow() {
    let new = buckets.count
    buckets.append(SlotBucket())
    if new > mask { (mask, lesserMask) = (mask << 1 | 1, mask) }
    let old = new & Int(lesserMask)
    var bucket = buckets[old]
    buckets[old] = SlotBucket()
    while true {
      for cell in 0..<bucket.used {
        let hash = bucket.hash(at: cell)
        put(hash, bucket.slot(at: cell), at: home(of: hash))
      }
      let number = bucket.overflow
      if number == .none { return }
      bucket = overflows[Int(number)]
      release(number)
    }
  }

  /// Gives this copy memory of its own, see ``Slab``.
  mutating func makeUnique() {
    buckets.makeUnique()
    overflows.makeUnique()
  }
}
