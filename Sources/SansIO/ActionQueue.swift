/// Actions that a state machine has for its driver, first in, first out.
///
/// Both ends cost O(1) on average; a queue that is empty again keeps its memory for the next burst.
@frozen
@usableFromInline
package struct ActionQueue<Action> {
  @usableFromInline var actions: [Action?] = []
  @usableFromInline var first = 0

  @inlinable
  package init() {}

  /// Whether no action waits.
  @inlinable
  package var isEmpty: Bool { first == actions.count }

  /// How many actions wait.
  @inlinable
  package var count: Int { actions.count - first }

  /// Adds an action behind all others.
  @inlinable
  package mutating func append(_ action: Action) {
    actions.append(action)
  }

  /// Takes the oldest action out; nil if there is none.
  @inlinable
  package mutating func next() -> Action? {
    guard first < actions.count else { return nil }
    if actions.count == 1 {
      // The usual case, an action taken before the next one is made: it is moved out.
      return actions.removeLast()
    }
    let action = actions[first].take()
    first += 1
    if first == actions.count {
      actions.removeAll(keepingCapacity: true)
      first = 0
    } else if first >= 64, 2 * first >= actions.count {
      // The taken half goes, so that a queue that never runs empty does not grow for ever.
      actions.removeFirst(first)
      first = 0
    }
    return action
  }
}

extension ActionQueue: Sendable where Action: Sendable {}
