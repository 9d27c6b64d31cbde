internal import STUN
internal import STUNCodec
public import SansIO
public import TransportAddress

/// An allocation is made: its sockets are opened, and then it is confirmed (RFC 8656 §7.2).
extension TURNServer {
  /// How often other ports are tried where sockets cannot be opened.
  private static var attemptLimit: Int { 8 }

  /// Makes an allocation that is counted already; its sockets are to be opened, unless they are open.
  mutating func add(
    _ chosen: Chosen, _ opening: Allocation.Opening, by requester: Requester, on tuple: FiveTuple,
    at now: Instant
  ) {
    let seconds = grantedLifetime(opening.wish.lifetime)
    var allocation = Allocation(
      tuple: tuple, user: requester.name, opening: opening,
      grant: Allocation.Grant(
        transactionID: opening.request.transactionID, created: now, lifetime: seconds,
        token: chosen.reserved?.token, addressError: chosen.addressError),
      peers: PeerTable(seed: tableSeed))
    let slot = freeSlots.popLast() ?? slots.count
    let expires = now.advanced(by: .seconds(Int64(seconds)))
    for address in chosen.relayed {
      allocation[address.address.family] = Allocation.Relay(address: address, expires: expires)
      relays[EndpointKey(address)] = slot
      ledger.ports?.insert(address, over: allocation.transport)
      timers.set(.relay(address), at: expires)
    }
    if let ticket = chosen.ticket {
      allocation.mobility = Mobility(ticket)
      tickets[ticket.number] = slot
    }
    if slot == slots.count { slots.append(allocation) } else { slots[slot] = allocation }
    tuples[TupleKey(tuple)] = slot
    if let reserved = chosen.reserved {
      reservations[reserved.token] = Reservation(
        address: reserved.address, user: requester.name)
      relays[EndpointKey(reserved.address)] = slot
      timers.set(
        .reservation(reserved.token), at: now.advanced(by: TURNConstants.reservationLifetime))
    }
    for address in chosen.toOpen {
      actions.append(
        allocation.transport == .tcp ? .connection(.listen(address)) : .open(address))
    }
    if chosen.isOpen { activate(slot) }
  }

  /// The driver has opened the socket of a relayed transport address.
  public mutating func opened(_ address: TransportAddress) {
    guard let slot = relays[EndpointKey(address)],
      case .opening(var opening) = slots[slot].state,
      opening.pending.remove(address) != nil
    else { return }
    slots[slot].state = .opening(opening)
    if opening.pending.isEmpty { activate(slot) }
  }

  /// The driver could not open the socket, as when another program has the port: others are tried,
  /// and in the end the client gets 508.
  public mutating func openFailed(
    _ address: TransportAddress, at now: Instant, using generator: inout some RandomNumberGenerator
  ) {
    guard let slot = relays[EndpointKey(address)],
      case .opening(var opening) = slots[slot].state, opening.pending.contains(address)
    else { return }
    let allocation = slots[slot]
    let requester = Requester(name: allocation.user, protection: opening.protection)
    // The ports stay taken until others have been drawn, so that they are not drawn again.
    let retired = retire(slot, failed: address)
    opening.failures += 1
    do throws(Refusal) {
      guard opening.failures < Self.attemptLimit else { throw Refusal(.insufficientCapacity) }
      let wish = opening.wish
      let chosen = try counted(wish, of: requester, at: allocation.tuple.remote.address) {
        (server: inout Self) throws(Refusal) in
        try server.choose(wish, by: requester, using: &generator)
      }
      opening.pending = Set(chosen.toOpen)
      add(chosen, opening, by: requester, on: allocation.tuple, at: now)
    } catch {
      _ = counted(refuse(opening.request.view, error, by: requester, on: allocation.tuple))
    }
    for address in retired { free(address) }
  }

  /// Forgets an allocation that is being made; its sockets are closed but for the one that failed.
  ///
  /// - Returns: its ports, which are still taken.
  private mutating func retire(_ slot: Int, failed: TransportAddress) -> [TransportAddress] {
    var retired: [TransportAddress] = []
    if let token = slots[slot].grant.token,
      let reservation = removeReservation(token)
    {
      retired.append(reservation.address)
    }
    for family in slots[slot].families {
      guard let relay = slots[slot][family] else { continue }
      timers.cancel(.relay(relay.address))
      retired.append(relay.address)
      slots[slot][family] = nil
    }
    for address in retired {
      relays[EndpointKey(address)] = nil
      ledger.ports?.remove(address)
      if address != failed { actions.append(.close(address)) }
    }
    // It has never been active, so nobody hears of it.
    remove(slot, .released)
    return retired
  }

  /// Answers, now that every socket is there.
  private mutating func activate(_ slot: Int) {
    guard case .opening(let opening) = slots[slot].state else { return }
    slots[slot].state = .active
    if let token = slots[slot].grant.token, let reservation = reservations[token] {
      // Nothing is relayed from it until its token comes.
      relays[EndpointKey(reservation.address)] = nil
    }
    let allocation = slots[slot]
    report(
      .allocated(
        user: allocation.user, on: allocation.tuple,
        relayed: allocation.families.compactMap { allocation[$0]?.address },
        seconds: allocation.grant.lifetime))
    _ = counted(confirm(slot, opening.request.view, opening.protection))
  }

  /// The success response of an Allocate request (RFC 8656 §7.2).
  mutating func confirm(
    _ slot: Int, _ request: STUNMessageView, _ protection: ResponseProtection?
  ) -> Verdict {
    let allocation = slots[slot]
    return succeed(request, by: protection, on: allocation.tuple) {
      (message: inout STUNMessageBuilder) throws(STUNEncodingError) in
      for family in allocation.families {
        if let relay = allocation[family] {
          try message.append(xorRelayedAddress: relay.address)
        }
      }
      try message.append(lifetime: allocation.grant.lifetime)
      if let token = allocation.grant.token { try message.append(reservationToken: token) }
      if let ticket = allocation.mobility?.ticket {
        try message.append(mobilityTicket: ticket.bytes.span.bytes)
      }
      if let error = allocation.grant.addressError {
        try message.append(addressErrorCode: error)
      }
      try message.append(xorMappedAddress: allocation.tuple.remote)
    }
  }
}
