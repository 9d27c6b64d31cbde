/// Why a component has, or has not, a selected pair.
public enum ComponentExplanation: Hashable, Sendable {
  /// The agent has no such component.
  case unknown
  /// The peer's description has not come; so many early checks are remembered.
  case noDescription(earlyChecks: Int)
  /// There is nothing to check, and why.
  case nothingToCheck(FailureReason, mayStillCome: Bool)
  /// So many pairs are being checked, so many wait, and so many have failed.
  case checking(underWay: Int, waiting: Int, failed: Int)
  /// A pair is valid, and this agent waits for a better one or for the response to its nomination.
  case nominating(PairID, isSent: Bool)
  /// A pair is valid, and the peer, which controls, has not nominated one.
  case waitingForNomination(PairID)
  /// Data goes over this pair.
  case selected(PairID)
  /// It has failed.
  case failed(FailureReason)
}

extension ICEAgent {
  /// Why a component is in its state.
  ///
  /// - Complexity: O(p) for p pairs.
  public func explanation(of component: StreamComponent) -> ComponentExplanation {
    guard current.contains(component) else { return .unknown }
    switch current[component].state {
    case .new: return .noDescription(earlyChecks: current.earlyChecks.count)
    case .selected(let id): return .selected(id)
    case .failed(let reason): return .failed(reason)
    case .connected(let id):
      guard role == .controlling else { return .waitingForNomination(id) }
      let nominating = current[component].nominating
      return .nominating(nominating ?? id, isSent: nominating != nil)
    case .checking:
      let states = current.set.checklists[component.stream].pairs
        .filter { $0.local.component == component.component }.map(\.state)
      guard !states.isEmpty else {
        let stream = component.stream
        let isOver = current.remoteFinished[stream] && current.gatheringFinished[stream]
        return .nothingToCheck(failureReason(component), mayStillCome: !isOver)
      }
      return .checking(
        underWay: states.count { $0 == .inProgress },
        waiting: states.count { $0 == .waiting || $0 == .frozen },
        failed: states.count { $0 == .failed })
    }
  }

  /// The whole agent as a page: each component with its reason, each pair with its own, and the peer's
  /// candidates that are in none.
  ///
  /// - Complexity: O(p²) for p pairs.
  public var explanation: String {
    var lines = ["\(role), generation \(generation): \(state)"]
    for component in current.allComponents {
      lines.append("component \(component): \(explanation(of: component))")
      let list = current.set.checklists[component.stream]
      for id in list.order {
        guard let pair = list[id], pair.local.component == component.component else { continue }
        lines.append("  \(id)  \(pair)  \(pair.state): \(explanation(of: id))")
      }
    }
    lines += current.leftOut.map { "left out: \($0)" }
    return lines.joined(separator: "\n")
  }
}

extension ComponentExplanation: CustomStringConvertible {
  /// The explanation as a sentence.
  public var description: String {
    switch self {
    case .unknown: "there is no such component"
    case .noDescription(0): "the peer's description has not come"
    case .noDescription(1):
      "the peer's description has not come; a check of the peer's is remembered"
    case .noDescription(let count):
      "the peer's description has not come; \(count) checks of the peer's are remembered"
    case .nothingToCheck(let reason, true): "\(reason), but candidates may still come"
    case .nothingToCheck(let reason, false): "\(reason)"
    case .checking(let underWay, let waiting, let failed):
      "\(underWay) checks are under way, \(waiting) pairs wait, \(failed) have failed"
    case .nominating(let id, true): "pair \(id) is valid and being nominated"
    case .nominating(let id, false):
      "pair \(id) is valid; a better one may still succeed before it is nominated"
    case .waitingForNomination(let id): "pair \(id) is valid; the peer has not nominated a pair"
    case .selected(let id): "data goes over pair \(id)"
    case .failed(let reason): "\(reason)"
    }
  }
}
