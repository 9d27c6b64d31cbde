import Gathering
import ICE
import SansIO
import Simulator
import TransportAddress

/// Offers, answers and candidates: what agents tell one another.
extension AgentEndpoint {
  /// The next signal to send; nil if there is none.
  mutating func nextSignal() -> Outgoing? { outbox.next() }

  /// Whether a signal is to be sent.
  var hasSignals: Bool { !outbox.isEmpty }

  /// A signal of the other agent's has come.
  mutating func signaled(
    _ signal: Signal, at now: Instant, using generator: inout SeededGenerator
  ) {
    report("hears of \(signal)")
    do throws(AgentError) {
      try take(signal, at: now, using: &generator)
    } catch {
      report("cannot use it: \(error)")
    }
    settle(at: now, using: &generator)
  }

  private mutating func take(
    _ signal: Signal, at now: Instant, using generator: inout SeededGenerator
  ) throws(AgentError) {
    switch signal {
    case .offer(let number, let description):
      try offered(number, description, at: now, using: &generator)
    case .answer(let number, let description):
      // An answer to an offer before the last is void.
      if party == .caller, number == offerNumber {
        try agent.remoteDescriptionReceived(description, at: now)
      }
    case .candidate(let line, let fragment):
      if case .address(let address) = line.host {
        // So that the other's checks come in by the relay, too (RFC 8656 §9).
        for index in gatherers.indices where isLatest(index) {
          gatherers[index].permit([address], at: now, using: &generator)
        }
      }
      try agent.remoteCandidateReceived(line, usernameFragment: fragment, at: now)
    case .endOfCandidates(let fragment):
      try agent.remoteCandidatesEnded(usernameFragment: fragment, at: now)
    case .whole(let signals):
      for signal in signals { try take(signal, at: now, using: &generator) }
    case .restartWanted:
      if party == .caller { restart(at: now, using: &generator) }
    }
  }

  /// Makes an offer, and gathers for it.
  mutating func offer(at now: Instant, using generator: inout SeededGenerator) {
    let number = offerNumber.map { $0 + 1 } ?? 0
    offerNumber = number
    if !trickles { held = [] }
    signal(.offer(number, description), at: now)
    gather(at: now, using: &generator)
  }

  /// Begins a new generation (RFC 8445 §9).
  mutating func restart(at now: Instant, using generator: inout SeededGenerator) {
    agent.restarted(at: now, using: &generator)
    selectionTime = nil
    offer(at: now, using: &generator)
  }

  /// Answers an offer, with a new generation if it is not the first.
  private mutating func offered(
    _ number: Int, _ offer: RemoteDescription, at now: Instant,
    using generator: inout SeededGenerator
  ) throws(AgentError) {
    guard party == .callee, offerNumber.map({ $0 < number }) ?? true else { return }
    if offerNumber != nil {
      agent.restarted(at: now, using: &generator)
      selectionTime = nil
    }
    offerNumber = number
    awaitsOffer = false
    if trickles {
      try agent.remoteDescriptionReceived(offer, at: now)
      signal(.answer(number, description), at: now)
    } else {
      // Its checks begin with its answer (RFC 8445 §6).
      held = []
      unanswered = (number, offer)
    }
    gather(at: now, using: &generator)
  }

  /// Gathering has finished: what was held goes out in one message.
  mutating func signalHeld(at now: Instant) {
    guard var signals = held else { return }
    held = nil
    if let (number, offer) = unanswered {
      unanswered = nil
      // The generation is as new as the offer, and has had no description.
      try? agent.remoteDescriptionReceived(offer, at: now)
      signals.insert(.answer(number, description), at: 0)
    }
    signal(.whole(signals), at: now)
  }

  private var description: RemoteDescription {
    let pacing = agent.configuration.pacing
    return RemoteDescription(
      agent.credentials, isLite: agent.configuration.isLite,
      pacing: pacing == ICEConstants.pacing ? nil : pacing,
      renominates: agent.configuration.renominates, trickles: trickles)
  }
}
