/// The pairs of one data stream in the order in which they are to be checked (RFC 8445 §6.1.2).
///
/// Made in the RFC's order: ``form(local:remote:role:)``, ``sort(_:role:)``, ``prune(_:)``; the
/// limit and the first states are given by ``ChecklistSet``, since they go over all checklists.
public struct Checklist: Sendable {
  /// This agent's role, on which the pairs' priorities rest.
  public private(set) var role: AgentRole

  /// From the highest priority to the lowest.
  public internal(set) var pairs: [CandidatePair]

  /// Forms, sorts and prunes the pairs of a data stream; all are Frozen.
  ///
  /// - Complexity: O(p log p) for p pairs, of which there are at most local × remote.
  public init(local: [Candidate], remote: [Candidate], role: AgentRole) {
    self.role = role
    pairs = Self.prune(Self.sort(Self.form(local: local, remote: remote, role: role), role: role))
  }

  /// Pairs every local candidate with every remote one that it fits (RFC 8445 §6.1.2.2).
  ///
  /// Same component, same transport, same IP version; IPv6 link-local only with link-local.
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
  public static func sort(_ pairs: [CandidatePair], role: AgentRole) -> [CandidatePair] {
    pairs.sorted { CandidatePair.precedes($0, $1, role: role) }
  }

  /// Puts bases in the place of reflexive candidates, then drops repetitions (RFC 8445 §6.1.2.4).
  ///
  /// Of several pairs with the same base and the same remote candidate the first stays.
  /// - Complexity: O(n).
  public static func prune(_ pairs: [CandidatePair]) -> [CandidatePair] {
    var seen: Set<CandidatePair.Path> = []
    return pairs.lazy.map(\.sendingFromBase).filter { seen.insert($0.path).inserted }
  }

  /// Adds a pair that a check brought to light, where its priority puts it (RFC 8445 §7.3.1.4).
  ///
  /// - Returns: false, and nothing changes, if it is redundant with a pair that is there.
  /// - Complexity: O(n).
  @discardableResult public mutating func insert(_ pair: CandidatePair) -> Bool {
    var pair = pair.sendingFromBase
    pair.setPriority(for: role)
    guard !pairs.contains(where: { $0.isRedundant(with: pair) }) else { return false }
    let place = pairs.firstIndex { CandidatePair.precedes(pair, $0, role: role) }
    pairs.insert(pair, at: place ?? pairs.endIndex)
    return true
  }

  /// Takes the other role: priorities are computed anew and the pairs put in their new order.
  ///
  /// The tie-breaking bit is all that changes, but the peer has changed too (RFC 8445 §7.2.5.1).
  public mutating func switchRole() {
    role = role.opposite
    for index in pairs.indices { pairs[index].setPriority(for: role) }
    pairs = Self.sort(pairs, role: role)
  }
}
