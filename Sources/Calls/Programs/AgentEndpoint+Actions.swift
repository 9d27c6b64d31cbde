import Gathering
import ICE
import SansIO
import Simulator
import TransportAddress

/// What an agent and its gatherers want done.
extension AgentEndpoint {
  mutating func perform(
    _ action: ICEAgent.Action, at now: Instant, using generator: inout SeededGenerator
  ) {
    switch action {
    case .send(let bytes, let base, let remote):
      send(bytes, from: base, to: remote, at: now, using: &generator)
    case .selected(let pair, _):
      selectionTime = now
      for index in gatherers.indices { gatherers[index].keepalivesEnded() }
      report("selected \(pair.local.type.token) → \(pair.remote.words)")
    case .discovered(let candidate, .local, _): report("is \(candidate.words) to the other")
    case .discovered(let candidate, .remote, _): report("discovers \(candidate.words)")
    case .agent(.failed(let reason)):
      report("ICE has failed: \(reason)")
      if restartsWhenLost, reason == .consentExpired { recover(at: now, using: &generator) }
    case .ended(_, _, let reason): report("sends no more: \(reason)")
    case .role(let role): report("is \(role) now")
    case .component, .stream, .agent, .release: break
    }
  }

  mutating func perform(_ action: BaseGatherer.Action, of index: Int, at now: Instant) {
    switch action {
    case .send(let bytes, let server):
      send(bytes, fromSocket: gatherers[index].base, to: server)
    case .connect(let server, _): perform(.open, of: index, with: server)
    case .write(let bytes, let server): perform(.send(bytes), of: index, with: server)
    case .disconnect(let server): perform(.close, of: index, with: server)
    case .refused(let address):
      // Their checks have failed at once, and nobody waits for them.
      guard let relayed = gatherers[index].relayed else { return }
      agent.refused(address, from: relayed, at: now)
    // Candidates of an earlier generation come too late.
    case .found(let candidate) where isLatest(index):
      do throws(AgentError) {
        switch try agent.gathered(candidate, at: now) {
        case .added(let candidate), .replaced(_, let candidate):
          signal(
            .candidate(
              CandidateAttribute(candidate), usernameFragment: agent.credentials.usernameFragment),
            at: now)
        case .redundant: break
        }
      } catch {
        report("a candidate was refused: \(error)")
      }
    case .finished where isLatest(index):
      finishedBases.insert(gatherers[index].base)
      considerGatheringFinished(at: now)
    case .found, .finished, .failed, .released: break
    }
  }

  /// Does something with the connection from a gatherer's base to a server.
  private mutating func perform(
    _ action: StreamAction, of index: Int, with server: TransportAddress
  ) {
    let flow = FiveTuple(.tcp, local: gatherers[index].base, remote: server)
    actions.append(.stream(action, on: flow))
  }

  /// Sends bytes from a base: one of the host's sockets, or over the relay that has the address.
  ///
  /// From an address that the host has no more nothing can be sent.
  mutating func send(
    _ bytes: [UInt8], from base: TransportAddress, to remote: TransportAddress, at now: Instant,
    using generator: inout SeededGenerator
  ) {
    if let index = gatherers.firstIndex(where: { $0.relayed == base }) {
      gatherers[index].relay(bytes, to: remote, at: now, using: &generator)
    } else if addresses.contains(base.address) {
      send(bytes, fromSocket: base, to: remote)
    }
  }

  /// Sends bytes from one of the host's sockets; with several addresses each is bound to its own.
  private mutating func send(
    _ bytes: [UInt8], fromSocket base: TransportAddress, to remote: TransportAddress
  ) {
    actions.append(
      addresses.count > 1
        ? .sendBound(bytes, from: base, to: remote) : .send(bytes, from: base.port, to: remote))
  }

  mutating func report(_ text: String) { actions.append(.report(text)) }

  mutating func signal(_ signal: Signal, at now: Instant) {
    if held != nil {
      held?.append(signal)
      return
    }
    outbox.append(Outgoing(time: now, signal: signal))
    report("signals \(signal)")
  }
}
