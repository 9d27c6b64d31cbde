import IPPacket
import TransportAddress

extension NATTable {
  enum Outcome {
    case mapping(Slot)
    case refused(DropReason)
  }

  /// The mapping that an outbound packet uses, the one there is or a new one, used.
  @inline(__always)
  mutating func use(_ packet: borrowing Packet) -> Outcome {
    // No inside host can have been asked: queries from the outside are dropped.
    if packet.isReply { return .refused(.noMapping) }
    if let flow = FlowKeyV4(packet.protocol, packet.source, packet.destination),
      let first = findFirst(flow)
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
    find(key.flow)
  }

  @inline(never)
  func find(_ flow: FlowKey) -> Slot? {
    let mask = mappingMask
    let found = entries.find(mask.hash(flow, seeds)) { mask.agree($0.flow, flow) }
    if found != nil || staticSlots.isEmpty { return found }
    // A configured mapping is for all remotes, whatever others are for.
    let (staticFlow, all) = (flow.asStatic, RemoteMask.none)
    return entries.find(all.hash(staticFlow, seeds)) { all.agree($0.flow, staticFlow) }
  }

  /// The mapping that a packet from the inside uses, if there is one.
  func find(
    _ protocol: TransportProtocol, from inside: TransportAddress, to remote: TransportAddress
  ) -> Slot? {
    // The packet's `MappingKey` is what the mask leaves of its flow key.
    find(
      FlowKey(
        `protocol`, inside: PackedEndpoint(inside), remote: PackedEndpoint(remote)))
  }

  // MARK: - The short way

  // Nearly all packets belong to the flow that their mapping was made for. They are found in a few
  // instructions without a call; the others go through `find` or `slot`.

  /// The mapping whose first session a packet from the inside belongs to.
  ///
  /// Nil also where only the full search can tell.
  @inline(__always)
  func findFirst(_ flow: FlowKeyV4) -> (slot: Slot, entry: MappingEntry)? {
    guard let slot = entries.guess(mappingMask.hash(flow, seeds)) else { return nil }
    let entry = entries[slot]
    return likely(entry.flow.words.isSameFlow(as: flow)) ? (slot, entry) : nil
  }

  /// The mapping whose first session a packet from the outside belongs to.
  ///
  /// Nil also where only the full search can tell.
  @inline(__always)
  func findFirst(
    _ protocol: TransportProtocol, from remote: PackedEndpoint, to addressIndex: Int, _ port: UInt16
  ) -> (slot: Slot, entry: MappingEntry)? {
    guard let slot = owner(of: port, at: addressIndex, `protocol`) else { return nil }
    let entry = entries[slot]
    guard likely(entry.kind == .dynamic), likely(entry.flow.hasRemote(remote)) else { return nil }
    return (slot, entry)
  }

  // MARK: - From the outside

  /// What a mapping is found by.
  @inline(__always)
  func hash(of entry: borrowing MappingEntry) -> UInt32 {
    // A configured mapping is for all remotes, whatever others are for.
    (entry.kind == .static ? .none : mappingMask).hash(entry.flow, seeds)
  }

  /// Which destinations a mapping is for.
  @inline(__always)
  func scope(of entry: MappingEntry) -> RemoteScope {
    entry.kind == .static ? .any : configuration.mapping.scope(of: entry.remote)
  }

  /// The mapping that has an outside endpoint, as far as `remote` is concerned.
  func slot(
    at outside: TransportAddress, _ protocol: TransportProtocol, remote: TransportAddress
  ) -> Slot? {
    pool.index(of: outside.address).flatMap {
      slot(at: $0, outside.port, `protocol`, remote: remote)
    }
  }

  /// The mapping that has a port of an external address, as far as `remote` is concerned.
  func slot(
    at addressIndex: Int, _ port: UInt16, _ protocol: TransportProtocol, remote: TransportAddress
  ) -> Slot? {
    if let slot = owner(of: port, at: addressIndex, `protocol`), entries[slot].kind != .quarantined
    {
      return slot
    }
    guard configuration.sharesPorts, PortTable.kind(of: `protocol`) != nil else { return nil }
    return sharing(
      OutsideKey(
        protocol: `protocol`, addressIndex: UInt16(addressIndex), port: port, remote: remote))
  }

  /// The mapping that has a port of an external address to itself; it may be resting.
  @inline(__always)
  private func owner(of port: UInt16, at addressIndex: Int, _ protocol: TransportProtocol) -> Slot?
  {
    PortTable.kind(of: `protocol`).flatMap { ports[3 &* addressIndex &+ $0][port] }
  }

  /// Where ports are shared, the mapping that has an outside endpoint towards a remote.
  func sharing(_ key: OutsideKey) -> Slot? {
    let remote = PackedEndpoint(key.remote)
    return outsides.find(key.hash(seed: seed)) { slot in
      entries[slot].port == key.port && entries[slot].addressIndex == key.addressIndex
        && entries[slot].protocol == key.protocol
        && RemoteMask.endpoint.agree(entries[slot].flow, remote)
    }
  }

  /// Where ports are shared, the newest mapping of an inside endpoint.
  func newest(_ protocol: TransportProtocol, of inside: TransportAddress) -> Slot? {
    let flow = FlowKey(`protocol`, inside: inside, scope: .any)
    return sources.find(RemoteMask.none.hash(flow, seeds)) { slot in
      RemoteMask.none.agree(entries[slot].flow, flow)
    }
  }

  /// The outside endpoint of a mapping.
  @inline(__always)
  func outside(of slot: Slot) -> TransportAddress {
    TransportAddress(pool.addresses[Int(entries[slot].addressIndex)], port: entries[slot].port)
  }
}
