/// The pairs of one data stream in the order in which they are checked (RFC 8445 §6.1.2).
///
/// A checklist belongs to a ``ChecklistSet``, which changes it: the limit and the pairs' first
/// states depend on all checklists. It keeps the order apart from the pairs, so that a pair is found
/// by its ``PairID`` wherever the order puts it.
public struct Checklist: Sendable {
  /// The index of the checklist in its set.
  public let index: Int
  /// The agent's role, on which the pairs' priorities rest.
  public private(set) var role: AgentRole
  /// The local candidates, in the order in which they came.
  public private(set) var local: [Candidate]
  /// The remote candidates, in the order in which they came.
  public private(set) var remote: [Candidate]
  /// The pairs' identities, from the highest priority to the lowest.
  public private(set) var order: [PairID] = []

  private var storage: [PairID: CandidatePair] = [:]
  /// The pairs by what their checks look like: no two are redundant.
  private var paths: [CandidatePair.Path: PairID] = [:]
  private var nextNumber = 0

  /// Forms, sorts and prunes the pairs of a data stream; all are Frozen.
  ///
  /// - Complexity: O(p log p) for p pairs, of which there are at most local × remote.
  init(index: Int, local: [Candidate], remote: [Candidate], role: AgentRole) {
    self.index = index
    self.role = role
    self.local = local
    self.remote = remote
    let formed = Self.form(local: local, remote: remote, role: role)
    for pair in Self.prune(Self.sort(formed, role: role)) {
      order.append(store(pair))
    }
  }

  /// The pairs, from the highest priority to the lowest.
  ///
  /// - Complexity: O(p) for p pairs.
  public var pairs: [CandidatePair] { order.compactMap { storage[$0] } }

  /// The pair with an identity; nil if it is in another checklist or has been removed.
  ///
  /// - Complexity: O(1).
  public subscript(id: PairID) -> CandidatePair? { storage[id] }

  /// The identity of the pair whose checks are the same packets as those of a pair.
  ///
  /// - Complexity: O(1).
  public func id(ofPairRedundantWith pair: CandidatePair) -> PairID? { paths[pair.path] }
}

// MARK: The RFC's steps

extension Checklist {
  /// Pairs every local candidate with every remote one that it fits (RFC 8445 §6.1.2.2).
  ///
  /// Same component, same transport, same IP version; IPv6 link-local only with link-local.
  /// - Complexity: O(l · r) for l local and r remote candidates.
  public static func form(
    local: [Candidate], remote: [Candidate], role: AgentRole
  ) -> [CandidatePair] {
    var pairs: [CandidatePair] = []
    for local in local {
      for remote in remote where CandidatePair.canPair(local, remote) {
        pairs.append(CandidatePair(local: local, remote: remote, role: role))
      }
    }
    return pairs
  }

  /// Orders pairs from the highest priority to the lowest (RFC 8445 §6.1.2.3).
  ///
  /// - Complexity: O(p log p) for p pairs.
  public static func sort(_ pairs: [CandidatePair], role: AgentRole) -> [CandidatePair] {
    pairs.sorted { CandidatePair.precedes($0, $1, role: role) }
  }

  /// Drops redundant pairs: of those with the same base and remote candidate, the first stays.
  ///
  /// The RFC puts the base in the place of a reflexive local candidate (RFC 8445 §6.1.2.4). Here a
  /// pair keeps its local candidate and ``CandidatePair/base`` is compared.
  /// - Complexity: O(p) for p pairs.
  public static func prune(_ pairs: [CandidatePair]) -> [CandidatePair] {
    var seen: Set<CandidatePair.Path> = []
    return pairs.filter { seen.insert($0.path).inserted }
  }
}

// MARK: Changes

extension Checklist {
  /// What became of a pair that was offered.
  enum Offer {
    case inserted(PairID, insteadOf: PairID?)
    case redundant
  }

  /// Inserts a pair where its priority puts it, unless it is redundant with a better one.
  ///
  /// A redundant pair of lower priority is removed if no check has been sent for it: if it is
  /// Waiting or Frozen (RFC 8838 §10, §11).
  /// - Complexity: O(log p) comparisons of pairs for p pairs, and O(p) moves of identities.
  mutating func offer(_ pair: CandidatePair) -> Offer {
    var replaced: PairID?
    if let id = paths[pair.path], let rival = storage[id] {
      guard rival.state == .frozen || rival.state == .waiting,
        CandidatePair.precedes(pair, rival, role: role)
      else { return .redundant }
      remove(id)
      replaced = id
    }
    let place = place(of: pair)
    let id = store(pair)
    order.insert(id, at: place)
    return .inserted(id, insteadOf: replaced)
  }

  /// Removes a pair.
  ///
  /// - Complexity: as for ``offer(_:)``.
  mutating func remove(_ id: PairID) {
    guard let pair = storage.removeValue(forKey: id) else { return }
    // Nothing precedes itself, so this is its own place: the order is total.
    let place = place(of: pair)
    order.remove(at: place)
    paths[pair.path] = nil
  }

  /// Gives a pair another state.
  mutating func setState(of id: PairID, to state: CandidatePair.State) {
    storage[id]?.state = state
  }

  /// Takes the other role: priorities are computed anew and the pairs put in their new order.
  ///
  /// - Complexity: O(p log p) for p pairs.
  mutating func switchRole() {
    role = role.opposite
    for id in order { storage[id]?.setPriority(for: role) }
    let pairs = storage
    order.sort { left, right in
      guard let left = pairs[left], let right = pairs[right] else { return false }
      return CandidatePair.precedes(left, right, role: role)
    }
  }

  /// Notes a local candidate down.
  ///
  /// - Returns: false if it was there already.
  mutating func addLocal(_ candidate: Candidate) -> Bool {
    let isKnown = local.contains {
      $0.address == candidate.address && $0.base == candidate.base
        && $0.transport == candidate.transport && $0.component == candidate.component
    }
    if !isKnown { local.append(candidate) }
    return !isKnown
  }

  /// Notes a remote candidate down.
  ///
  /// A peer-reflexive candidate that the peer now signals takes the signaled type, foundation and
  /// priority, in its pairs too, whose identities and states stay (RFC 8445 §7.3.1.3).
  /// - Returns: the reason why it was not, nil if it was. What a peer sends must not grow without
  ///   bound, and more candidates than pairs are of no use: `limit` are kept.
  mutating func addRemote(_ candidate: Candidate, limit: Int) -> ChecklistChange.Reason? {
    let known = remote.firstIndex {
      $0.address == candidate.address && $0.transport == candidate.transport
        && $0.component == candidate.component
    }
    guard let known else {
      guard remote.count < limit else { return .tooMany }
      remote.append(candidate)
      return nil
    }
    guard remote[known].type == .peerReflexive, candidate.type != .peerReflexive else {
      return .duplicate
    }
    let old = remote[known]
    remote[known] = candidate
    for id in order {
      guard var pair = storage[id], pair.remote == old else { continue }
      let place = place(of: pair)
      order.remove(at: place)
      pair.remote = candidate
      pair.setPriority(for: role)
      order.insert(id, at: self.place(of: pair))
      storage[id] = pair
    }
    return nil
  }

  /// Gives a pair an identity and keeps it; the order is the caller's.
  private mutating func store(_ pair: CandidatePair) -> PairID {
    let id = PairID(checklist: index, number: nextNumber)
    nextNumber += 1
    storage[id] = pair
    paths[pair.path] = id
    return id
  }

  /// The number of pairs that precede a pair: where it is in the order, or would be.
  private func place(of pair: CandidatePair) -> Int {
    var (low, high) = (0, order.count)
    while low < high {
      let middle = (low + high) / 2
      if let other = storage[order[middle]], CandidatePair.precedes(other, pair, role: role) {
        low = middle + 1
      } else {
        high = middle
      }
    }
    return low
  }
}
