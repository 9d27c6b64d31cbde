internal import STUN
internal import STUNCodec
public import SansIO
public import TransportAddress

/// Allocate: from the request to its sockets and its response (RFC 8656 §7.2).
extension TURNServer {
  /// How often other ports are tried where sockets cannot be opened.
  private static var attemptLimit: Int { 8 }

  mutating func allocate(
    _ message: STUNMessageView, by requester: Requester, on tuple: FiveTuple, at now: Instant,
    using generator: inout some RandomNumberGenerator
  ) throws(Refusal) -> Verdict {
    if let slot = tuples[TupleKey(tuple)] {
      return try repeated(message, slot, by: requester, at: now)
    }
    let wish = try AllocateRequest(message)
    try checkFamilies(wish)
    if case .reserved(let token) = wish.addresses, reservations[token]?.user != requester.name {
      throw Refusal(.insufficientCapacity)
    }
    guard allocationsOfUser[requester.name] ?? 0 < configuration.limits.allocationsPerUser else {
      throw Refusal(.allocationQuotaReached)
    }
    guard alternateServer == nil else { throw Refusal(.tryAlternate) }
    let chosen = try choose(wish, by: requester, using: &generator)
    let opening = Allocation.Opening(
      request: STUNMessage(message), protection: requester.protection, wish: wish,
      pending: Set(chosen.toOpen))
    add(chosen, opening, by: requester, on: tuple, at: now)
    return .taken
  }

  /// A second Allocate on a 5-tuple: the first one again, or a mismatch (pitfall 23).
  private mutating func repeated(
    _ message: STUNMessageView, _ slot: Int, by requester: Requester, at now: Instant
  ) throws(Refusal) -> Verdict {
    let allocation = slots[slot]
    guard allocation.grant.transactionID == message.transactionID,
      allocation.user == requester.name,
      allocation.grant.created.duration(to: now) <= TURNConstants.transactionLifetime
    else { throw Refusal(.allocationMismatch) }
    guard allocation.isActive else { return .drop(.beingServed) }
    return confirm(slot, message, requester.protection)
  }

  /// 440 for a family that the server does not relay. Of two families one may be missing.
  private func checkFamilies(_ wish: AllocateRequest) throws(Refusal) {
    guard case .one(let family, _) = wish.addresses, !isSupported(family) else { return }
    throw Refusal(.addressFamilyNotSupported)
  }

  private func isSupported(_ family: AddressFamily) -> Bool {
    family == .ipv4 ? ipv4 != nil : ipv6 != nil
  }

  // MARK: - Ports

  /// The relayed transport addresses of a new allocation.
  struct Chosen {
    var relayed: [TransportAddress] = []
    /// The port above the relayed one, and its token (EVEN-PORT with the R bit).
    var reserved: (address: TransportAddress, token: UInt64)?
    /// A reservation's socket is open already.
    var isOpen = false
    var addressError: AddressErrorCode?

    var toOpen: [TransportAddress] {
      isOpen ? [] : relayed + (reserved.map { [$0.address] } ?? [])
    }
  }

  /// - Throws: 508 where no port is left that would do (T9: not 440, not 400).
  private mutating func choose(
    _ wish: AllocateRequest, by requester: Requester,
    using generator: inout some RandomNumberGenerator
  ) throws(Refusal) -> Chosen {
    var chosen = Chosen()
    switch wish.addresses {
    case .reserved(let token):
      guard let reservation = reservations.removeValue(forKey: token) else {
        throw Refusal(.insufficientCapacity)
      }
      timers.cancel(.reservation(token))
      chosen.relayed = [reservation.address]
      chosen.isOpen = true
    case .one(let family, let need):
      guard let address = take(family, need, using: &generator) else {
        throw Refusal(.insufficientCapacity)
      }
      chosen.relayed = [address]
      if need == .evenWithNext {
        chosen.reserved = (
          TransportAddress(address.address, port: address.port + 1), freshToken(using: &generator)
        )
      }
    case .both(let need):
      for family in AddressFamily.allCases {
        if let address = take(family, need, using: &generator) {
          chosen.relayed.append(address)
        } else {
          chosen.addressError = AddressErrorCode(
            family: family,
            errorCode: isSupported(family) ? .insufficientCapacity : .addressFamilyNotSupported)
        }
      }
      guard !chosen.relayed.isEmpty else { throw Refusal(.insufficientCapacity) }
    }
    return chosen
  }

  private mutating func take(
    _ family: AddressFamily, _ need: PortPool.Need,
    using generator: inout some RandomNumberGenerator
  ) -> TransportAddress? {
    switch family {
    case .ipv4:
      guard let address = ipv4?.address, let port = ipv4?.take(need, using: &generator) else {
        return nil
      }
      return TransportAddress(address, port: port)
    case .ipv6:
      guard let address = ipv6?.address, let port = ipv6?.take(need, using: &generator) else {
        return nil
      }
      return TransportAddress(address, port: port)
    }
  }

  private func freshToken(using generator: inout some RandomNumberGenerator) -> UInt64 {
    var token: UInt64 = generator.next()
    while reservations[token] != nil { token = generator.next() }
    return token
  }

  // MARK: - Sockets

  private mutating func add(
    _ chosen: Chosen, _ opening: Allocation.Opening, by requester: Requester, on tuple: FiveTuple,
    at now: Instant
  ) {
    let seconds = grantedLifetime(opening.wish.lifetime)
    var allocation = Allocation(
      tuple: tuple, user: requester.name, opening: opening,
      grant: Allocation.Grant(
        transactionID: opening.request.transactionID, created: now, lifetime: seconds,
        token: chosen.reserved?.token, addressError: chosen.addressError))
    let slot = freeSlots.popLast() ?? slots.count
    let expires = now.advanced(by: .seconds(Int64(seconds)))
    for address in chosen.relayed {
      allocation[address.address.family] = Allocation.Relay(address: address, expires: expires)
      relays[EndpointKey(address)] = slot
      timers.set(.relay(address), at: expires)
    }
    if slot == slots.count { slots.append(allocation) } else { slots[slot] = allocation }
    tuples[TupleKey(tuple)] = slot
    allocationsOfUser[requester.name, default: 0] += 1
    if let reserved = chosen.reserved {
      reservations[reserved.token] = Reservation(
        address: reserved.address, user: requester.name)
      relays[EndpointKey(reserved.address)] = slot
      timers.set(
        .reservation(reserved.token), at: now.advanced(by: TURNConstants.reservationLifetime))
    }
    for address in chosen.toOpen { actions.append(.open(address)) }
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
      let chosen = try choose(opening.wish, by: requester, using: &generator)
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
      let reservation = reservations.removeValue(forKey: token)
    {
      timers.cancel(.reservation(token))
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
      if address != failed { actions.append(.close(address)) }
    }
    remove(slot)
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
    _ = counted(confirm(slot, opening.request.view, opening.protection))
  }

  /// The success response of an Allocate request (RFC 8656 §7.2).
  private mutating func confirm(
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
      if let error = allocation.grant.addressError {
        try message.append(addressErrorCode: error)
      }
      try message.append(xorMappedAddress: allocation.tuple.remote)
    }
  }

  // MARK: - Ends

  /// The lifetime that is granted: at least the default, at most the maximum (RFC 8656 §7.2).
  func grantedLifetime(_ asked: UInt32?) -> UInt32 {
    let usual = UInt32(configuration.defaultLifetime.components.seconds)
    let longest = UInt32(configuration.maximumLifetime.components.seconds)
    return max(usual, min(asked ?? usual, longest))
  }

  /// Ends one relayed transport address, and its allocation with the last one.
  mutating func removeRelay(_ address: TransportAddress, of slot: Int) {
    let family = address.address.family
    timers.cancel(.relay(address))
    relays[EndpointKey(address)] = nil
    slots[slot][family] = nil
    slots[slot].peers.removeAll(of: family)
    release(address)
    if slots[slot].families.isEmpty { remove(slot) }
  }

  /// Ends an allocation with all that it has; a reservation stays, as it is for another one.
  mutating func remove(_ slot: Int) {
    let allocation = slots[slot]
    guard !allocation.isVacant else { return }
    for relay in [allocation.ipv4, allocation.ipv6].compactMap({ $0 }) {
      timers.cancel(.relay(relay.address))
      relays[EndpointKey(relay.address)] = nil
      release(relay.address)
    }
    slots[slot].vacate()
    freeSlots.append(slot)
    tuples[TupleKey(allocation.tuple)] = nil
    if let count = allocationsOfUser[allocation.user] {
      allocationsOfUser[allocation.user] = count > 1 ? count - 1 : nil
    }
  }

  /// Closes a socket, and makes its port free.
  mutating func release(_ address: TransportAddress) {
    actions.append(.close(address))
    free(address)
  }

  private mutating func free(_ address: TransportAddress) {
    switch address.address.family {
    case .ipv4: ipv4?.release(address.port)
    case .ipv6: ipv6?.release(address.port)
    }
  }
}
