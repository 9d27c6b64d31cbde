import IPPacket
import SansIO
import TransportAddress

/// A flow to the NAT's own host, as a connection tracker keeps it: its port belongs to no mapping
/// towards this remote.
struct RouterFlow: ExpiringEntry {
  var deadline: Instant
  var link = Slot.none
  var key: OutsideKey
}

/// Packets that the NAT's own host accepts for itself (``Configuration/acceptsUnsolicited``).
extension NATTable {
  /// At most this many flows are kept, so that a flood of packets costs a bounded amount of memory.
  private static var routerFlowLimit: Int { 65_536 }

  /// Notes that the host accepts an unsolicited packet.
  ///
  /// Only UDP leaves an entry that can be in the way: the host resets a TCP connection that it does
  /// not know, which ends the entry, and an ICMP query and the host's own have different types.
  /// - Returns: whether the packet is accepted.
  mutating func acceptsForRouter(_ packet: Packet) -> Bool {
    guard packet.protocol == .udp,
      let addressIndex = pool.index(of: packet.destination.address)
    else { return false }
    let key = OutsideKey(
      protocol: packet.protocol, addressIndex: UInt16(addressIndex), port: packet.destination.port,
      remote: packet.source)
    let end = deadline(.udpUnanswered)
    if let slot = findRouterFlow(key) {
      routerFlows.move(slot, to: end)
    } else if routerFlows.count < Self.routerFlowLimit {
      _ = routerFlows.insert(RouterFlow(deadline: end, key: key), key.hash(seed: seed))
    }
    return true
  }

  /// The flow to the NAT's own host that has an outside endpoint towards a remote.
  func findRouterFlow(_ key: OutsideKey) -> Slot? {
    if routerFlows.count == 0 { return nil }
    return routerFlows.find(key.hash(seed: seed)) { $0.key == key }
  }

  mutating func removeRouterFlow(_ slot: Slot) {
    routerFlows.remove(slot, routerFlows[slot].key.hash(seed: seed))
  }
}
