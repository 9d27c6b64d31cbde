import TransportAddress

/// The external addresses, by family, and whose turn is next.
struct AddressPool {
  private(set) var addresses: [IPAddress] = []
  private var places: [IPAddress: Int] = [:]
  private var v4 = Family()
  private var v6 = Family()

  private struct Family {
    var members: [UInt16] = []
    /// Which member the next one gets.
    var next = 0
  }

  /// The pool of these addresses, one that is named twice once, and at most 65 535 of them.
  init(_ addresses: [IPAddress]) {
    for address in addresses where places[address] == nil && self.addresses.count < 65535 {
      let place = self.addresses.count
      places[address] = place
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
    // Most NATs have one or two addresses, and comparing those is cheaper than hashing.
    if addresses.count > 4 { return places[address] }
    var place = 0
    while place < addresses.count {
      if addresses[place] == address { return place }
      place += 1
    }
    return nil
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
