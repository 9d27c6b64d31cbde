import SansIO
public import TransportAddress

/// Static configuration: mappings that never end, as "port forwarding" makes them, and hosts
/// with an outside address of their own.
extension NATTable {
  /// Why a mapping cannot be configured.
  public enum ConfigurationError: Error, Hashable, Sendable {
    /// The endpoints are of different address families.
    case mixedFamilies
    /// The address is none of the NAT's on the outside.
    case notAnExternalAddress(IPAddress)
    /// The outside endpoint has a mapping.
    case endpointTaken(TransportAddress)
    /// The inside endpoint has a mapping.
    case insideEndpointMapped(TransportAddress)
    /// The address has a mapping or a partner.
    case addressTaken(IPAddress)
    /// The protocol has no ports.
    case unsupportedProtocol(TransportProtocol)
  }

  /// Maps an inside endpoint to an outside endpoint for good; everyone may send to it.
  ///
  /// - Throws: if the outside endpoint is not one of the NAT's, or either has a mapping already.
  public mutating func addStaticMapping(
    _ protocol: TransportProtocol = .udp, inside: TransportAddress, outside: TransportAddress
  ) throws(ConfigurationError) {
    makeUnique()
    switch (inside.address, outside.address) {
    case (.v4, .v6), (.v6, .v4): throw .mixedFamilies
    case (.v4, .v4), (.v6, .v6): break
    }
    guard let kind = PortTable.kind(of: `protocol`) else {
      throw .unsupportedProtocol(`protocol`)
    }
    guard let addressIndex = pool.index(of: outside.address) else {
      throw .notAnExternalAddress(outside.address)
    }
    guard ports[3 * addressIndex + kind][outside.port] == nil, !isShared(outside, `protocol`) else {
      throw .endpointTaken(outside)
    }
    let key = MappingKey(`protocol`, inside: inside, scope: .any)
    guard find(key) == nil else { throw .insideEndpointMapped(inside) }
    let entry = MappingEntry(
      `protocol`, inside: inside, remote: outside, addressIndex: UInt16(addressIndex),
      port: outside.port,
      .answered, until: Instant(nanoseconds: .max), kind: .static)
    let slot = entries.insert(entry, hash(of: entry), expires: false)
    ports[3 * addressIndex + kind].take(outside.port, for: slot)
    staticSlots.append(slot)
  }

  /// Removes a configured mapping.
  ///
  /// - Returns: whether there was one.
  @discardableResult
  public mutating func removeStaticMapping(
    _ protocol: TransportProtocol = .udp, outside: TransportAddress
  ) -> Bool {
    makeUnique()
    guard let kind = PortTable.kind(of: `protocol`),
      let addressIndex = pool.index(of: outside.address),
      let slot = ports[3 * addressIndex + kind][outside.port], entries[slot].kind == .static
    else { return false }
    ports[3 * addressIndex + kind].release(outside.port)
    staticSlots.removeAll { $0 == slot }
    entries.remove(slot, hash(of: entries[slot]))
    return true
  }

  /// Gives an inside host an outside address of its own: 1:1 NAT, which leaves ports alone.
  ///
  /// RFC 3022 §2.1 calls it Basic NAT. Every protocol gets through, and nothing is filtered.
  /// - Throws: if either address has a partner, or the outside one is in the shared pool.
  public mutating func addOneToOne(
    inside: IPAddress, outside: IPAddress
  ) throws(ConfigurationError) {
    switch (inside, outside) {
    case (.v4, .v6), (.v6, .v4): throw .mixedFamilies
    case (.v4, .v4), (.v6, .v6): break
    }
    if isOwn(outside) || oneToOne.outside(of: outside) != nil { throw .addressTaken(outside) }
    if isOwn(inside) || oneToOne.outside(of: inside) != nil { throw .addressTaken(inside) }
    oneToOne.add(inside: inside, outside: outside)
  }

  /// Whether a flow has an endpoint where ports are shared; only asked when configuring.
  private func isShared(_ outside: TransportAddress, _ protocol: TransportProtocol) -> Bool {
    configuration.sharesPorts
      && entries.slots.contains {
        self.outside(of: $0) == outside && entries[$0].protocol == `protocol`
      }
  }
}

extension NATTable.ConfigurationError: CustomStringConvertible {
  /// The reason as a phrase.
  public var description: String {
    switch self {
    case .mixedFamilies: "the ends are of different address families"
    case .notAnExternalAddress(let address): "\(address) is not an address of this NAT"
    case .endpointTaken(let endpoint): "\(endpoint) belongs to a mapping already"
    case .insideEndpointMapped(let endpoint): "\(endpoint) has a mapping already"
    case .addressTaken(let address): "\(address) is in use already"
    case .unsupportedProtocol(let other): "\(other) has no ports to map"
    }
  }
}

/// Inside hosts and the outside addresses that are theirs alone.
struct AddressPairs: Sendable {
  private var outsides: [IPAddress: IPAddress] = [:]
  private var insides: [IPAddress: IPAddress] = [:]

  var isEmpty: Bool { outsides.isEmpty }

  @inline(__always)
  func outside(of inside: IPAddress) -> IPAddress? {
    outsides.isEmpty ? nil : outsides[inside]
  }

  @inline(__always)
  func inside(of outside: IPAddress) -> IPAddress? {
    insides.isEmpty ? nil : insides[outside]
  }

  mutating func add(inside: IPAddress, outside: IPAddress) {
    outsides[inside] = outside
    insides[outside] = inside
  }
}
