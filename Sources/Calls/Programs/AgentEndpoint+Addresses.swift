import Gathering
import ICE
public import SansIO
public import TransportAddress

/// Gathering from each address of the host, and what is done when they change.
///
/// | what has changed | what is done |
/// | --- | --- |
/// | the first address has come | the caller offers |
/// | another one, while candidates are gathered | it is gathered from as well |
/// | another one, later | a restart (RFC 8445 §9): this generation has no more candidates |
/// | one has gone that the pair in use needs | a restart |
/// | one has gone that it does not need | nothing: the other pairs go on |
/// | the last one has gone | nothing, and a restart when there is one again |
extension AgentEndpoint {
  /// The addresses of the host, those of all its interfaces: the agent gathers, goes on or restarts.
  public mutating func addressesChanged(
    to addresses: [IPAddress], at now: Instant, using generator: inout SeededGenerator
  ) {
    let before = self.addresses
    self.addresses = addresses
    if !hasBegun {
      hasBegun = true
      if party == .caller { offer(at: now, using: &generator) }
    } else if addresses.isEmpty {
      gatherers = []
      starts = []
      (held, unanswered) = (nil, nil)
    } else {
      // The sockets of an address that is gone are gone, too.
      gatherers.removeAll { !addresses.contains($0.base.address) }
      starts.removeAll { !addresses.contains($0.base.address) }
      let new = addresses.filter { !before.contains($0) }
      let needsAnother = !new.isEmpty && offerNumber != nil && hasFinishedGathering
      if before.isEmpty || hasLostPair || needsAnother {
        recover(at: now, using: &generator)
      } else {
        if port != nil, !hasFinishedGathering { gather(from: new, at: now) }
        startGatherers(at: now, using: &generator)
        considerGatheringFinished(at: now)
      }
    }
    settle(at: now, using: &generator)
  }

  /// Has a new generation begun: the caller does it, the callee asks for it.
  mutating func recover(at now: Instant, using generator: inout SeededGenerator) {
    (held, unanswered) = (nil, nil)
    switch party {
    case .caller: restart(at: now, using: &generator)
    case .callee:
      awaitsOffer = true
      signal(.restartWanted, at: now)
    }
  }

  /// Whether nothing can be sent by the pair in use any more.
  private var hasLostPair: Bool {
    guard let base = agent.pair()?.base else { return false }
    return !addresses.contains(base.address) && !gatherers.contains { $0.relayed == base }
  }

  // MARK: - Gathering

  /// Begins to gather for another generation, through other sockets.
  mutating func gather(at now: Instant, using generator: inout SeededGenerator) {
    guard !addresses.isEmpty else { return }
    // Those of the generation before stay for as long as it may be in use.
    gatherers.removeAll { $0.base.port != port }
    starts = []
    finishedBases = []
    hasFinishedGathering = false
    port =
      port.map { Self.firstPort + ($0 + 1 - Self.firstPort) % Self.portCount } ?? Self.firstPort
    gather(from: addresses, at: now)
    startGatherers(at: now, using: &generator)
  }

  /// Gathers from further addresses for this generation, one after the other.
  private mutating func gather(from new: [IPAddress], at now: Instant) {
    guard let port else { return }
    let last = starts.map { $0.time }.max()
    var begin = last.map { $0.advanced(by: ICEConstants.pacing) } ?? now
    for address in new {
      let place = addresses.firstIndex(of: address) ?? 0
      let gatherer = servers.gatherer(
        of: TransportAddress(address, port: port),
        localPreference: ICEConstants.highestLocalPreference - UInt16(clamping: place))
      gatherers.append(gatherer)
      // One that asks no server has nothing to wait for.
      starts.append((gatherer.base, gatherer.transactionCount > 0 ? begin : now))
      begin = begin.advanced(by: ICEConstants.pacing * gatherer.transactionCount)
    }
  }

  /// Starts the gatherers whose turn it is.
  private mutating func startGatherers(at now: Instant, using generator: inout SeededGenerator) {
    for (base, _) in starts.filter({ $0.time <= now }) {
      starts.removeAll { $0.base == base }
      guard let index = gatherers.firstIndex(where: { $0.base == base }) else { continue }
      gatherers[index].started(at: now, using: &generator)
      agent.gatheringTransactionBegan(at: now)
    }
  }

  mutating func gatheringTimerFired(at now: Instant, using generator: inout SeededGenerator) {
    for index in gatherers.indices {
      let base = gatherers[index].base
      if starts.contains(where: { $0.base == base }) { continue }
      gatherers[index].timerFired(at: now, using: &generator)
    }
    startGatherers(at: now, using: &generator)
  }

  /// Whether a gatherer is of this generation.
  func isLatest(_ index: Int) -> Bool { gatherers[index].base.port == port }

  /// Signals the end of candidates, once none is to come from any address.
  mutating func considerGatheringFinished(at now: Instant) {
    let bases = gatherers.indices.filter(isLatest).map { gatherers[$0].base }
    guard !hasFinishedGathering, !bases.isEmpty, finishedBases.isSuperset(of: bases) else { return }
    hasFinishedGathering = true
    // The one stream is there.
    try? agent.gatheringFinished(at: now)
    signal(.endOfCandidates(usernameFragment: agent.credentials.usernameFragment), at: now)
    signalHeld(at: now)
  }
}
