/// Where an entry lives in its table.
typealias Slot = UInt32

extension Slot {
  /// No entry.
  static let none = Slot.max
}

/// Finds slots by hash: chains in buckets that are split one at a time (linear hashing).
///
/// Each insertion may split one bucket in two, so that no insertion ever moves more than a chain:
/// a table that doubles would make one packet in a million wait for all the others. Each chain
/// link holds the hash beside the next slot, so that a probe of a stranger touches no entry.
struct SlotIndex: Sendable {
  private struct Link {
    var hash: UInt32
    var next: Slot
  }

  private var heads = Slab<Slot>()
  /// One for each slot of the table, in use or not.
  private var links = Slab<Link>()
  /// Buckets `0..<split` have been split by one more bit than `mask` has.
  private var mask: UInt32 = 0
  private var split: UInt32 = 0
  private(set) var count = 0

  /// The slot with this hash that `matches`.
  ///
  /// - Complexity: O(1) on average.
  @inline(__always)
  func find(_ hash: UInt32, where matches: (Slot) -> Bool) -> Slot? {
    if heads.count == 0 { return nil }
    var slot = heads[bucket(of: hash)]
    while slot != .none {
      let link = links[Int(slot)]
      if link.hash == hash, matches(slot) { return slot }
      slot = link.next
    }
    return nil
  }

  /// Adds a slot that is not there yet.
  ///
  /// - Complexity: O(1) on average.
  mutating func insert(_ hash: UInt32, _ slot: Slot) {
    if count >= heads.count { grow() }
    while links.count <= Int(slot) { links.append(Link(hash: 0, next: .none)) }
    let bucket = bucket(of: hash)
    links[Int(slot)] = Link(hash: hash, next: heads[bucket])
    heads[bucket] = slot
    count += 1
  }

  /// Removes a slot that is there.
  ///
  /// - Complexity: O(1) on average.
  mutating func remove(_ slot: Slot) {
    let removed = links[Int(slot)]
    let bucket = bucket(of: removed.hash)
    var previous = Slot.none
    var here = heads[bucket]
    while here != slot {
      previous = here
      here = links[Int(here)].next
    }
    if previous == .none {
      heads[bucket] = removed.next
    } else {
      links[Int(previous)].next = removed.next
    }
    count -= 1
  }

  private func bucket(of hash: UInt32) -> Int {
    let bucket = hash & mask
    return Int(bucket < split ? hash & (mask << 1 | 1) : bucket)
  }

  /// Adds a bucket and moves to it what belongs there from the bucket that it splits.
  private mutating func grow() {
    if heads.count == 0 { return heads.append(.none) }
    let bit = mask + 1
    var slot = heads[Int(split)]
    var stay = Slot.none
    var move = Slot.none
    while slot != .none {
      let link = links[Int(slot)]
      if link.hash & bit == 0 {
        links[Int(slot)].next = stay
        stay = slot
      } else {
        links[Int(slot)].next = move
        move = slot
      }
      slot = link.next
    }
    heads[Int(split)] = stay
    heads.append(move)
    split += 1
    if split > mask {
      mask = mask << 1 | 1
      split = 0
    }
  }
}
