import STUN
import STUNCodec
import SansIO
import TransportAddress

/// When a check is sent, and for which pair (RFC 8445 §6.1.4).
extension ICEAgent {
  // MARK: Ta

  /// Lets the next check go out as soon as Ta allows it.
  mutating func scheduleCheck(at now: Instant) {
    guard nextCheck == nil, current.session != nil, !configuration.isLite else { return }
    nextCheck = lastStart.map { max(now, $0.advanced(by: pacing)) } ?? now
  }

  /// Sends one check if it is time, and says when the next one may follow (RFC 8445 §6.1.4.2).
  mutating func sendCheck(at now: Instant, using generator: inout some RandomNumberGenerator) {
    guard let due = nextCheck, due <= now else { return }
    nextCheck = nil
    for offset in current.components.indices {
      let stream = (nextStream + offset) % current.components.count
      guard let id = nextPair(ofStream: stream, at: now) else { continue }
      nextStream = (stream + 1) % current.components.count
      beginCheck(id, transaction: checks.freshID(using: &generator), at: now)
      lastStart = now
      nextCheck = now.advanced(by: pacing)
      return
    }
    // No pair is left: whatever makes one wait schedules the next check.
  }

  /// The pair of a checklist whose check is next: a triggered one, or the best that waits.
  ///
  /// - Complexity: O(p) for p pairs.
  private mutating func nextPair(ofStream stream: Int, at now: Instant) -> PairID? {
    // Two NATs that show each check from another port trigger checks without end: so that ordinary
    // ones get their turn, every fourth check is one.
    let isOrdinaryTurn = current.triggeredInRow >= 3 && firstWaiting(ofStream: stream) != nil
    while !current.triggered[stream].isEmpty, !isOrdinaryTurn {
      let id = current.triggered[stream].removeFirst()
      guard let pair = current.set[id], canBeChecked(id, pair) else { continue }
      let nominates = current.records[id]?.nominates ?? false
      if pair.state == .waiting || pair.state == .succeeded && nominates {
        current.triggeredInRow += 1
        return id
      }
    }
    guard state(ofStream: stream) == .running || renominates else { return nil }
    current.triggeredInRow = 0
    if let id = firstWaiting(ofStream: stream) { return ordinaryTurn(id) }
    // After the patience has ended nothing new is begun: what is under way decides (RFC 8863 §4).
    guard let end = current.patienceEnd, now < end else { return nil }
    thaw(stream)
    return firstWaiting(ofStream: stream).map { ordinaryTurn($0) }
  }

  /// Notes down whose turn an ordinary check is.
  private mutating func ordinaryTurn(_ id: PairID) -> PairID {
    current.isReflexiveTurn[id.checklist] = current.set[id]?.kind == .host
    return id
  }

  /// The Waiting pair whose ordinary check is next: the best one (RFC 8445 §6.1.4.2), and after one
  /// between two hosts the best one through a NAT.
  ///
  /// Two agents with seven addresses each have 49 pairs of hosts, of which none works where both are
  /// behind NATs: at a Ta of 50 ms the first pair that does would have its turn after 2.5 s. So the kinds
  /// of pairs are intermingled, as RFC 8421 §4 has it for the IP versions.
  private func firstWaiting(ofStream stream: Int) -> PairID? {
    let list = current.set.checklists[stream]
    let triggered = current.triggered[stream]
    let isReflexiveTurn = current.isReflexiveTurn[stream]
    var first: PairID?
    for id in list.order {
      guard let pair = list[id], pair.state == .waiting, canBeChecked(id, pair),
        !triggered.contains(id)
      else { continue }
      if !isReflexiveTurn || pair.kind == .reflexive { return id }
      first = first ?? id
    }
    return first
  }

  /// How many of a checklist's Waiting pairs have their turn before one of them.
  ///
  /// - Complexity: O(p) for p pairs.
  func turns(before id: PairID) -> Int {
    let list = current.set.checklists[id.checklist]
    let waiting = list.order.filter { list[$0]?.state == .waiting }
    var reflexive = waiting.filter { list[$0]?.kind == .reflexive }[...]
    var rest = waiting[...]
    var isReflexiveTurn = current.isReflexiveTurn[id.checklist]
    var passed: Set<PairID> = []
    while true {
      reflexive = reflexive.drop { passed.contains($0) }
      rest = rest.drop { passed.contains($0) }
      guard let next = (isReflexiveTurn ? reflexive.first : nil) ?? rest.first, next != id else {
        return passed.count
      }
      passed.insert(next)
      isReflexiveTurn = list[next]?.kind == .host
    }
  }

  /// Whether the pair's component still needs checks, or the peer has nominated the pair instead of
  /// the selected one (RFC 8445 §8.1.2).
  private func canBeChecked(_ id: PairID, _ pair: CandidatePair) -> Bool {
    let component = StreamComponent(stream: id.checklist, component: pair.local.component)
    switch current[component].state {
    case .checking, .connected: return true
    case .selected(let selected):
      return current.records[id]?.isNominatedByPeer == true || mayReplace(id, selected)
    case .new, .failed: return false
    }
  }

  /// Lets a Frozen pair of each foundation wait that no other pair tries (RFC 8445 §6.1.4.2).
  private mutating func thaw(_ stream: Int) {
    var busy: Set<CandidatePair.Foundation> = []
    for list in current.set.checklists {
      for id in list.order {
        guard let pair = list[id], pair.state == .waiting || pair.state == .inProgress else {
          continue
        }
        busy.insert(pair.foundation)
      }
    }
    let list = current.set.checklists[stream]
    for id in list.order {
      guard let pair = list[id], pair.state == .frozen, canBeChecked(id, pair),
        busy.insert(pair.foundation).inserted
      else { continue }
      move(id, to: .waiting)
    }
  }

  // MARK: One check

  /// Sends the Binding request of a pair (RFC 8445 §7.2.4).
  private mutating func beginCheck(_ id: PairID, transaction: TransactionID, at now: Instant) {
    guard let pair = current.set[id], let session = current.session else { return }
    var record = current.records[id] ?? PairRecord()
    let priority = Candidate.priority(
      typePreference: ICEConstants.peerReflexivePreference,
      localPreference: pair.local.localPreference, component: pair.local.component)
    let nominates = record.nominates && role == .controlling
    if nominates { current.nominationNumber += 1 }
    let nominationNumber = renominates ? current.nominationNumber : nil
    let tag = CheckTag(
      pair: id, generation: current.number, base: pair.base, priority: priority, role: role,
      nominates: nominates)
    let (role, tiebreaker) = (role, tiebreaker)
    let schedule = nominates ? RetransmissionSchedule.nomination : schedule()
    do throws(TransactionError) {
      try checks.begin(
        request(.binding, transaction) {
          (message: inout STUNMessageBuilder) throws(STUNEncodingError) in
          try message.append(priority: priority)
          switch role {
          case .controlling: try message.append(iceControlling: tiebreaker)
          case .controlled: try message.append(iceControlled: tiebreaker)
          }
          if nominates {
            try message.appendUseCandidate()
            if let nominationNumber { try message.append(nomination: nominationNumber) }
          }
          try session.protect(&message)
        }, tag: tag, to: pair.remote.address,
        schedule: schedule, at: now)
    } catch {
      // As many checks wait for responses as may: the pair goes on waiting for its turn.
      current.triggered[id.checklist].append(id)
      return
    }
    move(id, to: .inProgress)
    record.transaction = transaction
    record.sentAt = now
    record.rto = schedule.rto
    record.firstSentAt = record.firstSentAt ?? now
    record.checkCount += 1
    record.isTriggered = record.wasTriggered
    record.wasTriggered = false
    record.nominates = false
    record.failure = nil
    current.records[id] = record
    if !nominates, current.remote?.isLite == true {
      timers.set(.liteFallback(id), at: now.advanced(by: ICEConstants.lowestRTO))
    }
    takeCheckActions(at: now)
  }

  /// The bytes of a request; its attributes have been measured to fit.
  func request(
    _ method: STUNMethod, _ id: TransactionID,
    _ body: (inout STUNMessageBuilder) throws(STUNEncodingError) -> Void
  ) -> [UInt8] {
    do throws(STUNEncodingError) {
      return try STUNMessage.encode(MessageType(.request, method), transactionID: id, body)
    } catch {
      preconditionFailure("a check fits a message: \(error)")
    }
  }

  /// RTO = MAX(500 ms, Ta × (Num-Waiting + Num-In-Progress)), and 60 s at most.
  ///
  /// The RFC multiplies with the number of all checks, too, and lets agents calculate otherwise
  /// (RFC 8445 §14.3): with 20 pairs a lost check would be sent again after 20 s.
  private func schedule() -> RetransmissionSchedule {
    var count = 0
    for list in current.set.checklists {
      for id in list.order {
        let state = list[id]?.state
        if state == .waiting || state == .inProgress { count += 1 }
      }
    }
    let rto = min(max(ICEConstants.lowestRTO, pacing * count), .seconds(60))
    return RetransmissionSchedule(known: rto)
  }

  /// Puts a pair into the queue of triggered checks (RFC 8445 §7.3.1.4).
  ///
  /// - Parameter nominates: whether its check is to nominate: then a Succeeded pair is checked again.
  mutating func trigger(_ id: PairID, nominates: Bool = false, at now: Instant) {
    guard let pair = current.set[id] else { return }
    switch pair.state {
    case .succeeded:
      guard nominates else { return }
    case .inProgress:
      // Its response is still taken, its silence is no failure.
      if let transaction = current.records[id]?.transaction {
        checks.stopRetransmitting(transaction)
      }
      // A pair that is valid stays so, and keeps its place in the checklist.
      move(id, to: current.records[id]?.valid == nil ? .waiting : .succeeded)
    case .frozen, .failed: move(id, to: .waiting)
    case .waiting: break
    }
    current.records[id, default: PairRecord()].nominates = nominates
    current.records[id, default: PairRecord()].wasTriggered = true
    if !current.triggered[id.checklist].contains(id) { current.triggered[id.checklist].append(id) }
    scheduleCheck(at: now)
  }

  /// Gives a pair another state.
  ///
  /// A step that a pair cannot make is a mistake of this code: tests stop at it, and a program in use
  /// leaves the pair as it is, since what a peer sends must not end it.
  mutating func move(_ id: PairID, to state: CandidatePair.State) {
    do throws(ChecklistError) {
      try current.set.setState(of: id, to: state)
    } catch {
      assertionFailure("\(error)")
    }
  }

  /// Hands on what the checks' transactions want done.
  mutating func takeCheckActions(at now: Instant) {
    while let action = checks.nextAction() {
      switch action {
      case .send(let bytes, let remote, let tag):
        actions.append(.send(bytes, from: tag.base, to: remote))
      case .timedOut(let transaction, _, let tag):
        guard tag.generation == current.number,
          current.records[tag.pair]?.transaction == transaction
        else { continue }
        failed(tag.pair, .timedOut, at: now)
      }
    }
  }
}

extension RetransmissionSchedule {
  /// Five sends in 11.5 s: the path is known to work, and the next valid pair should not wait long.
  fileprivate static let nomination = RetransmissionSchedule(known: 5, lastWaitFactor: 8)

  /// A schedule whose numbers stand in the code.
  init(known sendCount: Int, lastWaitFactor: Int) {
    do throws(STUNConfigurationError) {
      try self.init(sendCount: sendCount, lastWaitFactor: lastWaitFactor)
    } catch {
      preconditionFailure("the numbers are those of a schedule: \(error)")
    }
  }

  /// The usual schedule with an RTO that has been brought into its range.
  fileprivate init(known rto: Duration) {
    do throws(STUNConfigurationError) {
      try self.init(rto: rto)
    } catch {
      preconditionFailure("the RTO is 500 ms to 60 s: \(error)")
    }
  }
}
