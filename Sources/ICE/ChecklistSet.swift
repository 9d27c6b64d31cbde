/// All checklists of an agent, in the order of its data streams (RFC 8445 §6.1.2).
public struct ChecklistSet: Sendable {
  public private(set) var checklists: [Checklist]

  /// How many pairs there may be in all unless configured otherwise (RFC 8445 §6.1.2.5).
  public static let defaultLimit = 100

  /// Limits the number of pairs and gives each its first state.
  ///
  /// - Parameter limit: pairs in all; less than 1 counts as 1.
  public init(_ checklists: [Checklist], limit: Int = ChecklistSet.defaultLimit) {
    self.checklists = checklists
    discardLowPriorities(limit: max(1, limit))
    setInitialStates()
  }

  /// Drops pairs from the checklists' ends, evenly, until the limit is kept (RFC 8445 §6.1.2.5).
  ///
  /// What a malicious peer gains by naming addresses that it wants flooded is bounded by this
  /// (RFC 8445 §19.5.1).
  private mutating func discardLowPriorities(limit: Int) {
    var excess = checklists.reduce(0) { $0 + $1.pairs.count } - limit
    while excess > 0 {
      // A list that is used up gives nothing more, so the others share what is left to drop.
      let giving = checklists.indices.filter { !checklists[$0].pairs.isEmpty }
      let share = max(1, excess / giving.count)
      for index in giving.reversed() where excess > 0 {
        let count = min(share, checklists[index].pairs.count)
        checklists[index].pairs.removeLast(count)
        excess -= count
      }
    }
  }

  /// For each foundation one pair waits, and all others stay frozen (RFC 8445 §6.1.2.6).
  ///
  /// It is the pair of the lowest component, among these of the highest priority, in the first
  /// checklist that has the foundation.
  private mutating func setInitialStates() {
    var thawed: Set<String> = []
    for list in checklists.indices {
      var first: [String: Int] = [:]
      for index in checklists[list].pairs.indices {
        checklists[list].pairs[index].state = .frozen
        let pair = checklists[list].pairs[index]
        guard let rival = first[pair.foundation] else {
          first[pair.foundation] = index
          continue
        }
        // The pairs are sorted, so an equal component has a lower priority here.
        if pair.local.component < checklists[list].pairs[rival].local.component {
          first[pair.foundation] = index
        }
      }
      for (foundation, index) in first where thawed.insert(foundation).inserted {
        checklists[list].pairs[index].state = .waiting
      }
    }
  }

  /// Lets every frozen pair of a foundation wait, in all checklists (RFC 8445 §7.2.5.3.3).
  ///
  /// A pair of that foundation has succeeded: the others probably will, so they needn't wait for
  /// their turn. Pairs in any other state are left alone.
  /// - Returns: how many pairs thawed.
  /// - Complexity: O(n).
  @discardableResult public mutating func unfreeze(foundation: String) -> Int {
    var count = 0
    for list in checklists.indices {
      for index in checklists[list].pairs.indices
      where checklists[list].pairs[index].state == .frozen
        && checklists[list].pairs[index].foundation == foundation
      {
        checklists[list].pairs[index].state = .waiting
        count += 1
      }
    }
    return count
  }
}
