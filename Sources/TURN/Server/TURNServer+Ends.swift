internal import SansIO
internal import TransportAddress

/// Lifetimes, and how allocations and reservations end.
extension TURNServer {
  /// The lifetime that is granted: at least the default, at most the maximum (RFC 8656 §7.2).
  func grantedLifetime(_ asked: UInt32?) -> UInt32 {
    let usual = UInt32(configuration.defaultLifetime.components.seconds)
    let longest = UInt32(configuration.maximumLifetime.components.seconds)
    return max(usual, min(asked ?? usual, longest))
  }

  /// Ends one relayed transport address, and its allocation with the last one.
  mutating func removeRelay(
    _ address: TransportAddress, of slot: Int, _ reason: EndReason
  ) {
    let family = address.address.family
    guard slots[slot].families != [family] else { return remove(slot, reason) }
    closeConnections(of: slot, from: address)
    timers.cancel(.relay(address))
    relays[EndpointKey(address)] = nil
    ledger.ports?.remove(address)
    slots[slot][family] = nil
    slots[slot].peers.removeAll(of: family)
    release(address)
  }

  /// Ends an allocation with all that it has; a reservation stays, as it is for another one.
  mutating func remove(_ slot: Int, _ reason: EndReason) {
    let allocation = slots[slot]
    guard !allocation.isVacant else { return }
    closeConnections(of: slot)
    if allocation.isActive {
      report(
        .ended(
          user: allocation.user, on: allocation.tuple,
          relayed: allocation.families.compactMap { allocation[$0]?.address }, reason))
    }
    for relay in [allocation.ipv4, allocation.ipv6].compactMap({ $0 }) {
      timers.cancel(.relay(relay.address))
      relays[EndpointKey(relay.address)] = nil
      ledger.ports?.remove(relay.address)
      release(relay.address)
    }
    endMobility(of: slot)
    slots[slot].vacate()
    freeSlots.append(slot)
    // A 5-tuple whose connection is closed may have come to be another client's.
    if !allocation.isAway { tuples[TupleKey(allocation.tuple)] = nil }
    ledger.update { $0.end(by: allocation.user, at: allocation.tuple.remote.address) }
  }

  /// Takes a reservation away; its port stays taken.
  mutating func removeReservation(_ token: UInt64) -> Reservation? {
    guard let reservation = reservations.removeValue(forKey: token) else { return nil }
    timers.cancel(.reservation(token))
    relays[EndpointKey(reservation.address)] = nil
    ledger.update { $0.endReservation(of: reservation.user) }
    return reservation
  }

  /// Closes a socket, and makes its port free.
  mutating func release(_ address: TransportAddress) {
    actions.append(.close(address))
    free(address)
  }

  /// Makes a port free.
  mutating func free(_ address: TransportAddress) {
    switch address.address.family {
    case .ipv4: ipv4?.release(address.port)
    case .ipv6: ipv6?.release(address.port)
    }
  }
}
