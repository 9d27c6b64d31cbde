import STUN
import STUNCodec
public import SansIO
public import TransportAddress

/// What the response to a check means (RFC 8445 §7.2.5).
extension ICEAgent {
  /// Takes the response to a check.
  ///
  /// - Returns: what it was, and whether the tiebreaker is to change.
  mutating func receivedCheckResponse(
    _ message: STUNMessageView, from source: TransportAddress, to base: TransportAddress,
    at now: Instant
  ) -> (arrival: Arrival, changesTiebreaker: Bool) {
    guard let response = checks.match(message, from: source) else {
      return (drop(.unknownTransaction), false)
    }
    let tag = response.tag
    guard tag.generation == current.number, let session = current.session,
      let pair = current.set[tag.pair]
    else { return (drop(.otherGeneration), false) }
    // Integrity before anything is believed; the true response may still come (RFC 8489 §9.1.4).
    guard session.protection.isSatisfied(by: message) else {
      return (drop(.forgedResponse), false)
    }
    let isLatest = current.records[tag.pair]?.transaction == response.id
    guard response.isSymmetric, base == tag.base else {
      guard isLatest, current.records[tag.pair]?.valid == nil else {
        return (drop(.asymmetricResponse), false)
      }
      checks.complete(response.id, at: now)
      if pair.state == .inProgress {
        failed(tag.pair, .notSymmetric(from: source, to: base), at: now)
      }
      return (.stun, false)
    }
    let roundTrip = checks.complete(response.id, at: now)
    guard message.type.class == .successResponse else {
      return (.stun, receivedError(message, tag, isLatest: isLatest, at: now))
    }
    guard !message.hasUnknownRequirement, let mapped = try? message.xorMappedAddress else {
      if isLatest, pair.state == .inProgress { failed(tag.pair, .unusableResponse, at: now) }
      return (.stun, false)
    }
    succeeded(tag, pair, mapped: mapped, roundTrip: roundTrip, isLatest: isLatest, at: now)
    return (.stun, false)
  }

  // MARK: Failure

  /// An error response (RFC 8445 §7.2.5.1, §7.2.5.2.4).
  ///
  /// - Returns: whether the role has been switched, so that the tiebreaker is to change.
  private mutating func receivedError(
    _ message: STUNMessageView, _ tag: CheckTag, isLatest: Bool, at now: Instant
  ) -> Bool {
    let code = (try? message.errorCode) ?? .serverError
    guard code == .roleConflict else {
      if isLatest, current.set[tag.pair]?.state == .inProgress {
        failed(tag.pair, .refused(code), at: now)
      }
      return false
    }
    // A late 487 to a request in the role that the agent has left must not switch it again.
    let switches = tag.role == role
    if switches { setRole(role.opposite, at: now) }
    guard isLatest, current.set[tag.pair]?.state == .inProgress else { return switches }
    if current.records[tag.pair]?.valid == nil {
      trigger(tag.pair, at: now)
    } else {
      // It was to nominate; the pair is as valid as it was.
      move(tag.pair, to: .succeeded)
    }
    return switches
  }

  /// An ICMP error says that the address cannot be reached from the base (RFC 8445 §7.2.5.2.2).
  ///
  /// Such errors can be forged: one fails a check under way, and no pair that is valid.
  public mutating func unreachable(
    _ remote: TransportAddress, from base: TransportAddress, at now: Instant
  ) {
    for list in current.set.checklists {
      for id in list.order {
        guard let pair = list[id], pair.base == base, pair.remote.address == remote,
          pair.state == .inProgress, current.records[id]?.valid == nil
        else { continue }
        if let transaction = current.records[id]?.transaction { checks.cancel(transaction) }
        failed(id, .unreachable, at: now)
      }
    }
  }

  /// The relay that has the base does not send to hosts with this address: checks to them have failed.
  ///
  /// - Complexity: O(p·r) for p pairs and r remote candidates.
  public mutating func refused(_ address: IPAddress, from base: TransportAddress, at now: Instant) {
    let remotes = current.set.checklists.flatMap(\.remote).map(\.address)
    for remote in remotes where remote.address == address {
      unreachable(remote, from: base, at: now)
    }
  }

  /// The check of a pair has failed.
  mutating func failed(_ id: PairID, _ failure: PairFailure, at now: Instant) {
    guard let component = current.component(of: id), current.set[id]?.state == .inProgress else {
      return
    }
    if case .selected(id) = current[component].state {
      // Its consent decides about a pair in use, and not the end of a check that came too late.
      move(id, to: .succeeded)
      return
    }
    move(id, to: .failed)
    current.records[id, default: PairRecord()].failure = failure
    current.records[id]?.valid = nil
    current.records[id]?.isNominatedByPeer = false
    timers.cancel(.liteFallback(id))
    if current[component].nominating == id { current[component].nominating = nil }
    connect(component, at: now)
    scheduleCheck(at: now)
    considerFailure(at: now)
  }

  // MARK: Success

  private mutating func succeeded(
    _ tag: CheckTag, _ pair: CandidatePair, mapped: TransportAddress, roundTrip: Duration?,
    isLatest: Bool, at now: Instant
  ) {
    let id = tag.pair
    let component = StreamComponent(stream: id.checklist, component: pair.local.component)
    if case .failed = current[component].state { return }
    let isNominating = current[component].nominating == id
    // A response to an earlier check than the nominating one tells nothing new.
    guard isLatest || !isNominating else { return }
    if !isLatest, let transaction = current.records[id]?.transaction { checks.cancel(transaction) }
    timers.cancel(.liteFallback(id))

    switch pair.state {
    case .inProgress: move(id, to: .succeeded)
    case .waiting, .failed:
      // The response to a check that a triggered one has replaced.
      if pair.state == .failed { move(id, to: .waiting) }
      current.triggered[id.checklist].removeAll { $0 == id }
      move(id, to: .inProgress)
      move(id, to: .succeeded)
    case .succeeded, .frozen: break
    }
    let local = localCandidate(tag, pair, mapped: mapped)
    current.records[id, default: PairRecord()].valid = local
    current.records[id]?.failure = nil
    current.records[id]?.lastResponse = now
    if let roundTrip { current.records[id]?.roundTrip = roundTrip }
    current.set.unfreeze(pair.foundation)
    scheduleCheck(at: now)

    if current[component].firstValid == nil { current[component].firstValid = now }
    let isNominated =
      switch role {
      case .controlling: tag.nominates
      case .controlled: current.records[id]?.isNominatedByPeer == true
      }
    if isNominated {
      current[component].nominating = nil
      select(id, component, at: now)
      return
    }
    connect(component, at: now)
    considerRenomination(id, component, at: now)
  }

  /// The candidate with the mapped address; a new one, peer-reflexive, where it was not gathered
  /// (RFC 8445 §7.2.5.3.1).
  private mutating func localCandidate(
    _ tag: CheckTag, _ pair: CandidatePair, mapped: TransportAddress
  ) -> Candidate {
    let stream = tag.pair.checklist
    let known = current.set.checklists[stream].local.filter {
      $0.address == mapped && $0.component == pair.local.component
        && $0.transport == pair.local.transport
    }
    if let candidate = known.first(where: { $0.base == tag.base }) ?? known.first {
      return candidate
    }
    // A peer that answers each check with another address must not fill the memory.
    guard current.set.checklists[stream].local.count < configuration.pairLimit else {
      return pair.local
    }
    let gathered = GatheredCandidate.peerReflexive(
      mapped, base: tag.base, component: pair.local.component,
      localPreference: pair.local.localPreference)
    guard case .added(let new) = current.candidates.add(gathered) else { return pair.local }
    _ = try? current.set.add(local: new, to: stream)
    actions.append(.discovered(new, .local, stream: stream))
    return new
  }
}
