import STUN
import STUNCodec
import SansIO
import TransportAddress

/// The peer's consent to get data over the pair that is in use, a valid or the selected one (RFC 7675).
///
/// ```
///   a check has succeeded   a check every 4 to 6 s; a valid response: 30 s from then
///  ────────────────────────▶ consent ⟲
///                               ├── 30 s without a valid response ──▶ consent expired
///                               └── an authentic 403 ───────────────▶ consent revoked
/// ```
/// Only responses that are protected with the peer's password and come by the pair's own path give
/// consent; requests and data that come in give none.
extension ICEAgent {
  /// Whether data may be sent over a valid pair: for 30 s from the last valid response (RFC 7675 §5.1).
  func hasConsent(_ id: PairID, at now: Instant) -> Bool {
    guard let record = current.records[id], record.valid != nil else { return false }
    guard checksConsent, let response = record.lastResponse else { return true }
    return now < response.advanced(by: ICEConstants.consentLifetime)
  }

  /// Whether consent is checked at all: a lite agent sends no requests.
  var checksConsent: Bool { configuration.checksConsent && !configuration.isLite }

  /// Lets data go over a pair, and keeps the peer's consent fresh from now on.
  ///
  /// The check that made the pair valid gave the consent (RFC 7675 §5), however long ago.
  mutating func use(
    _ id: PairID, _ pair: CandidatePair, isSelected: Bool, for component: StreamComponent,
    at now: Instant
  ) {
    let response = current.records[id]?.lastResponse ?? now
    let old = paths[component]
    paths[component] = DataPath(
      generation: current.number, id: id, pair: pair, session: current.session,
      isSelected: isSelected, isLitePeer: current.remote?.isLite == true, lastResponse: response)
    // The same pair, and nothing new from the peer: its next consent check has its time.
    let isSame = old?.generation == current.number && old?.id == id
    if isSame, old?.lastResponse == response { return }
    beginConsent(of: component, at: now)
  }

  private mutating func beginConsent(of component: StreamComponent, at now: Instant) {
    endTimers(of: component)
    guard checksConsent, let path = paths[component] else {
      timers.set(.keepalive(component), at: now.advanced(by: ICEConstants.keepaliveInterval))
      return
    }
    // Due at once: the first period is drawn when the timer fires.
    isConsentNew.insert(component)
    timers.set(.consent(component), at: now)
    timers.set(
      .consentExpiry(component),
      at: path.lastResponse.advanced(by: ICEConstants.consentLifetime))
  }

  private mutating func endTimers(of component: StreamComponent) {
    timers.cancel(.consent(component))
    timers.cancel(.consentExpiry(component))
    timers.cancel(.keepalive(component))
    isConsentNew.remove(component)
  }

  /// Sends a consent check, and draws when the next one is due.
  mutating func consentDue(
    _ component: StreamComponent, at now: Instant,
    using generator: inout some RandomNumberGenerator
  ) {
    guard let path = paths[component] else { return }
    let factor = Double.random(in: ICEConstants.consentJitter, using: &generator)
    let period = ICEConstants.consentInterval * factor
    // The first period counts from the check that gave consent; it may be over.
    let first = path.lastResponse.advanced(by: period)
    if isConsentNew.remove(component) != nil, now < first {
      timers.set(.consent(component), at: first)
      return
    }
    timers.set(.consent(component), at: now.advanced(by: period))
    sendConsentCheck(path, component, consentChecks.freshID(using: &generator), at: now)
  }

  /// A Binding request of its own each time, which is not sent again (RFC 7675 §5.1).
  private mutating func sendConsentCheck(
    _ path: DataPath, _ component: StreamComponent, _ id: TransactionID, at now: Instant
  ) {
    guard let session = path.session else { return }
    let priority = Candidate.priority(
      typePreference: ICEConstants.peerReflexivePreference,
      localPreference: path.pair.local.localPreference, component: component.component)
    let (role, tiebreaker) = (role, tiebreaker)
    let bytes = request(.binding, id) {
      (message: inout STUNMessageBuilder) throws(STUNEncodingError) in
      try message.append(priority: priority)
      switch role {
      case .controlling: try message.append(iceControlling: tiebreaker)
      case .controlled: try message.append(iceControlled: tiebreaker)
      }
      // Some lite peers wait for it.
      if path.isSelected, path.isLitePeer, role == .controlling {
        try message.appendUseCandidate()
      }
      try session.protect(&message)
    }
    let tag = ConsentTag(component: component, generation: path.generation, base: path.pair.base)
    // Too many at once would only mean that this one is left out.
    _ = try? consentChecks.begin(
      bytes, tag: tag, to: path.pair.remote.address, schedule: .consent, at: now)
    takeConsentActions()
  }

  /// Hands the consent checks on; that one has got no response means nothing.
  mutating func takeConsentActions() {
    while let action = consentChecks.nextAction() {
      guard case .send(let bytes, let remote, let tag) = action else { continue }
      actions.append(.send(bytes, from: tag.base, to: remote))
    }
  }

  /// Takes the response to a consent check.
  mutating func receivedConsentResponse(
    _ message: STUNMessageView, from source: TransportAddress, to base: TransportAddress,
    at now: Instant
  ) -> Arrival {
    guard let response = consentChecks.match(message, from: source) else {
      return drop(.unknownTransaction)
    }
    let component = response.tag.component
    guard let path = paths[component], path.generation == response.tag.generation,
      path.pair.base == response.tag.base, path.pair.remote.address == response.server
    else { return drop(.otherGeneration) }
    guard path.session?.protection.isSatisfied(by: message) == true else {
      return drop(.forgedResponse)
    }
    // An established pair does not end by it, but neither does it live on by it.
    guard response.isSymmetric, base == path.pair.base else { return drop(.asymmetricResponse) }
    consentChecks.complete(response.id, at: now)
    guard message.type.class == .successResponse else {
      let code = (try? message.errorCode) ?? .serverError
      // Of all errors this one alone revokes consent (RFC 7675 §5.2).
      guard code == .forbidden else { return drop(.consentError(code)) }
      endConsent(of: component, .consentRevoked, at: now)
      return .stun
    }
    paths[component]?.lastResponse = now
    if path.generation == current.number { current.records[path.id]?.lastResponse = now }
    timers.set(.consentExpiry(component), at: now.advanced(by: ICEConstants.consentLifetime))
    return .stun
  }

  /// No data may be sent over the pair any more (RFC 7675 §5.1).
  ///
  /// Without its selected pair a component has failed, and a restart is the way out; otherwise it looks
  /// for another pair.
  mutating func endConsent(
    of component: StreamComponent, _ reason: FailureReason, at now: Instant
  ) {
    guard let path = paths[component] else { return }
    stopUsing(component)
    actions.append(.ended(path.pair, component, reason))
    if path.generation == current.number, path.isSelected {
      setState(of: component, to: .failed(reason), at: now)
      return
    }
    // The pair of an earlier generation makes room for one of this.
    if path.generation == current.number {
      loseValidity(
        of: path.id, reason == .consentRevoked ? .refused(.forbidden) : .consentExpired)
    }
    connect(component, at: now)
    considerFailure(at: now)
  }

  /// Sends no data for a component any more, and no checks of consent.
  mutating func stopUsing(_ component: StreamComponent) {
    paths[component] = nil
    endTimers(of: component)
  }

  /// A valid pair is valid no more: only a new check of it can give consent again.
  mutating func loseValidity(of id: PairID, _ failure: PairFailure) {
    guard let state = current.set[id]?.state, current.records[id]?.valid != nil else { return }
    current.records[id]?.valid = nil
    // A check that is under way may give consent anew.
    guard state == .succeeded else { return }
    move(id, to: .inProgress)
    move(id, to: .failed)
    current.records[id]?.failure = failure
  }

  /// Sends a Binding indication, where no consent checks keep the path open (RFC 8445 §11).
  mutating func sendKeepalive(
    _ component: StreamComponent, at now: Instant,
    using generator: inout some RandomNumberGenerator
  ) {
    guard let path = paths[component] else { return }
    let bytes = STUNMessage.encode(
      .bindingIndication, transactionID: .random(using: &generator)
    ) { (message: inout STUNMessageBuilder) in
      // A header and eight bytes fit any buffer.
      try? message.appendFingerprint()
    }
    actions.append(.send(bytes, from: path.pair.base, to: path.pair.remote.address))
    timers.set(.keepalive(component), at: now.advanced(by: ICEConstants.keepaliveInterval))
  }
}

extension RetransmissionSchedule {
  /// One send, whose response is taken as long as consent could last.
  fileprivate static let consent = RetransmissionSchedule(known: 1, lastWaitFactor: 60)
}
