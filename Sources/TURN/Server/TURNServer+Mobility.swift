internal import STUN
internal import STUNCodec
internal import SansIO
internal import TransportAddress

/// Mobility: an allocation whose client comes from another 5-tuple (RFC 8016).
///
/// The ticket says which allocation is meant, and the credentials must be those of the user that has
/// made it (T13). All that it has counts against quotas throughout, and at each address that one of
/// its 5-tuples has.
extension TURNServer {
  // MARK: - Tickets

  func freshTicket(using generator: inout some RandomNumberGenerator) -> MobilityTicket {
    MobilityTicket(using: &generator) { tickets[$0] != nil }
  }

  /// Takes the tickets of an allocation away, all but one.
  private mutating func voidTickets(of slot: Int, but kept: MobilityTicket? = nil) {
    guard let mobility = slots[slot].mobility else { return }
    for ticket in [mobility.ticket, mobility.earlierTicket].compactMap({ $0 })
    where kept?.number != ticket.number {
      tickets[ticket.number] = nil
    }
  }

  // MARK: - A move

  /// A Refresh with MOBILITY-TICKET: an allocation of another 5-tuple is to be reached by this one
  /// (RFC 8016 §3.2.2).
  mutating func resume(
    _ message: STUNMessageView, by requester: Requester, on tuple: FiveTuple, at now: Instant,
    using generator: inout some RandomNumberGenerator
  ) throws(Refusal) -> Verdict {
    guard configuration.allowsMobility else { throw Refusal(.mobilityForbidden) }
    let there = tuples[TupleKey(tuple)]
    if let there {
      guard slots[there].user == requester.name else { throw Refusal(.wrongCredentials) }
      if let move = slots[there].mobility?.move, move.tuple == tuple,
        move.transactionID == message.transactionID,
        move.time.duration(to: now) <= TURNConstants.transactionLifetime
      {
        return confirmMove(of: there, message, by: requester)
      }
      // Who has not moved needs no ticket.
      guard slots[there].mobility?.other?.tuple == tuple else { throw Refusal(.badRequest) }
    }
    let (slot, ticket) = try allocation(ofTicketIn: message)
    guard slots[slot].user == requester.name else { throw Refusal(.wrongCredentials) }
    // RFC 6062 §5.1: a TCP allocation needs a stream.
    guard slots[slot].transport == .udp || tuple.protocol == .tcp else {
      throw Refusal(.badRequest)
    }
    guard there == nil || there == slot else { throw Refusal(.allocationMismatch) }
    guard !tuple.remote.address.isTunneled else { throw Refusal(.forbidden) }
    guard hasRoom(for: slot, at: tuple.remote.address) else {
      throw Refusal(.allocationQuotaReached)
    }
    let seconds = try lengthen(slot, message, at: now)
    guard slots[slot].isActive else {
      // It was given up from its new place.
      return succeed(message, by: requester.protection, on: tuple) {
        (message: inout STUNMessageBuilder) throws(STUNEncodingError) in
        try message.append(lifetime: 0)
      }
    }
    prepareMove(
      of: slot, to: tuple,
      Mobility.Move(
        transactionID: message.transactionID, tuple: tuple, time: now, lifetime: seconds),
      presenting: ticket, using: &generator)
    return confirmMove(of: slot, message, by: requester)
  }

  /// The allocation that a ticket stands for.
  ///
  /// - Throws: 400 for a ticket that is empty, as one is asked for in Allocate only; 437 for one that
  ///   is not, or not any more, this server's.
  private func allocation(
    ofTicketIn message: STUNMessageView
  ) throws(Refusal) -> (slot: Int, ticket: MobilityTicket) {
    guard let value = message.mobilityTicket, value.byteCount > 0 else {
      throw Refusal(.badRequest)
    }
    guard let ticket = MobilityTicket(value), let slot = tickets[ticket.number],
      slots[slot].isActive, slots[slot].mobility?.accepts(ticket) == true
    else { throw Refusal(.allocationMismatch) }
    return (slot, ticket)
  }

  private mutating func prepareMove(
    of slot: Int, to tuple: FiveTuple, _ move: Mobility.Move,
    presenting ticket: MobilityTicket, using generator: inout some RandomNumberGenerator
  ) {
    let fresh = freshTicket(using: &generator)
    forgetOther(of: slot)
    voidTickets(of: slot, but: ticket)
    tickets[fresh.number] = slot
    slots[slot].mobility?.earlierTicket = ticket
    slots[slot].mobility?.ticket = fresh
    slots[slot].mobility?.move = move
    slots[slot].mobility?.other = Mobility.Other(tuple: tuple, role: .next)
    slots[slot].hasOther = true
    tuples[TupleKey(tuple)] = slot
    if tuple.remote.address.accounted != slots[slot].tuple.remote.address.accounted {
      ledger.update { $0.enter(tuple.remote.address) }
    }
  }

  private mutating func confirmMove(
    of slot: Int, _ message: STUNMessageView, by requester: Requester
  ) -> Verdict {
    guard let mobility = slots[slot].mobility, let move = mobility.move else {
      return .drop(.noAllocation)
    }
    return succeed(message, by: requester.protection, on: move.tuple) {
      (message: inout STUNMessageBuilder) throws(STUNEncodingError) in
      try message.append(lifetime: move.lifetime)
      try message.append(mobilityTicket: mobility.ticket.bytes.span.bytes)
    }
  }

  /// Whether one more allocation may be reached from an address.
  private mutating func hasRoom(for slot: Int, at address: IPAddress) -> Bool {
    let limits = configuration.limits
    return slots[slot].tuple.remote.address.accounted == address.accounted
      || slots[slot].mobility?.other?.tuple.remote.address.accounted == address.accounted
      || ledger.update { $0.hasRoom(at: address, limits) }
  }

  // MARK: - Its two 5-tuples

  /// Where data for a client go; nil while its connection is closed and it has not come back.
  // In line: a call would copy the server first.
  @inline(__always)
  func clientTuple(of slot: Int) -> FiveTuple? {
    slots[slot].isAway ? slots[slot].mobility?.other?.tuple : slots[slot].tuple
  }

  /// Whether the client has left a 5-tuple: data that were on their way there are still taken, but no
  /// request.
  func isFormer(_ tuple: FiveTuple, of slot: Int) -> Bool {
    guard slots[slot].hasOther, let other = slots[slot].mobility?.other else { return false }
    if case .former = other.role { return other.tuple == tuple }
    return false
  }

  /// A client has used one of the two 5-tuples of its allocation: if it is the next one, the client has
  /// moved, and the ticket that it has moved with is void.
  ///
  /// RFC 8016 §3.2.2 names ChannelData and Send indications. A request that is authentic says as much,
  /// and a client that only listens sends nothing else.
  mutating func used(_ tuple: FiveTuple, of slot: Int, at now: Instant) {
    guard let other = slots[slot].mobility?.other, other.tuple == tuple,
      case .next = other.role
    else { return }
    let former = slots[slot].tuple
    voidTickets(of: slot, but: slots[slot].mobility?.ticket)
    slots[slot].mobility?.earlierTicket = nil
    slots[slot].tuple = tuple
    if slots[slot].isAway {
      slots[slot].isAway = false
      slots[slot].mobility?.other = nil
      slots[slot].hasOther = false
      leave(former, of: slot)
    } else {
      slots[slot].mobility?.other = Mobility.Other(tuple: former, role: .former)
      timers.set(.formerTuple(slot), at: now.advanced(by: TURNConstants.formerTupleLifetime))
    }
    let user = slots[slot].user
    report(.moved(user: user, from: former, to: tuple))
  }

  /// Ends the second 5-tuple of an allocation, if it has one.
  mutating func forgetOther(of slot: Int) {
    guard let other = slots[slot].mobility?.other else { return }
    slots[slot].mobility?.other = nil
    slots[slot].hasOther = false
    timers.cancel(.formerTuple(slot))
    tuples[TupleKey(other.tuple)] = nil
    leave(other.tuple, of: slot)
  }

  /// An address has one allocation less, unless it is the address of its remaining 5-tuple.
  private mutating func leave(_ tuple: FiveTuple, of slot: Int) {
    let address = tuple.remote.address.accounted
    guard address != slots[slot].tuple.remote.address.accounted else { return }
    ledger.update { $0.leave(address) }
  }

  /// Takes all that mobility has kept of an allocation away.
  mutating func endMobility(of slot: Int) {
    forgetOther(of: slot)
    voidTickets(of: slot)
  }

  // MARK: - Connections

  /// A client's connection is closed: the allocation stays for a client that has a ticket, until its
  /// lifetime is over, and whatever the client has elsewhere.
  ///
  /// - Returns: whether it stays.
  mutating func stays(_ slot: Int, without tuple: FiveTuple) -> Bool {
    guard slots[slot].isActive, let mobility = slots[slot].mobility else { return false }
    if let other = mobility.other, other.tuple == tuple {
      forgetOther(of: slot)
      return true
    }
    // The client has left that one, and is not to be looked for there.
    if isFormerKept(of: slot) { forgetOther(of: slot) }
    tuples[TupleKey(tuple)] = nil
    slots[slot].isAway = true
    return true
  }

  private func isFormerKept(of slot: Int) -> Bool {
    if case .former? = slots[slot].mobility?.other?.role { true } else { false }
  }
}
