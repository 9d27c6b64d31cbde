/// Actions that a state machine has for its driver, first in, first out.
///
/// Both ends cost O(1) on average; a queue that is empty again keeps its memory for the next burst.
package struct ActionQueue<Action> {
  private var actions: [Action?] = []
  private var first = 0

  package init() {}

  /// Whether no action waits.
  package var isEmpty: Bool { first == actions.count }

  /// How many actions wait.
  package var count: Int { actions.count - first }

  /// Adds an action behind all others.
  package mutating func append(_ action: Action) {
    actions.append(action)
  }

  /// Takes the oldest action out; nil if there is none.
  package mutating func next() -> Action? {
    guard first < actions.count else { return nil }
    defer {
      actions[first] = nil
      first += 1
      if first == actions.count {
        actions.removeAll(keepingCapacity: true)
        first = 0
      } else if first >= 64, 2 * first >= actions.count {
        // The taken half goes, so that a queue that never runs empty does not grow for ever.
        actions.removeFirst(first)
        first = 0
      }
    }
    return actions[first]
  }
}

extension ActionQueue: Sendable where Action: Sendable {}
