import ICE
import TransportAddress

/// Two candidates of a component while the checklists are formed (RFC 8445 §6.1.2).
struct PairDraft {
  /// What has become of them so far.
  enum State {
    case formed
    case redundant(with: Int, base: TransportAddress?)
    case passive
    case overLimit
    case impossible(PairVerdict.Mismatch)
  }

  let component: ComponentID
  let local: CandidateRow
  let remote: CandidateRow
  let priority: UInt64
  var state: State

  init(_ local: CandidateRow, _ remote: CandidateRow, role: AgentRole) {
    component = local.attribute.component
    self.local = local
    self.remote = remote
    let priorities = (local.attribute.priority, remote.attribute.priority)
    priority =
      role == .controlling
      ? CandidatePair.priority(controlling: priorities.0, controlled: priorities.1)
      : CandidatePair.priority(controlling: priorities.1, controlled: priorities.0)
    if let mismatch = Self.mismatch(local, remote) {
      state = .impossible(mismatch)
    } else if local.attribute.transport == .tcp, local.attribute.tcpType == .passive {
      state = .passive
    } else {
      state = .formed
    }
  }

  var foundation: CandidatePair.Foundation {
    .init(local: local.attribute.foundation, remote: remote.attribute.foundation)
  }

  /// Whether the pair is in the checklist.
  var isKept: Bool { if case .formed = state { true } else { false } }

  /// Whether `left` is checked before `right`.
  ///
  /// Where priorities are equal, the addresses of the controlling agent decide and then those of the
  /// other, as in an `ICEAgent`; names come last.
  static func precedes(_ left: PairDraft, _ right: PairDraft, role: AgentRole) -> Bool {
    if left.priority != right.priority { return left.priority > right.priority }
    if left.component != right.component { return left.component < right.component }
    let one = role == .controlling ? (left.local, left.remote) : (left.remote, left.local)
    let other = role == .controlling ? (right.local, right.remote) : (right.remote, right.local)
    if let isBefore = one.0.isBefore(other.0) { return isBefore }
    if let isBefore = one.1.isBefore(other.1) { return isBefore }
    return (left.local.number, left.remote.number) < (right.local.number, right.remote.number)
  }

  /// Why the candidates are no pair (RFC 8445 §6.1.2.2, RFC 6544 §6.2); nil if they are one.
  private static func mismatch(
    _ local: CandidateRow, _ remote: CandidateRow
  ) -> PairVerdict.Mismatch? {
    let transports = (local.attribute.transport, remote.attribute.transport)
    for transport in [transports.0, transports.1] where transport.transportProtocol == nil {
      return .unknownTransport(transport)
    }
    guard transports.0 == transports.1 else { return .transports(transports.0, transports.1) }
    if local.hasZone || remote.hasZone { return .zone }
    if let one = local.family, let other = remote.family, one != other { return .families }
    if let one = local.kind, let other = remote.kind, local.family == .ipv6,
      (one == .linkLocal) != (other == .linkLocal)
    {
      return .linkLocal
    }
    if transports.0 == .tcp {
      guard let one = local.attribute.tcpType, let other = remote.attribute.tcpType else {
        return .noTCPType
      }
      guard one.counterpart == other else { return .tcpTypes(one, other) }
    }
    if let kind = remote.kind, !kind.isUsable { return .unusable(kind) }
    // An active candidate is never sent to; its port is 9 by custom (RFC 6544 §4.5).
    return remote.attribute.port == 0 ? .noPort : nil
  }
}

extension CandidateRow {
  /// Whether the place comes before another one; nil if it is the same.
  fileprivate func isBefore(_ other: CandidateRow) -> Bool? {
    switch (address, other.address) {
    case (let one?, let other?): one == other ? nil : one < other
    case (_?, nil): true
    case (nil, _?): false
    case (nil, nil): place == other.place ? nil : place < other.place
    }
  }
}

// MARK: Pruning

extension [PairDraft] {
  /// Marks the redundant ones of pairs in their order: of those whose checks are the same packets the
  /// first stays (RFC 8445 §6.1.2.4).
  mutating func prune() {
    var kept: [Int] = []
    for index in indices where self[index].isKept {
      let pair = self[index]
      if let rival = kept.first(where: { self[$0].sendsAlike(pair) }) {
        self[index].state = .redundant(with: rival, base: pair.local.baseAddress)
      } else {
        kept.append(index)
      }
    }
  }
}

extension PairDraft {
  /// Whether the checks of a pair that comes later are those of this one.
  fileprivate func sendsAlike(_ later: PairDraft) -> Bool {
    guard component == later.component, remote.place == later.remote.place,
      local.attribute.transport == later.local.attribute.transport
    else { return false }
    switch (local.baseAddress, later.local.baseAddress) {
    case (let one?, let other?): return one == other
    default: break
    }
    // A hidden base is that of some host candidate, which may itself stand there with a name.
    guard later.local.base == .hidden, local.attribute.type == .host else {
      return local.place == later.local.place
    }
    guard let one = local.family, let other = later.local.family else { return true }
    return one == other
  }
}
