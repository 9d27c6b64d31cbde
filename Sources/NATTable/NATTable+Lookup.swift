import TransportAddress

extension NATTable {
  enum Outcome {
    case mapping(Slot)
    case refused(DropReason)
  }

  /// The mapping that an outbound packet uses, the one there is or a new one, used.
  mutating func use(_ packet: Packet) -> Outcome {
    // An inside host has not been asked, as a query from the outside reaches nobody.
    if packet.content == .reply { return .refused(.noMapping) }
    let key = MappingKey(of: packet, configuration.mapping)
    if let slot = find(key) {
      if let reason = track(packet, remote: packet.destination, on: slot, fromInside: true) {
        return .refused(reason)
      }
      return .mapping(slot)
    }
    return create(key, for: packet)
  }

  /// The mapping with a key, or the fixed one of its inside endpoint.
  func find(_ key: MappingKey) -> Slot? {
    if let slot = findExactly(key) { return slot }
    if fixed.isEmpty || key.scope == .any { return nil }
    return findExactly(MappingKey(key.protocol, inside: key.inside, scope: .any))
  }

  @inline(__always)
  private func findExactly(_ key: MappingKey) -> Slot? {
    entries.find(key) { entry in
      entry.inside == key.inside && entry.protocol == key.protocol && scope(of: entry) == key.scope
    }
  }

  /// Which destinations a mapping is for.
  @inline(__always)
  func scope(of entry: MappingEntry) -> RemoteScope {
    entry.kind == .fixed ? .any : configuration.mapping.scope(of: entry.remote)
  }

  /// The mapping that has an outside endpoint, as far as `remote` is concerned.
  func slot(
    at outside: TransportAddress, _ protocol: TransportProtocol, remote: TransportAddress
  ) -> Slot? {
    guard let place = pool.place(of: outside.address),
      let kind = PortTable.kind(of: `protocol`)
    else { return nil }
    if let slot = ports[3 * place + kind][outside.port], entries[slot].kind != .resting {
      return slot
    }
    guard configuration.sharesPorts else { return nil }
    return sharing(
      OutsideKey(
        protocol: `protocol`, place: UInt16(place), port: outside.port, remote: remote))
  }

  /// Where ports are shared, the mapping that has an outside endpoint towards a remote.
  func sharing(_ key: OutsideKey) -> Slot? {
    outsides.find(key.hash(seed: seed)) { slot in
      let entry = entries[slot]
      return entry.port == key.port && entry.place == key.place && entry.remote == key.remote
        && entry.protocol == key.protocol
    }
  }

  /// Where ports are shared, the newest mapping of an inside endpoint.
  func newest(_ protocol: TransportProtocol, of inside: TransportAddress) -> Slot? {
    let key = MappingKey(`protocol`, inside: inside, scope: .any)
    return sources.find(key.hash(seed: seed)) { slot in
      entries[slot].inside == inside && entries[slot].protocol == `protocol`
    }
  }

  /// The outside endpoint of a mapping.
  @inline(__always)
  func outside(of slot: Slot) -> TransportAddress {
    let entry = entries[slot]
    return TransportAddress(pool.addresses[Int(entry.place)], port: entry.port)
  }
}
