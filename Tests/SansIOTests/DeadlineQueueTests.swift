import SansIO
import Testing

@Suite struct DeadlineQueueTests {
  @Test("Timers fire by deadline, and those of one deadline in the order in which they were set")
  func order() {
    var queue = DeadlineQueue<String>()
    for (key, second) in [("c", 2), ("a", 1), ("d", 2), ("b", 1)] {
      queue.set(key, at: .seconds(Int64(second)))
    }
    #expect(queue.nextDeadline == .seconds(1))
    #expect(drain(&queue, at: .seconds(2)) == ["a", "b", "c", "d"])
  }

  @Test("Nothing fires before its deadline")
  func early() {
    var queue = DeadlineQueue<Int>()
    queue.set(1, at: .milliseconds(10))
    #expect(queue.popDue(at: .milliseconds(9)) == nil)
    #expect(queue.popDue(at: .milliseconds(10))?.key == 1)
    #expect(queue.isEmpty)
  }

  @Test("A timer that is set again moves, and is then the last of its deadline")
  func move() {
    var queue = DeadlineQueue<Int>()
    queue.set(1, at: .seconds(1))
    queue.set(2, at: .seconds(5))
    queue.set(1, at: .seconds(5))
    #expect(queue.deadline(of: 1) == .seconds(5))
    #expect(drain(&queue, at: .seconds(5)) == [2, 1])
  }

  @Test("A timer that was cancelled does not fire")
  func cancel() {
    var queue = DeadlineQueue<Int>()
    queue.set(1, at: .seconds(1))
    queue.set(2, at: .seconds(2))
    #expect(queue.cancel(1) == .seconds(1))
    #expect(queue.cancel(1) == nil)
    #expect(drain(&queue, at: .seconds(9)) == [2])
  }

  @Test(
    "Any order of setting, moving and cancelling fires as a sorted list would", arguments: 0..<20)
  func model(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    var queue = DeadlineQueue<Int>()
    var model: [(key: Int, deadline: Int64, sequence: Int)] = []
    for step in 0..<500 {
      let key = Int.random(in: 0..<40, using: &generator)
      let deadline = Int64.random(in: 0..<30, using: &generator)
      model.removeAll { $0.key == key }
      if Int.random(in: 0..<4, using: &generator) == 0 {
        queue.cancel(key)
      } else {
        queue.set(key, at: .seconds(deadline))
        model.append((key, deadline, step))
      }
      #expect(queue.count == model.count)
    }
    model.sort { ($0.deadline, $0.sequence) < ($1.deadline, $1.sequence) }
    #expect(drain(&queue, at: .seconds(30)) == model.map(\.key))
  }

  private func drain<Key>(_ queue: inout DeadlineQueue<Key>, at now: Instant) -> [Key] {
    var keys: [Key] = []
    while let due = queue.popDue(at: now) { keys.append(due.key) }
    return keys
  }
}
