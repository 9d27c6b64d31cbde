import TransportAddress

/// The external addresses, and which of them each inside host has.
///
/// All mappings of a host get the same external address, "paired" pooling (RFC 4787 §4.1, REQ-2):
/// a peer that knows the host's address from one flow may refuse another that comes from elsewhere.
struct AddressPool {
  private(set) var addresses: [IPAddress] = []
  private var places: [IPAddress: Int] = [:]
  private var v4 = Family()
  private var v6 = Family()
  private var pairings: [IPAddress: Pairing] = [:]

  private struct Family {
    var members: [Int] = []
    /// Which member the next new host gets.
    var next = 0
  }

  private struct Pairing {
    var address: Int
    var mappings: Int
  }

  init(_ addresses: [IPAddress]) {
    for address in addresses where places[address] == nil {
      let place = self.addresses.count
      places[address] = place
      self.addresses.append(address)
      switch address {
      case .v4: v4.members.append(place)
      case .v6: v6.members.append(place)
      }
    }
  }

  /// Which of the external addresses this is.
  func place(of address: IPAddress) -> Int? {
    // Most NATs have one or two addresses, and comparing those is cheaper than hashing.
    addresses.count <= 4 ? addresses.firstIndex(of: address) : places[address]
  }

  /// Which external address the host has or would get; nil if there is none of its family.
  func place(for host: IPAddress) -> Int? {
    let family = family(of: host)
    if family.members.count > 1, let pairing = pairings[host] { return pairing.address }
    return family.members.isEmpty ? nil : family.members[family.next]
  }

  /// The host has one mapping more, at the address that it has or would get.
  mutating func retain(_ host: IPAddress, at place: Int) {
    guard family(of: host).members.count > 1 else { return }
    if pairings[host] != nil {
      pairings[host]!.mappings += 1
      return
    }
    pairings[host] = Pairing(address: place, mappings: 1)
    switch host {
    case .v4: v4.next = (v4.next + 1) % v4.members.count
    case .v6: v6.next = (v6.next + 1) % v6.members.count
    }
  }

  /// The host has one mapping less; without any, it is forgotten.
  mutating func release(_ host: IPAddress) {
    guard let pairing = pairings[host] else { return }
    pairings[host] =
      pairing.mappings > 1 ? Pairing(address: pairing.address, mappings: pairing.mappings - 1) : nil
  }

  private func family(of host: IPAddress) -> Family {
    switch host {
    case .v4: v4
    case .v6: v6
    }
  }
}
