import Gathering
import ICE
import SansIO
import TransportAddress

/// What follows from events: what the agent and its gatherers want done.
extension Connection {
  /// Hands bytes to the agent, and reports them if they are the peer's data.
  mutating func take(
    _ bytes: Span<UInt8>, from source: TransportAddress, to base: TransportAddress,
    at now: Instant, using generator: inout some RandomNumberGenerator
  ) {
    let arrival = agent.received(bytes, from: source, to: base, at: now, using: &generator)
    guard case .data = arrival else { return }
    // Data is not protected: at least it must come from where the peer has proven to be.
    guard agent.checklists.checklists[0].remote.contains(where: { $0.address == source }) else {
      strangerCount += 1
      return
    }
    actions.append(.report(.data(bytes.withUnsafeBufferPointer { Array($0) })))
  }

  /// Does what the agent and its gatherers want done, until they want nothing.
  mutating func settle(at now: Instant, using generator: inout some RandomNumberGenerator) {
    var isBusy = true
    while isBusy {
      isBusy = performNames(at: now, using: &generator)
      while let action = agent.nextAction() {
        isBusy = true
        perform(action, at: now, using: &generator)
      }
      for index in gatherers.indices {
        while let action = gatherers[index].nextAction() {
          isBusy = true
          perform(action, of: index, at: now)
        }
      }
    }
  }

  private mutating func perform(
    _ action: ICEAgent.Action, at now: Instant, using generator: inout some RandomNumberGenerator
  ) {
    switch action {
    case .send(let bytes, let base, let remote):
      send(bytes, from: base, to: remote, at: now, using: &generator)
    case .selected(let pair, _):
      for index in gatherers.indices { gatherers[index].keepalivesEnded() }
      actions.append(.report(.selected(pair)))
    case .discovered(let candidate, let discovery, _):
      actions.append(.report(.discovered(candidate, discovery)))
      if discovery == .remote { permitPeers(at: now, using: &generator) }
    case .agent(let state): actions.append(.report(.state(state)))
    case .ended(let pair, _, let reason): actions.append(.report(.ended(pair, reason)))
    case .role(let role): actions.append(.report(.role(role)))
    case .component, .stream, .release: break
    }
  }

  private mutating func perform(_ action: BaseGatherer.Action, of index: Int, at now: Instant) {
    switch action {
    case .send(let bytes, let server):
      actions.append(.send(bytes, from: gatherers[index].base, to: server))
    case .connect(let server, let transport):
      actions.append(.connect(from: gatherers[index].base, to: server, over: transport))
    case .write(let bytes, let server):
      actions.append(.write(bytes, from: gatherers[index].base, to: server))
    case .disconnect(let server):
      actions.append(.disconnect(from: gatherers[index].base, to: server))
    case .failed(let server, let failure):
      actions.append(.report(.serverFailed(server, failure)))
    case .refused(let address):
      guard let relayed = gatherers[index].relayed else { return }
      agent.refused(address, from: relayed, at: now)
    case .found(let candidate): gathered(candidate, at: now)
    case .finished:
      unfinished -= 1
      guard unfinished == 0 else { return }
      gatheringEnd = nil
      // The one stream is there.
      try? agent.gatheringFinished(at: now)
      actions.append(.report(.gatheringFinished))
    case .released:
      guard let count = unreleased else { return }
      unreleased = count - 1
      if count == 1 { actions.append(.report(.released)) }
    }
  }

  private mutating func gathered(_ candidate: GatheredCandidate, at now: Instant) {
    do throws(AgentError) {
      switch try agent.gathered(candidate, at: now) {
      case .added(let new), .replaced(_, let new): actions.append(.report(.gathered(new)))
      case .redundant: break
      }
    } catch {
      // It has come after the end of gathering: too late to be signaled.
    }
  }

  /// Sends bytes from a base: a socket of the driver's, or over the relay that has the address.
  mutating func send(
    _ bytes: [UInt8], from base: TransportAddress, to remote: TransportAddress, at now: Instant,
    using generator: inout some RandomNumberGenerator
  ) {
    if let index = gatherers.firstIndex(where: { $0.relayed == base }) {
      gatherers[index].relay(bytes, to: remote, at: now, using: &generator)
    } else if gatherers.contains(where: { $0.base == base }) {
      actions.append(.send(bytes, from: base, to: remote))
    }
  }

  /// Has each relay let the peer's addresses in.
  mutating func permitPeers(
    at now: Instant, using generator: inout some RandomNumberGenerator
  ) {
    let addresses = Set(agent.checklists.checklists[0].remote.map(\.address.address)).sorted()
    for index in gatherers.indices {
      gatherers[index].permit(addresses, at: now, using: &generator)
    }
  }
}
