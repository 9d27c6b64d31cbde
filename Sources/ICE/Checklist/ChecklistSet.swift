/// All checklists of an agent, in the order of its data streams (RFC 8445 §6.1.2).
///
/// Candidates that are known at the start are given to ``init(role:streams:limit:)``, later ones one
/// at a time to ``add(local:to:)`` and ``add(remote:to:)`` (RFC 8838). Each change forms the new
/// pairs, prunes, applies the limit, and gives the new pairs, and only them, their first states.
public struct ChecklistSet: Sendable {
  /// The agent's role.
  public private(set) var role: AgentRole
  /// The most pairs that there may be in all checklists together.
  public let limit: Int
  /// The checklists; the index of each is that of its data stream.
  public private(set) var checklists: [Checklist]

  /// The candidates of one data stream.
  public struct Stream: Sendable {
    /// The local candidates.
    public var local: [Candidate]
    /// The remote candidates.
    public var remote: [Candidate]

    /// A data stream with the candidates that are known of it.
    public init(local: [Candidate] = [], remote: [Candidate] = []) {
      self.local = local
      self.remote = remote
    }
  }

  /// Forms the checklists of data streams, applies the limit and gives the first states.
  ///
  /// - Throws: ``ChecklistError/noRoom(limit:)`` if the limit is less than 1. Streams without
  ///   candidates, or no stream at all, are not errors.
  /// - Complexity: O(p log p) for p pairs before the limit.
  public init(
    role: AgentRole, streams: [Stream], limit: Int = ICEConstants.pairLimit
  ) throws(ChecklistError) {
    guard limit > 0 else { throw .noRoom(limit: limit) }
    self.role = role
    self.limit = limit
    checklists = streams.enumerated().map { index, stream in
      Checklist(index: index, local: stream.local, remote: stream.remote, role: role)
    }
    var change = ChecklistChange()
    change.added = checklists.flatMap(\.order)
    settle(&change)
  }

  /// The pair with an identity; nil if it has been removed.
  ///
  /// - Complexity: O(1).
  public subscript(id: PairID) -> CandidatePair? {
    checklists.indices.contains(id.checklist) ? checklists[id.checklist][id] : nil
  }

  /// The number of pairs in all checklists.
  ///
  /// - Complexity: O(c) for c checklists.
  public var count: Int { checklists.reduce(0) { $0 + $1.order.count } }
}

// MARK: Candidates, one at a time

extension ChecklistSet {
  /// Adds a data stream after the others.
  ///
  /// - Complexity: as for ``init(role:streams:limit:)``, with the pairs of the stream for p.
  @discardableResult public mutating func add(_ stream: Stream) -> ChecklistChange {
    let list = Checklist(
      index: checklists.count, local: stream.local, remote: stream.remote, role: role)
    checklists.append(list)
    var change = ChecklistChange()
    change.added = list.order
    settle(&change)
    return change
  }

  /// Adds a local candidate and pairs it with the remote ones (RFC 8838 §10).
  ///
  /// A peer-reflexive candidate is noted down without being paired: the pairs would be redundant
  /// with those of its base (RFC 8445 §7.2.5.3.1).
  /// - Throws: ``ChecklistError/noChecklist(_:)``.
  /// - Complexity: O(r log p + p) comparisons for r remote candidates and p pairs, of which there are
  ///   at most ``limit``; existing pairs are not sorted again.
  @discardableResult public mutating func add(
    local candidate: Candidate, to checklist: Int
  ) throws(ChecklistError) -> ChecklistChange {
    try check(checklist)
    var change = ChecklistChange()
    guard checklists[checklist].addLocal(candidate) else {
      change.ignored = .duplicate
      return change
    }
    guard candidate.type != .peerReflexive else { return change }
    let pairs = Checklist.form(
      local: [candidate], remote: checklists[checklist].remote, role: role)
    offer(pairs, to: checklist, &change)
    return change
  }

  /// Adds a remote candidate that the peer signaled and pairs it with the local ones (RFC 8838
  /// §11).
  ///
  /// - Throws: ``ChecklistError/noChecklist(_:)``. A duplicate, or a candidate beyond ``limit``, is
  ///   no error: it is ignored.
  /// - Complexity: O(l log p + p + r) comparisons for l local and r remote candidates and p pairs;
  ///   existing pairs are not sorted again.
  @discardableResult public mutating func add(
    remote candidate: Candidate, to checklist: Int
  ) throws(ChecklistError) -> ChecklistChange {
    try check(checklist)
    var change = ChecklistChange()
    change.ignored = checklists[checklist].addRemote(candidate, limit: limit)
    guard change.ignored == nil else { return change }
    let local = checklists[checklist].local.filter { $0.type != .peerReflexive }
    let pairs = Checklist.form(local: local, remote: [candidate], role: role)
    offer(pairs, to: checklist, &change)
    return change
  }

  /// Adds the pair of the candidates between which a check came in (RFC 8445 §7.3.1.4).
  ///
  /// Its first state is Waiting. A remote candidate that is not known yet is noted down and paired
  /// with no other one (RFC 8445 §7.3.1.3). Where there are too many pairs another one goes.
  /// - Throws: ``ChecklistError/noChecklist(_:)``, ``ChecklistError/cannotPair(local:remote:)``. A
  ///   redundant pair is no error: see ``Checklist/id(ofPairRedundantWith:)``.
  /// - Complexity: O(p + r) for p pairs and r remote candidates.
  @discardableResult public mutating func add(
    pairOf local: Candidate, and remote: Candidate, to checklist: Int
  ) throws(ChecklistError) -> ChecklistChange {
    try check(checklist)
    guard CandidatePair.canPair(local, remote) else {
      throw .cannotPair(local: local, remote: remote)
    }
    var change = ChecklistChange()
    let pair = CandidatePair(local: local, remote: remote, role: role)
    guard checklists[checklist].id(ofPairRedundantWith: pair) == nil else {
      change.ignored = .duplicate
      return change
    }
    // Room first, so that the new pair, whatever its priority, is not the one that goes.
    while count >= limit {
      guard let id = removable() else {
        change.ignored = .tooMany
        return change
      }
      checklists[id.checklist].remove(id)
      change.removed.append(id)
    }
    // Known or one too many: the pair needs no place in the list of candidates.
    _ = checklists[checklist].addRemote(remote, limit: limit)
    if case .inserted(let id, _) = checklists[checklist].offer(pair) {
      checklists[checklist].setState(of: id, to: .waiting)
      change.added = [id]
    }
    return change
  }

  private func check(_ checklist: Int) throws(ChecklistError) {
    guard checklists.indices.contains(checklist) else { throw .noChecklist(checklist) }
  }

  /// Offers pairs to a checklist and settles what follows.
  private mutating func offer(
    _ pairs: [CandidatePair], to checklist: Int, _ change: inout ChecklistChange
  ) {
    var added: Set<PairID> = []
    for pair in pairs {
      guard case .inserted(let id, let replaced) = checklists[checklist].offer(pair) else {
        continue
      }
      added.insert(id)
      if let replaced, added.remove(replaced) == nil { change.removed.append(replaced) }
    }
    change.added = checklists[checklist].order.filter { added.contains($0) }
    settle(&change)
  }
}

// MARK: Limit and states

extension ChecklistSet {
  /// Applies the limit and gives the new pairs that are left their first states.
  private mutating func settle(_ change: inout ChecklistChange) {
    var added = Set(change.added)
    while count > limit, let id = removable() {
      checklists[id.checklist].remove(id)
      if added.remove(id) == nil { change.removed.append(id) }
    }
    change.added.removeAll { !added.contains($0) }
    giveFirstStates(to: change.added)
  }

  /// The pair to remove where there are too many; nil if a check has been sent for all of them.
  ///
  /// A Failed pair if there is one (RFC 8838 §10); else the lowest Waiting or Frozen one of the
  /// longest checklist. So no stream loses its last pair to another, and what a malicious peer gains
  /// by naming addresses that it wants flooded is bounded (RFC 8445 §6.1.2.5, §19.5.1).
  private func removable() -> PairID? {
    func last(in list: Checklist, where matches: (CandidatePair.State) -> Bool) -> PairID? {
      list.order.last { id in list[id].map { matches($0.state) } ?? false }
    }
    for list in checklists.reversed() {
      if let id = last(in: list, where: { $0 == .failed }) { return id }
    }
    let longest = checklists.reversed().sorted { $0.order.count > $1.order.count }
    for list in longest {
      if let id = last(in: list, where: { $0 == .waiting || $0 == .frozen }) { return id }
    }
    return nil
  }

  /// For each foundation one pair waits, and the others stay frozen (RFC 8445 §6.1.2.6).
  ///
  /// It is the pair of the lowest component, among these of the highest priority, in the first
  /// checklist that has the foundation. A new pair waits if it is that one, or if a pair of its
  /// foundation has succeeded (RFC 8838 §12).
  private mutating func giveFirstStates(to new: [PairID]) {
    guard !new.isEmpty else { return }
    let wanted = Set(new.compactMap { self[$0]?.foundation })
    var first: [CandidatePair.Foundation: PairID] = [:]
    var succeeded: Set<CandidatePair.Foundation> = []
    for list in checklists {
      for id in list.order {
        guard let pair = list[id], wanted.contains(pair.foundation) else { continue }
        if pair.state == .succeeded { succeeded.insert(pair.foundation) }
        guard let rival = first[pair.foundation] else {
          first[pair.foundation] = id
          continue
        }
        // Pairs of equal components come from the highest priority to the lowest.
        if rival.checklist == id.checklist, let other = list[rival],
          pair.local.component < other.local.component
        {
          first[pair.foundation] = id
        }
      }
    }
    for id in new {
      guard let foundation = self[id]?.foundation else { continue }
      if first[foundation] == id || succeeded.contains(foundation) {
        checklists[id.checklist].setState(of: id, to: .waiting)
      }
    }
  }

  /// Gives a pair its next state.
  ///
  /// - Throws: ``ChecklistError/noPair(_:)``, or ``ChecklistError/noTransition(_:from:to:)`` where
  ///   ``CandidatePair/State/canTransition(to:)`` says no.
  /// - Complexity: O(1).
  public mutating func setState(
    of id: PairID, to state: CandidatePair.State
  ) throws(ChecklistError) {
    guard let pair = self[id] else { throw .noPair(id) }
    guard pair.state.canTransition(to: state) else {
      throw .noTransition(id, from: pair.state, to: state)
    }
    checklists[id.checklist].setState(of: id, to: state)
  }

  /// Lets every Frozen pair of a foundation wait, in all checklists (RFC 8445 §7.2.5.3.3).
  ///
  /// A pair of that foundation has succeeded, so the others are likely to. Pairs in any other state
  /// are left alone.
  /// - Returns: the pairs that now wait.
  /// - Complexity: O(p) for p pairs.
  @discardableResult public mutating func unfreeze(
    _ foundation: CandidatePair.Foundation
  ) -> [PairID] {
    var thawed: [PairID] = []
    for list in checklists {
      for id in list.order {
        guard let pair = list[id], pair.state == .frozen, pair.foundation == foundation else {
          continue
        }
        checklists[list.index].setState(of: id, to: .waiting)
        thawed.append(id)
      }
    }
    return thawed
  }

  /// Takes the other role: all priorities are computed anew and the orders with them.
  ///
  /// The tie-breaking bit is all that changes, but the peer has changed too (RFC 8445 §7.2.5.1).
  /// Pairs keep their identities and states.
  /// - Complexity: O(p log p) for p pairs.
  public mutating func switchRole() {
    role = role.opposite
    for index in checklists.indices { checklists[index].switchRole() }
  }
}
