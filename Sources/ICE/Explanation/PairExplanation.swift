import STUN
public import SansIO
import TransportAddress

/// Why a pair is in the state that it is in.
public enum PairExplanation: Hashable, Sendable {
  /// There is no such pair: it never was, or made room for another one.
  case unknown
  /// The peer's description has not come.
  case noDescription
  /// A pair of the same foundation is tried first (RFC 8445 §6.1.2.6).
  case frozen(behind: PairID?)
  /// Its check has its turn after so many others (RFC 8445 §6.1.4.2).
  case waiting(after: Int)
  /// A check of the peer's has triggered one, which has its turn after so many others (RFC 8445
  /// §7.3.1.4).
  case triggered(after: Int)
  /// A check is under way since this time, the pair's first or a later one.
  case checking(since: Instant, checks: Int)
  /// Its check has succeeded.
  case valid(roundTrip: Duration?)
  /// It is valid, and this agent is nominating it (RFC 8445 §8.1.1).
  case nominating
  /// The peer has nominated it, and the agent's own check has not succeeded (RFC 8445 §7.3.1.5).
  case nominatedTooEarly
  /// Data goes over it.
  case selected
  /// Its check has failed.
  case failed(PairFailure)
  /// It is not checked any more: its component has a selected pair (RFC 8445 §8.1.2).
  case superseded(by: PairID)
  /// It is not checked any more: its component has failed.
  case componentFailed(FailureReason)
  /// This agent is lite: the peer checks (RFC 8445 §2.5).
  case lite
}

extension ICEAgent {
  /// Why a pair is in its state.
  ///
  /// - Complexity: O(p) for p pairs.
  public func explanation(of id: PairID) -> PairExplanation {
    guard let pair = current.set[id], let component = current.component(of: id) else {
      return .unknown
    }
    let record = current.records[id] ?? PairRecord()
    switch current[component].state {
    case .new: return .noDescription
    case .selected(id): return .selected
    case .selected(let other) where pair.state != .failed && record.valid == nil:
      // Where it may be nominated yet, it is checked as before.
      if !mayReplace(id, other) { return .superseded(by: other) }
    case .failed(let reason) where pair.state != .failed: return .componentFailed(reason)
    default: break
    }
    if configuration.isLite { return .lite }
    if current[component].nominating == id { return .nominating }
    if record.isNominatedByPeer, record.valid == nil { return .nominatedTooEarly }
    let list = current.set.checklists[id.checklist]
    switch pair.state {
    case .frozen:
      let other = list.order.first { other in
        list[other]?.foundation == pair.foundation
          && (list[other]?.state == .waiting || list[other]?.state == .inProgress)
      }
      return .frozen(behind: other)
    case .waiting:
      if let place = current.triggered[id.checklist].firstIndex(of: id) {
        return .triggered(after: place)
      }
      return .waiting(after: turns(before: id))
    case .inProgress where record.valid == nil:
      return .checking(since: record.sentAt ?? .zero, checks: record.checkCount)
    case .inProgress, .succeeded: return .valid(roundTrip: record.roundTrip)
    case .failed: return .failed(record.failure ?? .timedOut)
    }
  }
}

extension PairExplanation: CustomStringConvertible {
  /// The explanation as a sentence.
  public var description: String {
    switch self {
    case .unknown: "there is no such pair"
    case .noDescription: "the peer's description has not come"
    case .frozen(let other?): "frozen: pair \(other) of the same foundation is tried first"
    case .frozen(nil): "frozen: a pair of its foundation in another checklist is tried first"
    case .waiting(0): "waits: its check is next"
    case .waiting(1): "waits: another pair is checked first"
    case .waiting(let count): "waits: \(count) other pairs are checked first"
    case .triggered(0): "the peer's check has triggered one, which is next"
    case .triggered(let count):
      "the peer's check has triggered one, which goes out after \(count) others"
    case .checking(let since, 1): "a check is under way since \(since)"
    case .checking(let since, let count): "check number \(count) is under way since \(since)"
    case .valid(let time?): "valid: a check was answered after \(time)"
    case .valid(nil): "valid: a check was answered"
    case .nominating: "valid, and being nominated"
    case .nominatedTooEarly: "the peer has nominated it; the agent's own check must succeed first"
    case .selected: "selected: data goes over it"
    case .failed(let failure): "failed: \(failure)"
    case .superseded(let other): "not checked any more: pair \(other) is selected"
    case .componentFailed(let reason): "not checked any more: \(reason)"
    case .lite: "this agent is lite: it waits for the peer's checks"
    }
  }
}
