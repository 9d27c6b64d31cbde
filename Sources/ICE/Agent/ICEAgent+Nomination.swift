import STUN
import SansIO
import TransportAddress

/// Which valid pair is nominated, and what its selection ends (RFC 8445 §8.1).
extension ICEAgent {
  /// The pair whose check has made the valid pair of a component with the highest priority, of those
  /// for which a condition holds.
  ///
  /// What counts is the priority of the valid pair, whose local candidate is the mapped address: a
  /// check from a host candidate through a NAT makes no host pair (RFC 8445 §7.2.5.3.2).
  func bestValid(
    _ component: StreamComponent, where isWanted: (PairID) -> Bool = { _ in true }
  ) -> PairID? {
    var best: (id: PairID, priority: UInt64)?
    let list = current.set.checklists[component.stream]
    for id in list.order where list[id]?.local.component == component.component {
      guard isWanted(id), let priority = validPair(id)?.priority else { continue }
      if best.map({ $0.priority < priority }) ?? true { best = (id, priority) }
    }
    return best?.id
  }

  /// Before a pair is nominated, data may go over the best valid one (RFC 8445 §12.1); where there is
  /// none, the component is checking.
  mutating func connect(_ component: StreamComponent, at now: Instant) {
    switch current[component].state {
    case .checking, .connected: break
    case .new, .selected, .failed: return
    }
    // What an earlier generation has selected stays in use until this one has selected something.
    let isInUse = paths[component].map { $0.generation != current.number } ?? false
    let best = bestValid(component) { hasConsent($0, at: now) }
    guard let best, let pair = validPair(best) else {
      if !isInUse { stopUsing(component) }
      setState(of: component, to: .checking, at: now)
      return
    }
    if !isInUse { use(best, pair, isSelected: false, for: component, at: now) }
    setState(of: component, to: .connected(best), at: now)
    considerNomination(of: component, at: now)
  }

  // MARK: The controlling side

  /// Nominates the best valid pair, or waits for a better one as long as one may still succeed.
  ///
  /// The RFC leaves the criterion open (RFC 8445 §8.1.1). Here a better pair is waited for while its
  /// check has a chance: until twice the round-trip time of the valid pair has passed. Checks that are
  /// still to be sent are waited for where they may show a way without the valid pair's NAT or relay,
  /// and never longer than the configuration says.
  mutating func considerNomination(of component: StreamComponent, at now: Instant) {
    guard role == .controlling, !configuration.isLite, current[component].nominating == nil,
      case .connected = current[component].state, let best = bestValid(component)
    else { return }
    let wait = nominationTime(of: best, component, at: now)
    guard now >= wait else {
      timers.set(.nomination(component), at: wait)
      return
    }
    timers.cancel(.nomination(component))
    current[component].nominating = best
    trigger(best, nominates: true, at: now)
  }

  /// When to stop hoping for something better than a pair.
  private func nominationTime(
    of best: PairID, _ component: StreamComponent, at now: Instant
  ) -> Instant {
    let list = current.set.checklists[component.stream]
    guard let pair = validPair(best), let firstValid = current[component].firstValid else {
      return now
    }
    let isRelayed = pair.kind == .relayed
    let longest = firstValid.advanced(
      by: isRelayed ? configuration.relayedNominationDelay : configuration.directNominationDelay)
    // Of a check that was sent twice the time is not known: another pair's tells how far the peer is.
    let known = list.order.compactMap { current.records[$0]?.roundTrip }.max()
    let roundTrip = current.records[best]?.roundTrip ?? known ?? ICEConstants.lowestRTO / 2
    let grace = max(roundTrip * 2, pacing * 2)
    var wait = now
    // Better candidates may still come, and a relay costs everybody much.
    let stream = component.stream
    if isRelayed, !(current.gatheringFinished[stream] && current.remoteFinished[stream]) {
      wait = longest
    }
    // A check through a NAT makes a valid pair of lower priority than the one it was sent for (RFC 8445
    // §7.2.5.3.2): what is no better than that one was will not be better than its valid pair either.
    let bound = isRelayed ? pair.priority : max(pair.priority, list[best]?.priority ?? 0)
    var waiting = 0
    for id in list.order where id != best {
      guard let other = list[id], other.local.component == component.component else { continue }
      if other.priority <= bound { break }
      guard let kind = other.bestKind(beside: pair) else { continue }
      // Another pair through the same NAT is worth two round trips, and not all checks before its own.
      let isBetterKind = isRelayed || kind > pair.kind
      let end = isBetterKind ? longest : firstValid.advanced(by: grace)
      switch other.state {
      case .waiting:
        waiting += 1
        wait = max(wait, min(end, now.advanced(by: pacing * waiting + grace)))
      case .inProgress:
        // From the first check on: a peer that triggers one after the other must not prolong it.
        let record = current.records[id] ?? PairRecord()
        let sentAt = record.firstSentAt ?? now
        wait = max(wait, min(end, sentAt.advanced(by: grace)))
        // Behind NATs the first check is often lost, as it makes the way for the peer's. Its
        // retransmission is worth waiting for where the other way is a relay.
        if isRelayed { wait = max(wait, sentAt.advanced(by: grace + record.rto)) }
      case .frozen, .succeeded, .failed: break
      }
    }
    return min(wait, longest)
  }

  // MARK: Both sides

  /// A pair has been nominated, and its check has succeeded (RFC 8445 §8.1.1, §8.1.2).
  ///
  /// The selected pair may change: see ``replaces(_:_:)``.
  mutating func select(_ id: PairID, _ component: StreamComponent, at now: Instant) {
    guard let pair = validPair(id) else { return }
    switch current[component].state {
    case .new, .failed: return
    case .selected(let old):
      guard old != id, replaces(id, old) else { return }
    case .checking, .connected: break
    }
    for other in current.set.checklists[component.stream].order where other != id {
      guard current.records[other]?.hasPlainCheck == true,
        current.component(of: other) == component
      else { continue }
      current.records[other]?.isNominatedByPeer = false
    }
    timers.cancel(.nomination(component))
    current[component].nominating = nil
    stopChecks(of: component, below: current.set[id]?.priority ?? 0)
    use(id, pair, isSelected: true, for: component, at: now)
    actions.append(.selected(pair, component))
    setState(of: component, to: .selected(id), at: now)
    if !paths.values.contains(where: { $0.generation != current.number }) { previous = nil }
  }

  /// Whether a nominated pair takes the place of the selected one.
  ///
  /// A peer that has USE-CANDIDATE in every check means the pair with the highest priority (RFC 5245
  /// §8.1.1.2). One that nominates regularly means the latest: its former nomination has failed.
  func replaces(_ id: PairID, _ selected: PairID) -> Bool {
    if renominates {
      // What this agent has nominated is its own choice; of the peer's the last one counts.
      guard role == .controlled else { return true }
      let new = current.records[id]?.nominationNumber ?? 0
      let old = current.records[selected]?.nominationNumber ?? 0
      if new != old { return new > old }
    }
    if current.records[id]?.hasPlainCheck == true { return true }
    let (new, old) = (current.set[id]?.priority ?? 0, current.set[selected]?.priority ?? .max)
    // A lite agent asks no consent, by which it would notice that a NAT has given the same candidate
    // another address: of two with equal priority the latest counts.
    return configuration.isLite ? new >= old : new > old
  }

  // MARK: Renomination

  /// Whether both agents agree to several nominations (draft-thatcher-ice-renomination-01 §3).
  var renominates: Bool {
    configuration.renominates && current.remote?.renominates == true
      && current.remote?.isLite == false
  }

  /// Whether a pair is worth a nomination, or a check, in place of the selected one: if it has a higher
  /// priority, and both agents agree to several nominations.
  func mayReplace(_ id: PairID, _ selected: PairID) -> Bool {
    guard renominates, let best = validPair(selected)?.priority else { return false }
    return (validPair(id) ?? current.set[id])?.priority ?? 0 > best
  }

  /// Nominates a pair that has become valid after a worse one was selected.
  mutating func considerRenomination(_ id: PairID, _ component: StreamComponent, at now: Instant) {
    guard role == .controlling, current[component].nominating == nil,
      case .selected(let selected) = current[component].state, id != selected,
      mayReplace(id, selected)
    else { return }
    current[component].nominating = id
    trigger(id, nominates: true, at: now)
  }

  /// No pair of the component is checked any more (RFC 8445 §8.1.2), but for better ones that are
  /// under way (RFC 5245 §8.1.2): a peer may nominate these yet.
  private mutating func stopChecks(of component: StreamComponent, below priority: UInt64) {
    let list = current.set.checklists[component.stream]
    for id in list.order {
      guard let pair = list[id], pair.local.component == component.component,
        pair.priority < priority
      else { continue }
      timers.cancel(.liteFallback(id))
      current.triggered[id.checklist].removeAll { $0 == id }
      if pair.state == .inProgress, let transaction = current.records[id]?.transaction {
        checks.stopRetransmitting(transaction)
      }
    }
  }

  /// A checklist has completed: what is not selected may be given up some time later (RFC 8445
  /// §8.3.1).
  mutating func completed(_ stream: Int, at now: Instant) {
    timers.set(.release(stream), at: now.advanced(by: ICEConstants.freeingDelay))
  }

  /// Tells which bases of a checklist no selected pair needs.
  mutating func release(_ stream: Int) {
    guard state(ofStream: stream) == .completed else { return }
    let used = Set(paths.values.map(\.pair.base))
    let bases = current.bases.filter { $0.value.component.stream == stream }.keys.sorted()
    for base in bases where !used.contains(base) {
      actions.append(.release(base, stream: stream))
    }
  }

  // MARK: Lite agents

  /// Two lite agents send no checks: each takes the pair with the highest priority (RFC 8445 §8.2).
  mutating func selectAmongLites(_ stream: Int, at now: Instant) {
    guard configuration.isLite, current.remote?.isLite == true else { return }
    let list = current.set.checklists[stream]
    for component in current.components[stream] {
      guard
        let id = list.order.first(where: { list[$0]?.local.component == component.id }),
        let pair = list[id]
      else { continue }
      current.records[id, default: PairRecord()].valid = pair.local
      select(id, StreamComponent(stream: stream, component: component.id), at: now)
    }
  }

  /// A lite peer has not answered a check: it may wait for USE-CANDIDATE, so that the next check has
  /// it (RFC 8445 §8.2).
  mutating func liteFallback(_ id: PairID, at now: Instant) {
    guard role == .controlling, let component = current.component(of: id),
      current.set[id]?.state == .inProgress, current.records[id]?.valid == nil
    else { return }
    if case .selected = current[component].state { return }
    trigger(id, nominates: true, at: now)
  }
}
