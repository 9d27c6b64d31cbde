import STUN
import SansIO

/// When a component has failed (RFC 8445 §7.2.5.4, §8.1.2, and RFC 8863).
extension ICEAgent {
  /// Fails each component that has no chance any more, once the patience has ended.
  ///
  /// Before that, the peer may still come with a check of its own from an address that is not known yet
  /// (RFC 8863 §3). A stream to which candidates may still come does not fail either (RFC 8838 §8); for
  /// an end of candidates that is never signaled the last chance stands in (RFC 8863 §5).
  /// - Complexity: O(p) for p pairs.
  mutating func considerFailure(at now: Instant) {
    guard let end = current.patienceEnd, now >= end else { return }
    for component in current.allComponents {
      switch current[component].state {
      case .selected, .failed, .new: continue
      case .connected: continue
      case .checking:
        if hasChance(component) || mayGetCandidates(component.stream) { continue }
        setState(of: component, to: .failed(failureReason(component)), at: now)
      }
    }
  }

  /// The last moment: a peer that goes on triggering checks without answering any, or that never
  /// nominates, must not keep a component waiting for ever.
  mutating func failWhatIsLeft(at now: Instant) {
    for component in current.allComponents {
      switch current[component].state {
      case .selected, .failed, .new: continue
      case .connected: setState(of: component, to: .failed(.notNominated), at: now)
      case .checking: setState(of: component, to: .failed(failureReason(component)), at: now)
      }
    }
  }

  /// Nothing is sent any more for a component that has failed.
  mutating func endChecks(of component: StreamComponent) {
    let list = current.set.checklists[component.stream]
    for id in list.order where list[id]?.local.component == component.component {
      timers.cancel(.liteFallback(id))
      current.triggered[id.checklist].removeAll { $0 == id }
      if let transaction = current.records[id]?.transaction { checks.cancel(transaction) }
    }
    timers.cancel(.nomination(component))
  }

  /// Whether a stream's last candidates have not come yet, the agent's own or the peer's.
  private func mayGetCandidates(_ stream: Int) -> Bool {
    let isOpen = current.remote?.trickles == true && !current.remoteFinished[stream]
    return isOpen || !current.gatheringFinished[stream]
  }

  private func hasChance(_ component: StreamComponent) -> Bool {
    current.set.checklists[component.stream].pairs.contains { pair in
      pair.local.component == component.component
        && (pair.state == .waiting || pair.state == .inProgress)
    }
  }

  /// Why no pair of a component has succeeded.
  func failureReason(_ component: StreamComponent) -> FailureReason {
    let list = current.set.checklists[component.stream]
    let ids = list.order.filter { list[$0]?.local.component == component.component }
    if !ids.isEmpty {
      let hasExpired = ids.contains { current.records[$0]?.failure == .consentExpired }
      return hasExpired ? .consentExpired : .noPairSucceeded
    }
    if !list.local.contains(where: { $0.component == component.component }) {
      return .noLocalCandidate
    }
    if !list.remote.contains(where: { $0.component == component.component }) {
      return .noRemoteCandidate
    }
    return .noPair
  }
}
