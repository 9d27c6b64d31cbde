import TransportAddress

/// The nodes behind a router by IPv4 address.
///
/// A hash table with open addressing: an address stands in the first free cell from the one that its
/// hash names. Each router on a packet's way looks an address up, which costs a few nanoseconds here
/// and some tens in a dictionary, whose hash withstands attackers.
struct AddressTable: Sendable {
  private struct Cell {
    var address: UInt32 = 0
    /// The number of the node; negative in a free cell.
    var node: Int32 = -1

    var isFree: Bool { node < 0 }
  }

  /// A power of two of cells, of which at least half are free.
  private var cells = [Cell](repeating: Cell(), count: 4)
  private var count = 0

  /// The node with an address; nil if there is none.
  ///
  /// - Complexity: O(1) on average.
  subscript(address: IPv4Address) -> NodeID? {
    get {
      let cell = cells[place(of: address.rawValue)]
      return cell.isFree ? nil : NodeID(Int(cell.node))
    }
    set {
      let place = place(of: address.rawValue)
      guard let newValue else { return remove(at: place) }
      if cells[place].isFree { count += 1 }
      cells[place] = Cell(address: address.rawValue, node: Int32(newValue.index))
      if 2 * count > cells.count { grow() }
    }
  }

  /// The cell of an address, or the free cell where it would be.
  private func place(of address: UInt32) -> Int {
    var place = home(of: address)
    while !cells[place].isFree, cells[place].address != address { place = next(place) }
    return place
  }

  /// Where the search for an address begins: the highest bits of a product, which depend on all bits
  /// of the address.
  private func home(of address: UInt32) -> Int {
    let product = UInt64(address) &* 0x9E37_79B9_7F4A_7C15
    return Int(product >> UInt64(64 - cells.count.trailingZeroBitCount))
  }

  private func next(_ place: Int) -> Int { (place + 1) & (cells.count - 1) }

  /// Frees a cell, and moves those behind it up that would not be found any more.
  private mutating func remove(at place: Int) {
    guard !cells[place].isFree else { return }
    count -= 1
    var gap = place
    var candidate = next(gap)
    while !cells[candidate].isFree {
      // It may move to the gap if its search passes there on the way to where it is.
      let distance = (candidate - home(of: cells[candidate].address)) & (cells.count - 1)
      if distance >= (candidate - gap) & (cells.count - 1) {
        cells[gap] = cells[candidate]
        gap = candidate
      }
      candidate = next(candidate)
    }
    cells[gap] = Cell()
  }

  private mutating func grow() {
    let old = cells
    cells = [Cell](repeating: Cell(), count: 2 * old.count)
    for cell in old where !cell.isFree { cells[place(of: cell.address)] = cell }
  }
}
