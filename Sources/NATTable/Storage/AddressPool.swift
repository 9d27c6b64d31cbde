import TransportAddress

/// The external addresses, by family, and whose turn is next.
struct AddressPool {
  private(set) var addresses: [IPAddress] = []
  private var v4Indexes = AddressIndex<IPv4Address>()
  private var v6Indexes = AddressIndex<IPv6Address>()
  private var v4 = Family()
  private var v6 = Family()

  private struct Family {
    var members: [UInt16] = []
    /// Which member the next one gets.
    var next = 0
  }

  /// The pool of these addresses, one that is named twice once, and at most 65 535 of them.
  init(_ addresses: [IPAddress]) {
    for address in addresses where index(of: address) == nil && self.addresses.count < 65535 {
      let addressIndex = self.addresses.count
      self.addresses.append(address)
      switch address {
      case .v4(let address):
        v4Indexes.add(address, addressIndex)
        v4.members.append(UInt16(addressIndex))
      case .v6(let address):
        v6Indexes.add(address, addressIndex)
        v6.members.append(UInt16(addressIndex))
      }
    }
  }

  /// Which of the external addresses this is.
  @inline(__always)
  func index(of address: IPAddress) -> Int? {
    switch address {
    case .v4(let address): v4Indexes.index(of: address)
    case .v6(let address): v6Indexes.index(of: address)
    }
  }

  @inline(__always)
  func index(of address: IPv4Address) -> Int? {
    v4Indexes.index(of: address)
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

/// Finds the index of an address: a flat hash table of which at most half is used.
private struct AddressIndex<Address: PoolAddress>: Sendable {
  private struct Cell {
    var address = Address.unused
    /// One more than the index; 0 in an empty cell.
    var number: UInt16 = 0
  }

  /// A power of two of them.
  private var cells = [Cell()]
  private var count = 0

  /// - Complexity: O(1) on average.
  @inline(__always)
  func index(of address: Address) -> Int? {
    var cell = start(of: address)
    while !likely(cells[cell].address.equals(address)) {
      if cells[cell].number == 0 { return nil }
      cell = next(cell)
    }
    let number = cells[cell].number
    return likely(number != 0) ? Int(number) &- 1 : nil
  }

  @inline(__always)
  private func start(of address: Address) -> Int {
    // The owner of the NAT chooses its addresses: no stranger can make them collide.
    Int(truncatingIfNeeded: (address.word &* 0x9E37_79B9_7F4A_7C15) >> 40) & (cells.count &- 1)
  }

  @inline(__always)
  private func next(_ cell: Int) -> Int { (cell &+ 1) & (cells.count &- 1) }

  mutating func add(_ address: Address, _ addressIndex: Int) {
    if 2 * (count + 1) > cells.count { grow() }
    insert(Cell(address: address, number: UInt16(addressIndex + 1)))
    count += 1
  }

  private mutating func insert(_ new: Cell) {
    var cell = start(of: new.address)
    while cells[cell].number != 0 { cell = next(cell) }
    cells[cell] = new
  }

  private mutating func grow() {
    let old = cells
    cells = Array(repeating: Cell(), count: max(8, 2 * old.count))
    for cell in old where cell.number != 0 { insert(cell) }
  }
}

/// An address of one family.
private protocol PoolAddress: Sendable {
  /// Stands where there is none.
  static var unused: Self { get }
  /// To be hashed.
  var word: UInt64 { get }
  func equals(_ other: Self) -> Bool
}

extension IPv4Address: PoolAddress {
  fileprivate static var unused: IPv4Address { IPv4Address(rawValue: 0) }

  @inline(__always)
  fileprivate var word: UInt64 { UInt64(rawValue) }

  @inline(__always)
  fileprivate func equals(_ other: IPv4Address) -> Bool { rawValue == other.rawValue }
}

extension IPv6Address: PoolAddress {
  fileprivate static var unused: IPv6Address { IPv6Address(high: 0, low: 0) }

  @inline(__always)
  fileprivate var word: UInt64 { high ^ low }

  @inline(__always)
  fileprivate func equals(_ other: IPv6Address) -> Bool { high == other.high && low == other.low }
}
