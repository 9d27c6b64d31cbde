import SansIO
import Testing

@testable import NATTable

@Suite struct StorageTests {
  @Test("An index finds what is there and nothing else, even when all hashes collide")
  func collisions() {
    for mask in [UInt32(0), 3, .max] {
      var index = SlotIndex()
      var present: Set<UInt32> = []
      var random = SeededGenerator(seed: UInt64(mask))
      for _ in 0..<3000 {
        let slot = UInt32.random(in: 0..<60, using: &random)
        let hash = slot &* 0x9E37_79B9 & mask
        if present.remove(slot) != nil {
          index.remove(hash, slot)
        } else {
          index.insert(hash, slot)
          present.insert(slot)
        }
        #expect(index.count == present.count)
        for other in UInt32(0)..<60 {
          let found = index.find(other &* 0x9E37_79B9 & mask) { $0 == other }
          #expect((found != nil) == present.contains(other))
        }
      }
    }
  }

  @Test("A bucket's cells are searched all at once, and only those with the tag are named")
  func tags() {
    var random = SeededGenerator(seed: 20)
    for use in 0...8 {
      for _ in 0..<200 {
        // Tags that differ in one bit or none, which subtracting could confuse.
        let hashes = (0..<use).map { _ in UInt32.random(in: 0..<4, using: &random) << 20 | 7 }
        var bucket = SlotBucket()
        for (slot, hash) in hashes.enumerated() { _ = bucket.add(hash, UInt32(slot)) }
        #expect(bucket.used == use)
        let isAdded = bucket.add(0, 9)
        #expect(isAdded == (use < 8))
        for tag in UInt32(0)..<4 {
          var cells = bucket.cells(of: tag << 20)
          var found: [Int] = []
          while cells != 0 {
            found.append(cells.trailingZeroBitCount >> 3)
            cells &= cells &- 1
          }
          let expected = (hashes + (use < 8 ? [0] : [])).indices.filter {
            ($0 < use ? hashes[$0] : 0) >> 20 == tag
          }
          #expect(found == expected)
        }
        for place in hashes.indices { #expect(bucket.hash(at: place) == hashes[place]) }
      }
    }
  }

  @Test("An index of 300 000 slots grew by a bucket at a time, and no bucket was ever a long one")
  func growth() {
    var index = SlotIndex()
    var random = SeededGenerator(seed: 21)
    var longest = 0
    for slot in UInt32(0)..<300_000 {
      let buckets = index.buckets.count
      index.insert(UInt32(truncatingIfNeeded: random.next()), slot)
      #expect(index.buckets.count - buckets <= 1)
      if slot % 10_000 == 0 { longest = max(longest, index.longestChain) }
    }
    // What a split has to move, and with it the most that a packet has to wait for.
    #expect(longest <= 35)
  }

  @Test("Slots leave the heap in the order of their deadlines, wherever they moved in between")
  func order() {
    var heap = DeadlineHeap()
    var deadlines: [Slot: Int64] = [:]
    var random = SeededGenerator(seed: 22)
    for _ in 0..<20_000 {
      let slot = Slot.random(in: 0..<200, using: &random)
      let deadline = Int64.random(in: 0..<1000, using: &random)
      switch Int.random(in: 0..<4, using: &random) {
      case 0 where heap.contains(slot):
        heap.remove(slot)
        deadlines[slot] = nil
      case 1 where heap.first != nil:
        let first = heap.first!
        #expect(deadlines[first] == deadlines.values.min())
        #expect(heap.earliest.nanoseconds == deadlines[first])
        heap.remove(first)
        deadlines[first] = nil
      default:
        let instant = Instant(nanoseconds: deadline)
        if heap.contains(slot) { heap.move(slot, to: instant) } else { heap.insert(slot, instant) }
        deadlines[slot] = deadline
      }
      #expect(heap.count == deadlines.count)
    }
  }

  @Test(
    "Elements keep their addresses as a slab grows, within the pages made at once and behind them",
    arguments: [1, 2, 3, 64])
  func addresses(leadingPages: Int) {
    var slab = Slab<Int>(leadingPages: leadingPages)
    var addresses: [UnsafePointer<Int>] = []
    for number in 0..<5000 {
      slab.append(number)
      addresses.append(slab.pointer(to: number))
    }
    for number in 0..<5000 {
      #expect(slab[number] == number && slab.pointer(to: number) == addresses[number])
    }
    // In one piece as far as was asked for.
    let piece = min(5000, leadingPages * 512)
    #expect((0..<piece).allSatisfy { addresses[$0] == addresses[0] + $0 })
  }

  @Test(
    "A copy of a slab, once it is its own, shares nothing with the original", arguments: [1, 2, 8])
  func copies(leadingPages: Int) {
    var slab = Slab<Int>(leadingPages: leadingPages)
    for number in 0..<2000 { slab.append(number) }
    var copy = slab
    copy.makeUnique()
    copy[0] = -1
    copy[1999] = -1
    copy.append(2000)
    #expect(slab[0] == 0 && slab[1999] == 1999 && slab.count == 2000)
    #expect((1..<1999).allSatisfy { copy[$0] == $0 })
    #expect(slab.isUnique && copy.isUnique)
  }

  @Test("What is appended many times at once stands in each place, across the pages")
  func appendRepeatedly() {
    var slab = Slab<UInt32>()
    slab.append(1)
    slab.append(repeating: 7, count: 1500)
    slab.append(2)
    #expect(slab.count == 1502)
    #expect((1...1500).allSatisfy { slab[$0] == 7 })
    #expect(slab[0] == 1 && slab[1501] == 2)
  }

  @Test("Ports are counted as they are taken and released")
  func portCount() {
    var table = PortTable()
    #expect(table.count == 0)
    for (slot, port) in [UInt16(0), 63, 64, 511, 512, 5000, 65535].enumerated() {
      table.take(port, for: Slot(slot))
      #expect(table.count == slot + 1)
    }
    table.release(512)
    #expect(table.count == 6)
  }

  @Test("The next free port is the one that a search from end to end finds")
  func firstFree() {
    var random = SeededGenerator(seed: 3)
    var table = PortTable()
    var taken: Set<UInt16> = []
    for slot in UInt32(0)..<300 {
      let port = UInt16.random(in: 100...500, using: &random)
      if taken.insert(port).inserted { table.take(port, for: slot) }
    }
    for range in [UInt16(100)...500, 130...130, 127...128, 64...127, 1...65535] {
      for start in [UInt16(0), 1, 100, 127, 128, 129, 333, 500, 501, 65535] {
        for parity in [nil, 0, 1] as [UInt16?] {
          let round = range.contains(start) ? [start...range.upperBound, range] : [range]
          let expected = round.joined().first {
            !taken.contains($0) && (parity == nil || $0 % 2 == parity)
          }
          #expect(table.firstFree(in: range, from: start, parity: parity) == expected)
        }
      }
    }
  }

  @Test("A port belongs to its mapping until it is released")
  func portOwnership() {
    var table = PortTable()
    #expect(table[5000] == nil)
    table.take(5000, for: 7)
    table.take(65535, for: 8)
    #expect(table[5000] == 7)
    #expect(table[65535] == 8)
    #expect(table[5001] == nil)
    table.release(5000)
    #expect(table[5000] == nil)
    #expect(table[65535] == 8)
  }
}
