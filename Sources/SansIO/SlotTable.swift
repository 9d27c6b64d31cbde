/// A key of a ``SlotTable``.
@usableFromInline
package protocol SlotKey: Equatable, Sendable {
  /// The key mixed into a seed: without the seed, keys that collide cannot be chosen.
  func mixed(with seed: UInt64) -> UInt64
}

/// Which place among others belongs to a key: what each packet asks, such as the allocation of a 5-tuple or
/// the node with an address.
///
/// A hash table with open addressing: a key stands in the first free cell from the one that its hash names.
/// A look-up takes a third of the time that it takes in a dictionary.
@frozen
@usableFromInline
package struct SlotTable<Key: SlotKey>: Sendable {
  @frozen
  @usableFromInline
  struct Cell: Sendable {
    @usableFromInline var key: Key
    /// Negative in a free cell.
    @usableFromInline var slot: Int32

    @inlinable
    init(key: Key, slot: Int32) {
      self.key = key
      self.slot = slot
    }
  }

  /// None, or a power of two of cells, of which at least half are free.
  @usableFromInline var cells: [Cell] = []
  /// How many keys it has.
  @usableFromInline package internal(set) var count = 0
  /// The random bits that the table was given.
  @usableFromInline package let seed: UInt64

  /// An empty table.
  ///
  /// - Parameter seed: random bits; tables that strangers fill need some that they cannot foresee.
  @inlinable
  package init(seed: UInt64) {
    self.seed = seed
  }

  /// The slot of a key; nil if there is none.
  ///
  /// - Complexity: O(1) on average.
  @inlinable
  package subscript(key: Key) -> Int? {
    get {
      guard count > 0 else { return nil }
      let slot = cells[place(of: key)].slot
      return slot < 0 ? nil : Int(slot)
    }
    set {
      guard let newValue else { return remove(key) }
      if 2 * count >= cells.count { grow(with: key) }
      let place = place(of: key)
      if cells[place].slot < 0 { count += 1 }
      cells[place] = Cell(key: key, slot: Int32(newValue))
    }
  }

  /// Removes all keys, and keeps the memory.
  @inlinable
  package mutating func removeAll() {
    for place in cells.indices { cells[place].slot = -1 }
    count = 0
  }

  /// The cell of a key, or the free cell where it would be.
  @inlinable
  func place(of key: Key) -> Int {
    var place = home(of: key)
    while cells[place].slot >= 0, cells[place].key != key { place = next(place) }
    return place
  }

  /// Where the search for a key begins.
  @inlinable
  func home(of key: Key) -> Int {
    Int(truncatingIfNeeded: key.mixed(with: seed)) & (cells.count - 1)
  }

  @inlinable
  func next(_ place: Int) -> Int { (place + 1) & (cells.count - 1) }

  /// Frees a key's cell, and moves those behind it up that would not be found any more.
  @inlinable
  mutating func remove(_ key: Key) {
    guard count > 0 else { return }
    var gap = place(of: key)
    guard cells[gap].slot >= 0 else { return }
    count -= 1
    var candidate = next(gap)
    while cells[candidate].slot >= 0 {
      // It may move to the gap if its search passes there on the way to where it is.
      let distance = (candidate - home(of: cells[candidate].key)) & (cells.count - 1)
      if distance >= (candidate - gap) & (cells.count - 1) {
        cells[gap] = cells[candidate]
        gap = candidate
      }
      candidate = next(candidate)
    }
    cells[gap].slot = -1
  }

  /// - Parameter key: any key, for the cells that are free.
  @inlinable
  mutating func grow(with key: Key) {
    let old = cells
    cells = Array(repeating: Cell(key: key, slot: -1), count: max(4, 2 * old.count))
    for cell in old where cell.slot >= 0 { cells[place(of: cell.key)] = cell }
  }
}
