import TransportAddress

/// The external addresses, by family, and whose turn is next.
struct AddressPool {
  private(set) var addresses: [IPAddress] = []
  private var places = PlaceIndex()
  private var v4 = Family()
  private var v6 = Family()

  private struct Family {
    var members: [UInt16] = []
    /// Which member the next one gets.
    var next = 0
  }

  /// The pool of these addresses, one that is named twice once, and at most 65 535 of them.
  init(_ addresses: [IPAddress]) {
    for address in addresses where place(of: address) == nil && self.addresses.count < 65535 {
      let place = self.addresses.count
      places.add(address, place)
      self.addresses.append(address)
      switch address {
      case .v4: v4.members.append(UInt16(place))
      case .v6: v6.members.append(UInt16(place))
      }
    }
  }

  /// Which of the external addresses this is.
  @inline(__always)
  func place(of address: IPAddress) -> Int? {
    places.place(of: PackedAddress(address), isV6: address.isV6)
  }

  /// The external address whose turn it is for a host of some family; nil if it has none.
  func turn(for host: IPAddress) -> UInt16? {
    switch host {
    case .v4: v4.members.isEmpty ? nil : v4.members[v4.next]
    case .v6: v6.members.isEmpty ? nil : v6.members[v6.next]
    }
  }

  /// Passes the turn on.
  mutating func pass(for host: IPAddress) {
    switch host {
    case .v4: v4.next = (v4.next + 1) % max(1, v4.members.count)
    case .v6: v6.next = (v6.next + 1) % max(1, v6.members.count)
    }
  }
}

/// Finds the place of an address: a flat hash table of which at most half is used.
private struct PlaceIndex: Sendable {
  private struct Cell {
    var address = PackedAddress(.v4(IPv4Address(rawValue: 0)))
    var isV6 = false
    /// One more than the place; 0 in an empty cell.
    var number: UInt16 = 0
  }

  private var cells = Slab<Cell>()
  private var count = 0

  /// - Complexity: O(1) on average.
  @inline(__always)
  func place(of address: PackedAddress, isV6: Bool) -> Int? {
    if count == 0 { return nil }
    var cell = start(of: address)
    while cells[cell].number != 0 {
      if cells[cell].address == address, cells[cell].isV6 == isV6 {
        return Int(cells[cell].number) - 1
      }
      cell = (cell + 1) & (cells.count - 1)
    }
    return nil
  }

  @inline(__always)
  private func start(of address: PackedAddress) -> Int {
    // The owner of the NAT chooses its addresses: no stranger can make them collide.
    let mixed = (address.low ^ address.high) &* 0x9E37_79B9_7F4A_7C15
    return Int(truncatingIfNeeded: mixed >> 40) & (cells.count - 1)
  }

  mutating func add(_ address: IPAddress, _ place: Int) {
    if 2 * (count + 1) > cells.count { grow() }
    insert(Cell(address: PackedAddress(address), isV6: address.isV6, number: UInt16(place + 1)))
    count += 1
  }

  private mutating func insert(_ new: Cell) {
    var cell = start(of: new.address)
    while cells[cell].number != 0 { cell = (cell + 1) & (cells.count - 1) }
    cells[cell] = new
  }

  private mutating func grow() {
    let old = cells
    cells = Slab()
    for _ in 0..<max(8, 2 * old.count) { cells.append(Cell()) }
    for place in 0..<old.count where old[place].number != 0 { insert(old[place]) }
  }
}
