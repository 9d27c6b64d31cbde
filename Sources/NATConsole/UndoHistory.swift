/// The changes that can be taken back, and snapshots of the state between some of them.
///
/// A snapshot of every state would hold a whole table for each line. A snapshot follows the last one
/// after as many changes as the state has elements, so that copying costs a constant for each change;
/// what lies between two snapshots is replayed.
package struct UndoHistory<State, Change> {
  /// How many changes can be taken back.
  package let depth: Int

  /// Changes that are not taken back, from the first snapshot on.
  private(set) var changes: [Change] = []
  /// States, each with the number of the change that follows it; ascending.
  private(set) var snapshots: [(number: Int, state: State)] = []
  /// The number of the next change.
  private(set) var count = 0
  /// Changes before this one can no longer be taken back.
  private var oldest = 0

  /// Changes between two snapshots that are replayed rather than remembered one by one.
  private static var shortestGap: Int { 64 }
  /// Replays shorter than this need no snapshot in between.
  private static var shortestReplay: Int { 16 }

  package init(depth: Int) {
    self.depth = depth
  }

  /// Takes a snapshot if one is due.
  ///
  /// - Parameters:
  ///   - state: the state that the next change is about to change.
  ///   - size: how many elements a copy of the state copies.
  /// - Complexity: amortized O(1), with the copy that a snapshot causes later.
  package mutating func prepare(_ state: State, size: Int) {
    if let last = snapshots.last, count - last.number < max(Self.shortestGap, size) { return }
    snapshots.append((count, state))
  }

  /// Remembers a change that has been made; ``prepare(_:size:)`` saw the state before it.
  ///
  /// - Complexity: amortized O(1).
  package mutating func append(_ change: Change) {
    changes.append(change)
    count += 1
    oldest = max(oldest, count - depth)
    // Only the last snapshot before the oldest change is of use.
    while snapshots.count > 1, snapshots[1].number <= oldest {
      changes.removeFirst(snapshots[1].number - snapshots[0].number)
      snapshots.removeFirst()
    }
  }

  /// Takes back the last change.
  ///
  /// - Parameter replay: makes a change again, which it must do as the first time.
  /// - Returns: the state before the change; nil if there is nothing to take back.
  /// - Complexity: amortized O(log *n*) replays, where *n* is the size of the state.
  package mutating func takeBack(replay: (inout State, Change) -> Void) -> State? {
    guard count > oldest else { return nil }
    changes.removeLast()
    count -= 1
    while snapshots.count > 1, let last = snapshots.last, last.number > count {
      snapshots.removeLast()
    }
    guard let first = snapshots.first, let last = snapshots.last else { return nil }
    var state = last.state
    // Snapshots half-way, so that the next change is taken back from nearby.
    var half = (count - last.number) / 2
    for number in last.number..<count {
      replay(&state, changes[number - first.number])
      if count - number - 1 == half, half >= Self.shortestReplay {
        snapshots.append((number + 1, state))
        half /= 2
      }
    }
    return state
  }
}

extension UndoHistory: Sendable where State: Sendable, Change: Sendable {}
