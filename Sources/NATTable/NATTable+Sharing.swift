import IPPacket
import TransportAddress

/// Port overloading: a port serves several flows, told apart by their remotes.
///
/// This is Linux's way: there a NAT is a set of flows, and a translation will do if the answers to
/// it belong to no other flow.
extension NATTable {
  /// A port at which the packet's flow is the only one with its remote; nil if none is found.
  mutating func shareablePort(for packet: Packet, _ kind: Int, _ addressIndex: UInt16) -> UInt16? {
    let inside = packet.source.port
    if configuration.portAssignment == .preserving {
      // Linux looks first at what the same endpoint has towards others, so that its mapping
      // depends on the destination only where it must.
      if let slot = newest(packet.protocol, of: packet.source),
        entries[slot].addressIndex == addressIndex,
        isFree(entries[slot].port, for: packet, kind, addressIndex)
      {
        return entries[slot].port
      }
      if isFree(inside, for: packet, kind, addressIndex) { return inside }
    }
    let range = configuration.sharedRange(for: inside, kind)
    // The kernel's way to look: 128 neighbours, then half as many elsewhere, and so on.
    var attempts = 128
    while attempts >= 16 {
      let offset = Int(random.next() % UInt64(range.count))
      for step in 0..<attempts {
        let port = range.lowerBound + UInt16((offset + step) % range.count)
        if isFree(port, for: packet, kind, addressIndex) { return port }
      }
      attempts /= 2
    }
    return nil
  }

  private func isFree(
    _ port: UInt16, for packet: Packet, _ kind: Int, _ addressIndex: UInt16
  ) -> Bool {
    let key = OutsideKey(
      protocol: packet.protocol, addressIndex: addressIndex, port: port, remote: packet.destination)
    return ports[3 * Int(addressIndex) + kind][port] == nil && sharing(key) == nil
      && findRouterFlow(key) == nil
  }

  /// Enters a new mapping where ports are shared.
  mutating func share(_ slot: Slot) {
    let entry = entries[slot]
    outsides.insert(OutsideKey(of: entry).hash(seed: seed), slot)
    let source = RemoteMask.none.hash(entry.flow, seeds)
    if let older = newest(entry.protocol, of: entry.inside) {
      entries[older].newer = slot
      entries[slot].older = older
      sources.remove(source, older)
    }
    sources.insert(source, slot)
  }

  /// Removes a mapping where ports are shared.
  mutating func unshare(_ slot: Slot) {
    let entry = entries[slot]
    outsides.remove(OutsideKey(of: entry).hash(seed: seed), slot)
    if entry.older != .none { entries[entry.older].newer = entry.newer }
    if entry.newer != .none {
      entries[entry.newer].older = entry.older
    } else {
      let source = RemoteMask.none.hash(entry.flow, seeds)
      sources.remove(source, slot)
      if entry.older != .none { sources.insert(source, entry.older) }
    }
  }
}

extension NATTable.Configuration {
  /// The ports that take the place of one that is taken; Linux knows three sorts.
  fileprivate func sharedRange(for inside: UInt16, _ kind: Int) -> ClosedRange<UInt16> {
    if kind == PortTable.icmp { return 0...65535 }
    let like: ClosedRange<UInt16> =
      switch inside {
      case 0..<512: 1...511
      case 512..<1024: 600...1023
      default: 1024...65535
      }
    return like.overlaps(ports) ? like.clamped(to: ports) : ports
  }
}
