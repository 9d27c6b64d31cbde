internal import STUNCodec
internal import SansIO
package import TransportAddress

/// Allocate: the request, and the ports that it gets (RFC 8656 §7.2).
extension TURNServer {
  mutating func allocate(
    _ message: STUNMessageView, by requester: Requester, on tuple: FiveTuple, at now: Instant,
    using generator: inout some RandomNumberGenerator
  ) throws(Refusal) -> Verdict {
    if let slot = tuples[TupleKey(tuple)] {
      return try repeated(message, slot, by: requester, at: now)
    }
    let wish = try AllocateRequest(
      message, over: tuple.protocol, relaysTCP: configuration.relaysTCP)
    // Through a tunnel's end, data could be led in circles that grow (RFC 8656 §21.4).
    guard !tuple.remote.address.isTunneled else { throw Refusal(.forbidden) }
    try checkFamilies(wish)
    if wish.asksForTicket, !configuration.allowsMobility { throw Refusal(.mobilityForbidden) }
    if case .reserved(let token) = wish.addresses, reservations[token]?.user != requester.name {
      throw Refusal(.insufficientCapacity)
    }
    let chosen = try counted(wish, of: requester, at: tuple.remote.address) {
      (server: inout Self) throws(Refusal) in
      guard server.alternateServer == nil else { throw Refusal(.tryAlternate) }
      guard server.admitsAllocations else { throw Refusal(.insufficientCapacity) }
      return try server.choose(wish, by: requester, using: &generator)
    }
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

  /// Counts an allocation as long as its ports are found.
  ///
  /// - Throws: 486 above the user's quota, in which a reserved port counts like an allocation, and above
  ///   the quota of the client's address; what `body` throws.
  mutating func counted<Value>(
    _ wish: AllocateRequest, of requester: Requester, at address: IPAddress,
    _ body: (inout Self) throws(Refusal) -> Value
  ) throws(Refusal) -> Value {
    let (reservations, spent) =
      switch wish.addresses {
      case .reserved: (0, 1)
      case .one(_, .evenWithNext): (1, 0)
      case .one, .both: (0, 0)
      }
    let limits = configuration.limits
    // First, as a server of another thread may ask for the same user meanwhile.
    let isCounted = ledger.update {
      $0.take(
        by: requester.name, at: address, reserving: reservations, spending: spent, limits)
    }
    guard isCounted else { throw Refusal(.allocationQuotaReached) }
    do throws(Refusal) {
      return try body(&self)
    } catch {
      ledger.update {
        $0.end(by: requester.name, at: address)
        if reservations > 0 { $0.endReservation(of: requester.name) }
      }
      throw error
    }
  }

  /// 440 for a family that the server does not relay. Of two families one may be missing, IPv4 too:
  /// §7.2 asks for 440 then in its step 7, and for ADDRESS-ERROR-CODE in its step 9.
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
    /// The ticket for a client that may move (RFC 8016).
    var ticket: MobilityTicket?

    var toOpen: [TransportAddress] {
      isOpen ? [] : relayed + (reserved.map { [$0.address] } ?? [])
    }
  }

  /// - Throws: 508 where no port is left that would do (T9: not 440, not 400).
  mutating func choose(
    _ wish: AllocateRequest, by requester: Requester,
    using generator: inout some RandomNumberGenerator
  ) throws(Refusal) -> Chosen {
    var chosen = Chosen()
    switch wish.addresses {
    case .reserved(let token):
      guard let reservation = removeReservation(token) else {
        throw Refusal(.insufficientCapacity)
      }
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
    if wish.asksForTicket { chosen.ticket = freshTicket(using: &generator) }
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
}

extension IPAddress {
  /// What counts as one client's address: IPv6 hosts have a /64 each.
  package var accounted: IPAddress {
    switch self {
    case .v4: self
    case .v6(let address): .v6(IPv6Address(high: address.high, low: 0))
    }
  }

  /// Whether packets to this address go through a tunnel between IPv6 and IPv4.
  var isTunneled: Bool {
    classification == .teredo || classification == .sixToFour
  }
}
