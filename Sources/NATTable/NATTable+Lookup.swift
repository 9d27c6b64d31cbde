import IPPacket
import TransportAddress

extension NATTable {
  enum Outcome {
    case mapping(Slot)
    case refused(DropReason)
  }

  /// The mapping that an outbound packet uses, the one there is or a new one, used.
  mutating func use(_ packet: borrowing Packet) -> Outcome {
    // An inside host has not been asked, as a query from the outside reaches nobody.
    if packet.isReply { return .refused(.noMapping) }
    if let ends = PackedEndsV4(packet.protocol, packet.source, packet.destination),
      let first = findFirst(ends)
    {
      trackFirst(packet, on: first.slot, fromInside: true)
      return .mapping(first.slot)
    }
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

  @inline(never)
  func find(_ ends: PackedEnds) -> Slot? {
    let mask = mappingMask
    let found = entries.find(mask.hash(ends, seeds)) { mask.agree($0.ends, ends) }
    if found != nil || fixed.isEmpty { return found }
    // A configured mapping is for all remotes, whatever others are for.
    let (fixedEnds, all) = (ends.asFixed, RemoteMask.none)
    return entries.find(all.hash(fixedEnds, seeds)) { all.agree($0.ends, fixedEnds) }
  }

  /// The mapping that a packet from the inside uses, if there is one.
  func find(
    _ protocol: TransportProtocol, from inside: TransportAddress, to remote: TransportAddress
  ) -> Slot? {
    // The packet's `MappingKey` is what the mask leaves of its ends.
    find(
      PackedEnds(
        `protocol`, inside: PackedEndpoint(inside), remote: PackedEndpoint(remote)))
  }

  // MARK: - The short way

  // Nearly all packets are of the flow that their mapping was made for. Only what those need is done
  // first, in a few instructions that call nothing; the others go through `find` or `slot`.

  /// The mapping of which a packet from the inside is the first session, to the port; nil if there is
  /// none, or that takes longer to say.
  @inline(__always)
  func findFirst(_ ends: PackedEndsV4) -> (slot: Slot, entry: MappingEntry)? {
    guard let slot = entries.guess(mappingMask.hash(ends, seeds)) else { return nil }
    let entry = entries[slot]
    return likely(entry.ends.words.isSameFlow(as: ends)) ? (slot, entry) : nil
  }

  /// The mapping of which a packet from the outside is the first session, to the port; nil if there
  /// is none, or that takes longer to say.
  @inline(__always)
  func findFirst(
    _ protocol: TransportProtocol, from remote: PackedEndpoint, to place: Int, _ port: UInt16
  ) -> (slot: Slot, entry: MappingEntry)? {
    guard let slot = owner(of: port, at: place, `protocol`) else { return nil }
    let entry = entries[slot]
    guard likely(entry.kind == .dynamic), likely(entry.ends.hasRemote(remote)) else { return nil }
    return (slot, entry)
  }

  // MARK: - From the outside

  /// What a mapping is found by.
  @inline(__always)
  func hash(of entry: borrowing MappingEntry) -> UInt32 {
    // A configured mapping is for all remotes, whatever others are for.
    (entry.kind == .fixed ? .none : mappingMask).hash(entry.ends, seeds)
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
  func slot(
    at place: Int, _ port: UInt16, _ protocol: TransportProtocol, remote: TransportAddress
  ) -> Slot? {
    if let slot = owner(of: port, at: place, `protocol`), entries[slot].kind != .resting {
      return slot
    }
    guard configuration.sharesPorts, PortTable.kind(of: `protocol`) != nil else { return nil }
    return sharing(
      OutsideKey(protocol: `protocol`, place: UInt16(place), port: port, remote: remote))
  }

  /// The mapping that has a port of an external address to itself; it may be resting.
  @inline(__always)
  private func owner(of port: UInt16, at place: Int, _ protocol: TransportProtocol) -> Slot? {
    PortTable.kind(of: `protocol`).flatMap { ports[3 &* place &+ $0][port] }
  }

  /// Where ports are shared, the mapping that has an outside endpoint towards a remote.
  func sharing(_ key: OutsideKey) -> Slot? {
    let remote = PackedEndpoint(key.remote)
    return outsides.find(key.hash(seed: seed)) { slot in
      entries[slot].port == key.port && entries[slot].place == key.place
        && entries[slot].protocol == key.protocol
        && RemoteMask.endpoint.agree(entries[slot].ends, remote)
    }
  }

  /// Where ports are shared, the newest mapping of an inside endpoint.
  func newest(_ protocol: TransportProtocol, of inside: TransportAddress) -> Slot? {
    let ends = PackedEnds(`protocol`, inside: inside, scope: .any)
    return sources.find(RemoteMask.none.hash(ends, seeds)) { slot in
      RemoteMask.none.agree(entries[slot].ends, ends)
    }
  }

  /// The outside endpoint of a mapping.
  @inline(__always)
  func outside(of slot: Slot) -> TransportAddress {
    TransportAddress(pool.addresses[Int(entries[slot].place)], port: entries[slot].port)
  }
}
