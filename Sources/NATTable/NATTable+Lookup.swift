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
    let ends = key.ends
    if let slot = find(ends, by: mappingMask) { return slot }
    return fixed.isEmpty ? nil : find(ends.asFixed, by: .source)
  }

  @inline(__always)
  private func find(_ ends: PackedEnds, by mask: EndsMask) -> Slot? {
    entries.find(mask.hash(ends, seed: seed)) { mask.agree($0.ends, ends) }
  }

  /// What a mapping is found by.
  func hash(of entry: borrowing MappingEntry) -> UInt32 {
    // A configured mapping is for all remotes, whatever others are for.
    (entry.kind == .fixed ? .source : mappingMask).hash(entry.ends, seed: seed)
  }

  /// Which destinations a mapping is for.
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
      entries[slot].port == key.port && entries[slot].place == key.place
        && entries[slot].remote == key.remote && entries[slot].protocol == key.protocol
    }
  }

  /// Where ports are shared, the newest mapping of an inside endpoint.
  func newest(_ protocol: TransportProtocol, of inside: TransportAddress) -> Slot? {
    let ends = PackedEnds(`protocol`, inside: inside, scope: .any)
    return sources.find(EndsMask.source.hash(ends, seed: seed)) { slot in
      EndsMask.source.agree(entries[slot].ends, ends)
    }
  }

  /// The outside endpoint of a mapping.
  @inline(__always)
  func outside(of slot: Slot) -> TransportAddress {
    TransportAddress(pool.addresses[Int(entries[slot].place)], port: entries[slot].port)
  }
}
