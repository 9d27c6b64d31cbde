import STUN
import STUNCodec
public import SansIO
public import TransportAddress

extension ICEAgent {
  /// Bytes have come to one of the agent's bases.
  ///
  /// What is not STUN is the application's, whatever valid pair it comes by (RFC 8445 §12.2); the
  /// driver hands it on.
  /// - Parameters:
  ///   - source: where the bytes came from; through a relay, the peer that the relay names.
  ///   - base: the socket's address, or the relayed one.
  ///   - generator: where transaction IDs come from; it must be unpredictable.
  /// - Complexity: O(1) for data, allocating nothing; O(*n* + p) for a message of n bytes and p pairs.
  @discardableResult
  public mutating func received(
    _ bytes: Span<UInt8>, from source: TransportAddress, to base: TransportAddress,
    at now: Instant, using generator: inout some RandomNumberGenerator
  ) -> Arrival {
    let (arrival, changesTiebreaker) = received(bytes.bytes, from: source, to: base, at: now)
    // Otherwise both could switch to and fro for ever (RFC 8445 §7.2.5.1).
    if changesTiebreaker { tiebreaker = generator.next() }
    sendCheck(at: now, using: &generator)
    return arrival
  }

  private mutating func received(
    _ bytes: RawSpan, from source: TransportAddress, to base: TransportAddress, at now: Instant
  ) -> (arrival: Arrival, changesTiebreaker: Bool) {
    guard let place = current.bases[base] ?? previous?.bases[base] else {
      return (drop(.unknownBase), false)
    }
    guard PacketKind(bytes) == .stun else { return (.data(place.component), false) }
    let message: STUNMessageView
    do throws(STUNDecodingError) {
      message = try STUNMessageView(bytes)
    } catch {
      return (drop(.notSTUN), false)
    }
    switch message.verifyFingerprint() {
    case .verified: break
    // Checks have it (RFC 8445 §7.2.4, §7.3); a keepalive should (RFC 8445 §11).
    case .absent where message.type.class == .indication: break
    case .absent, .wrong: return (drop(.wrongFingerprint), false)
    }
    guard message.type.method == .binding else { return (drop(.unknownMethod), false) }
    switch message.type.class {
    case .request: return (receivedRequest(message, from: source, to: base, at: now), false)
    case .indication: return (.stun, false)
    case .successResponse, .errorResponse:
      if consentChecks.contains(message.transactionID) {
        return (receivedConsentResponse(message, from: source, to: base, at: now), false)
      }
      return receivedCheckResponse(message, from: source, to: base, at: now)
    }
  }

  /// The time that ``nextDeadline`` named has come.
  ///
  /// - Complexity: O(*k* (log *n* + p)) for k timers that are due, of n, and p pairs.
  public mutating func timerFired(
    at now: Instant, using generator: inout some RandomNumberGenerator
  ) {
    checks.timerFired(at: now)
    takeCheckActions(at: now)
    consentChecks.timerFired(at: now)
    // Consent ends by its own timer; that one check got no response means nothing.
    takeConsentActions()
    while let (timer, _) = timers.popDue(at: now) {
      switch timer {
      case .patience: considerFailure(at: now)
      case .lastChance: failWhatIsLeft(at: now)
      case .nomination(let component): considerNomination(of: component, at: now)
      case .consent(let component): consentDue(component, at: now, using: &generator)
      case .consentExpiry(let component): endConsent(of: component, .consentExpired, at: now)
      case .keepalive(let component): sendKeepalive(component, at: now, using: &generator)
      case .liteFallback(let id): liteFallback(id, at: now)
      case .release(let stream): release(stream)
      }
    }
    sendCheck(at: now, using: &generator)
  }

  /// A transaction of gathering has begun at this time: it and the checks share one Ta (RFC 8445
  /// §14.2).
  public mutating func gatheringTransactionBegan(at now: Instant) {
    lastStart = max(lastStart ?? now, now)
    if let due = nextCheck { nextCheck = max(due, now.advanced(by: pacing)) }
  }

  /// The agent begins anew, as after a change of networks: new credentials, no candidates, no pairs
  /// (RFC 8445 §9).
  ///
  /// Data goes over the old pairs, and consent to them is checked, until new ones are selected.
  /// Gathering begins anew, too: a candidate of the old one must not be given to the new generation.
  public mutating func restarted(
    at now: Instant, using generator: inout some RandomNumberGenerator
  ) {
    var credentials = ICECredentials(using: &generator)
    while !credentials.differ(from: current.credentials) { credentials = .init(using: &generator) }
    begin(with: credentials, at: now)
  }

  /// The agent begins anew with these credentials (RFC 8445 §9).
  ///
  /// - Throws: unless both the username fragment and the password differ from those before.
  public mutating func restarted(
    with credentials: ICECredentials, at now: Instant
  ) throws(AgentError) {
    guard credentials.differ(from: current.credentials) else { throw .sameCredentials }
    begin(with: credentials, at: now)
  }

  /// Begins the next generation.
  private mutating func begin(with credentials: ICECredentials, at now: Instant) {
    for component in current.allComponents { timers.cancel(.nomination(component)) }
    for id in current.records.keys { timers.cancel(.liteFallback(id)) }
    for stream in current.components.indices { timers.cancel(.release(stream)) }
    timers.cancel(.patience)
    timers.cancel(.lastChance)
    // Some pair is in use: its peer goes on asking with the old credentials.
    if !paths.isEmpty, paths.values.contains(where: { $0.generation == current.number }) {
      previous = EarlierGeneration(authenticator: current.authenticator, bases: current.bases)
    }
    let old = current.allComponents.filter { current[$0].state != .new }
    current = Generation(
      number: current.number + 1, role: role, credentials: credentials,
      streams: current.components.map(\.count), limit: configuration.pairLimit)
    checks = Self.makeTransactions()
    nextCheck = nil
    for component in old { actions.append(.component(component, .new)) }
    reportState()
  }
}
