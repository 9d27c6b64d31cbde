import STUN
import STUNCodec
import SansIO
import TransportAddress

/// The peer's consent to get data over a selected pair (RFC 7675).
///
/// ```
///   selected          a check every 4 to 6 s; a valid response: 30 s more
///  ──────────▶ consent ⟲
///                 ├── 30 s without a valid response ──▶ failed: consent expired
///                 └── an authentic 403 ───────────────▶ failed: consent revoked
/// ```
/// Only responses that are protected with the peer's password and come by the pair's own path give
/// consent; requests and data that come in give none.
extension ICEAgent {
  /// The check that has made the pair valid gave consent (RFC 7675 §5): from the selection on it is
  /// kept fresh.
  mutating func beginConsent(of component: StreamComponent, at now: Instant) {
    timers.cancel(.consentExpiry(component))
    guard configuration.checksConsent, !configuration.isLite else {
      timers.set(.keepalive(component), at: now.advanced(by: ICEConstants.keepaliveInterval))
      return
    }
    // Due at once: the first period is drawn when the timer fires.
    isConsentNew.insert(component)
    timers.set(.consent(component), at: now)
    timers.set(.consentExpiry(component), at: now.advanced(by: ICEConstants.consentLifetime))
  }

  /// Sends a consent check, and draws when the next one is due.
  mutating func consentDue(
    _ component: StreamComponent, at now: Instant,
    using generator: inout some RandomNumberGenerator
  ) {
    guard let path = paths[component] else { return }
    let factor = Double.random(in: ICEConstants.consentJitter, using: &generator)
    timers.set(.consent(component), at: now.advanced(by: ICEConstants.consentInterval * factor))
    if isConsentNew.remove(component) == nil {
      sendConsentCheck(path, component, consentChecks.freshID(using: &generator), at: now)
    }
  }

  /// A Binding request of its own each time, which is not sent again (RFC 7675 §5.1).
  private mutating func sendConsentCheck(
    _ path: SelectedPath, _ component: StreamComponent, _ id: TransactionID, at now: Instant
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
      if path.nominates, role == .controlling { try message.appendUseCandidate() }
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
    timers.set(.consentExpiry(component), at: now.advanced(by: ICEConstants.consentLifetime))
    return .stun
  }

  /// No data may be sent any more; a restart is the way out (RFC 7675 §5.1).
  mutating func endConsent(
    of component: StreamComponent, _ reason: FailureReason, at now: Instant
  ) {
    guard let path = paths.removeValue(forKey: component) else { return }
    timers.cancel(.consent(component))
    timers.cancel(.consentExpiry(component))
    actions.append(.ended(path.pair, component, reason))
    // With the pair of an earlier generation the component goes on looking for a new one.
    if path.generation == current.number { setState(of: component, to: .failed(reason), at: now) }
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
  fileprivate static let consent =
    (try? RetransmissionSchedule(sendCount: 1, lastWaitFactor: 60)) ?? RetransmissionSchedule()
}
