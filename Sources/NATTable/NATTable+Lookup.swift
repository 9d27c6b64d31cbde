import TransportAddress

extension NATTable {
  enum Outcome {
    case mapping(Slot)
    case refused(DropReason)
  }

  /// The mapping that an outbound packet uses, the one there is or a new one, used.
  mutating func use(_ packet: borrowing Packet) -> Outcome {
    // An inside host has not been asked, as a query from the outside reaches nobody.
    if packet.content == .reply { return .refused(.noMapping) }
    guard let slot = find(packet.protocol, from: packet.source, to: packet.destination) else {
      return create(for: packet)
    }
    if let reason = track(packet, remote: packet.destination, on: slot, fromInside: true) {
      return .refused(reason)
    }
    return .mapping(slot)
  }

  /// The mapping with a key, or the fixed one of its inside endpoint.
  func find(_ key: MappingKey) -> Slot? {
    find(key.ends)
  }

  @inline(__always)
  func find(_ ends: PackedEnds) -> Slot? {
    if let slot = find(ends, by: mappingMask) { return slot }
    return fixed.isEmpty ? nil : find(ends.asFixed, by: .source)
  }

  /// The mapping that a packet from the inside uses, if there is one.
  @inline(__always)
  func find(
    _ protocol: TransportProtocol, from inside: TransportAddress, to remote: TransportAddress
  ) -> Slot? {
    // The packet's `MappingKey` is what the mask leaves of its ends.
    guard !inside.address.isV6, !remote.address.isV6 else {
      return findLong(PackedEnds(`protocol`, inside: inside, remote: remote))
    }
    // As below, with half the words to compare.
    let ends = PackedEnds(`protocol`, inside: inside, remote: remote)
    let mask = mappingMask
    let found = entries.find(mask.hash(ends, seed: seed)) { mask.agreeV4($0.ends, ends) }
    if let found { return found }
    return fixed.isEmpty ? nil : findLong(ends)
  }

  @inline(never)
  private func findLong(_ ends: PackedEnds) -> Slot? { find(ends) }

  @inline(__always)
  private func find(_ ends: PackedEnds, by mask: EndsMask) -> Slot? {
    entries.find(mask.hash(ends, seed: seed)) { mask.agree($0.ends, ends) }
  }

  /// What a mapping is found by.
  @inline(__always)
  func hash(of entry: borrowing MappingEntry) -> UInt32 {
    // A configured mapping is for all remotes, whatever others are for.
    (entry.kind == .fixed ? .source : mappingMask).hash(entry.ends, seed: seed)
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
    pool.place(of: outside.address).flatMap {
      slot(at: $0, outside.port, `protocol`, remote: remote)
    }
  }

  /// The mapping that has a port of an external address, as far as `remote` is concerned.
  @inline(__always)
  func slot(
    at place: Int, _ port: UInt16, _ protocol: TransportProtocol, remote: TransportAddress
  ) -> Slot? {
    guard let kind = PortTable.kind(of: `protocol`) else { return nil }
    if let slot = ports[3 * place + kind][port], entries[slot].kind != .resting { return slot }
    guard configuration.sharesPorts else { return nil }
    return sharing(
      OutsideKey(protocol: `protocol`, place: UInt16(place), port: port, remote: remote))
  }

  /// Where ports are shared, the mapping that has an outside endpoint towards a remote.
  func sharing(_ key: OutsideKey) -> Slot? {
    let address = PackedAddress(key.remote.address)
    let isV6 = key.remote.address.isV6
    return outsides.find(key.hash(seed: seed)) { slot in
      entries[slot].port == key.port && entries[slot].place == key.place
        && entries[slot].ends.remote == address && entries[slot].ends.isV6 == isV6
        && entries[slot].ends.remotePort == key.remote.port
        && entries[slot].protocol == key.protocol
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
