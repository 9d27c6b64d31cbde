/// Actions in the order in which they arose, until the driver takes them.
///
/// Adding and taking are O(1) on average, also in a burst; the storage is kept for the next one.
struct ActionQueue<Action> {
  private var actions: [Action?] = []
  private var first = 0

  var isEmpty: Bool { first == actions.count }

  mutating func append(_ action: Action) {
    actions.append(action)
  }

  mutating func next() -> Action? {
    guard first < actions.count else { return nil }
    defer {
      actions[first] = nil
      first += 1
      if first == actions.count {
        actions.removeAll(keepingCapacity: true)
        first = 0
      }
    }
    return actions[first]
  }
}

extension ActionQueue: Sendable where Action: Sendable {}
