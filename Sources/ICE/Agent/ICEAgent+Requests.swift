import STUN
import STUNCodec
import SansIO
import TransportAddress

/// What a check of the peer's gets, and what follows from it (RFC 8445 §7.3).
extension ICEAgent {
  /// Takes a Binding request and answers it.
  mutating func receivedRequest(
    _ message: STUNMessageView, from source: TransportAddress, to base: TransportAddress,
    at now: Instant
  ) -> Arrival {
    let user: Authenticator.User
    switch current.authenticator.authenticate(message, from: source, at: now) {
    case .user(let sender): user = sender
    case .rejected(let rejection):
      // Consent checks go on with the old credentials until the new pair is selected.
      if let earlier = previous?.authenticator.authenticate(message, from: source, at: now),
        case .user(let sender) = earlier
      {
        respond(to: message, from: source, to: base, sender.protection)
        return .stun
      }
      respond(from: base, to: source) { [writer] () throws(STUNEncodingError) in
        try writer.rejection(rejection, of: message)
      }
      return drop(.notAuthentic)
    case .anonymous, .drop: return drop(.notAuthentic)
    }
    let protection = user.protection
    var unknown: [AttributeType] = []
    message.forEachUnknownComprehensionRequired {
      // A few are enough to tell, and a long list of them costs no more time than a short one.
      if unknown.count < 16, !unknown.contains($0) { unknown.append($0) }
    }
    guard unknown.isEmpty else {
      respond(from: base, to: source) { [writer] () throws(STUNEncodingError) in
        try writer.unknownAttributes(unknown, to: message, protectedBy: protection)
      }
      return drop(.badRequest)
    }
    let (priority, usesCandidate): (UInt32?, Bool)
    let (controlling, controlled): (UInt64?, UInt64?)
    do throws(STUNDecodingError) {
      priority = try message.priority
      usesCandidate = try message.useCandidate
      (controlling, controlled) = (try message.iceControlling, try message.iceControlled)
    } catch {
      refuse(message, .badRequest, from: source, to: base, protection)
      return drop(.badRequest)
    }
    guard !hasRoleConflict(controlling: controlling, controlled: controlled, at: now) else {
      refuse(message, .roleConflict, from: source, to: base, protection)
      return .stun
    }
    respond(to: message, from: source, to: base, protection)

    // libwebrtc sends NOMINATION without USE-CANDIDATE.
    let nomination = renominates ? message.nomination : nil
    let own = current.credentials.usernameFragment.utf8.count + 1
    return take(
      IncomingCheck(
        id: message.transactionID, source: source, base: base,
        priority: priority.flatMap { (1...ICEConstants.highestPriority).contains($0) ? $0 : nil },
        usesCandidate: (usesCandidate || nomination != nil) && role == .controlled,
        nominationNumber: nomination,
        usernameFragment: String(decoding: user.name.utf8.dropFirst(own), as: UTF8.self)),
      at: now)
  }

  /// Draws the conclusions from a check, or keeps it until the description has come.
  private mutating func take(_ check: IncomingCheck, at now: Instant) -> Arrival {
    if let remote = current.remote {
      guard remote.credentials.usernameFragment == check.usernameFragment else {
        return drop(.otherGeneration)
      }
      if let base = current.bases[check.base] {
        drawConclusions(from: check, to: base, at: now)
        return .stun
      }
    }
    // Sent again by the peer, or from the same place: one is enough.
    if let known = current.earlyChecks.firstIndex(where: {
      $0.source == check.source && $0.base == check.base
        && $0.usernameFragment == check.usernameFragment
    }) {
      if check.usesCandidate { current.earlyChecks[known].usesCandidate = true }
      return .stun
    }
    guard current.earlyChecks.count < configuration.earlyCheckLimit else {
      return drop(.tooManyEarlyChecks)
    }
    current.earlyChecks.append(check)
    return .stun
  }

  // MARK: Roles

  /// Detects a role conflict and repairs it where this agent has to (RFC 8445 §7.3.1.1).
  ///
  /// - Returns: whether the peer has to switch: then the response is 487.
  private mutating func hasRoleConflict(
    controlling: UInt64?, controlled: UInt64?, at now: Instant
  ) -> Bool {
    guard !configuration.isLite else { return false }
    switch role {
    case .controlling:
      guard let theirs = controlling else { return false }
      if tiebreaker >= theirs { return true }
      setRole(.controlled, at: now)
      return false
    case .controlled:
      guard let theirs = controlled else { return false }
      if tiebreaker < theirs { return true }
      setRole(.controlling, at: now)
      return false
    }
  }

  /// Takes a role; the priorities of all pairs change with it (RFC 8445 §7.2.5.1, §7.3.1.1).
  mutating func setRole(_ role: AgentRole, at now: Instant) {
    guard role != self.role else { return }
    current.set.switchRole()
    actions.append(.role(role))
    for (id, record) in current.records {
      if record.nominates { current.records[id]?.nominates = false }
      // A nomination counts only from the controlling agent, and the peer is that no more.
      if role == .controlling { current.records[id]?.isNominatedByPeer = false }
    }
    for component in current.allComponents {
      current[component].nominating = nil
      considerNomination(of: component, at: now)
    }
  }

  // MARK: Conclusions

  /// Learns a peer-reflexive candidate, triggers a check, notes a nomination (RFC 8445 §7.3.1.3 to
  /// §7.3.1.5, for a lite agent §7.3.2).
  mutating func drawConclusions(from check: IncomingCheck, to base: Base, at now: Instant) {
    let component = base.component
    switch current[component].state {
    case .failed, .new: return
    case .checking, .connected, .selected: break
    }
    guard let id = pair(of: check, base, at: now) else { return }
    // A pair that was valid so long ago that its consent has ended must be checked anew.
    if current.records[id]?.valid != nil, !hasConsent(id, at: now) {
      loseValidity(of: id, .consentExpired)
      connect(component, at: now)
    }
    guard let pair = current.set[id] else { return }
    let record = current.records[id] ?? PairRecord()
    guard check.usesCandidate || !configuration.isLite else {
      current.records[id, default: PairRecord()].hasPlainCheck = true
      return
    }
    if check.usesCandidate {
      // A late copy of a former nomination must not undo a later one.
      let isCopy = record.nomination == check.id
      current.records[id, default: PairRecord()].nomination = check.id
      if let number = check.nominationNumber {
        // What was overtaken on its way nominates nothing any more.
        let known = current.records[id]?.nominationNumber ?? 0
        current.records[id]?.nominationNumber = max(number, known)
      }
      // A lite agent asks nothing: the request alone makes the pair valid (RFC 8445 §7.3.2).
      if configuration.isLite { current.records[id]?.valid = base.candidate }
      if record.valid != nil || configuration.isLite {
        if !isCopy { select(id, component, at: now) }
        return
      }
      if !isCopy { current.records[id]?.isNominatedByPeer = true }
    } else {
      current.records[id, default: PairRecord()].hasPlainCheck = true
    }
    // A pair that is valid needs no check, and without this the agents would trigger one another
    // for ever.
    guard record.valid == nil else { return }
    if case .selected(let selected) = current[component].state {
      let isWorthIt = check.usesCandidate && replaces(id, selected) || mayReplace(id, selected)
      guard isWorthIt else { return }
    }
    // A triggered check that has just been sent is on its way: another one would trigger the peer's.
    if pair.state == .inProgress, record.isTriggered, let sentAt = record.sentAt,
      now < sentAt.advanced(by: ICEConstants.lowestRTO)
    {
      return
    }
    trigger(id, at: now)
  }

  /// The pair on whose path a check came; a new one, with a new candidate if need be.
  private mutating func pair(
    of check: IncomingCheck, _ base: Base, at now: Instant
  ) -> PairID? {
    let (stream, component) = (base.component.stream, base.component.component)
    let list = current.set.checklists[stream]
    let known = list.remote.first { $0.address == check.source && $0.component == component }
    let remote: Candidate
    if let known {
      remote = known
    } else {
      guard let priority = check.priority else { return nil }
      // Whatever the peer does, most pairs are those of candidates that were signaled.
      let discovered = list.remote.count { $0.type == .peerReflexive }
      guard discovered < max(1, configuration.pairLimit / 4) else {
        drop(.tooManyPairs)
        return nil
      }
      remote = Candidate(
        remote: .peerReflexive, check.source, foundation: nextRemoteFoundation(stream),
        priority: priority, component: component)
    }
    let local = base.candidate
    let wanted = CandidatePair(local: local, remote: remote, role: role)
    if let id = list.id(ofPairRedundantWith: wanted) { return id }
    guard let change = try? current.set.add(pairOf: local, and: remote, to: stream),
      let id = change.added.first
    else {
      drop(.tooManyPairs)
      return nil
    }
    apply(change, at: now)
    if known == nil { actions.append(.discovered(remote, .remote, stream: stream)) }
    return id
  }

  /// A foundation that none of the peer's candidates has (RFC 8445 §7.3.1.3).
  private mutating func nextRemoteFoundation(_ stream: Int) -> CandidateFoundation {
    while true {
      current.remoteDiscoveries += 1
      let text = "prflx/\(current.remoteDiscoveries)"
      guard let foundation = CandidateFoundation(text: text) else {
        return CandidateFoundation(number: current.remoteDiscoveries)
      }
      let isTaken = current.set.checklists[stream].remote.contains {
        $0.foundation == foundation
      }
      if !isTaken { return foundation }
    }
  }

  // MARK: Responses

  /// A success response with the mapped address: where the request came from, or for a relay from
  /// where the relay got it (RFC 8445 §7.3.1.2).
  private mutating func respond(
    to message: STUNMessageView, from source: TransportAddress, to base: TransportAddress,
    _ protection: ResponseProtection
  ) {
    respond(from: base, to: source) { [writer] () throws(STUNEncodingError) in
      try writer.success(to: message, protectedBy: protection) {
        (response: inout STUNMessageBuilder) throws(STUNEncodingError) in
        try response.append(xorMappedAddress: source)
      }
    }
  }

  private mutating func refuse(
    _ message: STUNMessageView, _ code: ErrorCode, from source: TransportAddress,
    to base: TransportAddress, _ protection: ResponseProtection
  ) {
    respond(from: base, to: source) { [writer] () throws(STUNEncodingError) in
      try writer.error(code, to: message, protectedBy: protection)
    }
  }

  private mutating func respond(
    from base: TransportAddress, to source: TransportAddress,
    _ write: () throws(STUNEncodingError) -> [UInt8]
  ) {
    do throws(STUNEncodingError) {
      actions.append(.send(try write(), from: base, to: source))
    } catch {
      preconditionFailure("a response fits a message: \(error)")
    }
  }
}
