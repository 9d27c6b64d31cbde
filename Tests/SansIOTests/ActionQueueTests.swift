import SansIO
import Testing

@Suite struct ActionQueueTests {
  @Test("Actions come out in the order in which they went in, however both are mixed")
  func order() {
    var random = SeededGenerator(seed: 1)
    var queue = ActionQueue<Int>()
    var added = 0
    var taken = 0
    for _ in 0..<20_000 {
      if Int.random(in: 0..<100, using: &random) < 51 {
        queue.append(added)
        added += 1
      } else if let next = queue.next() {
        #expect(next == taken)
        taken += 1
      } else {
        #expect(taken == added)
      }
      #expect(queue.count == added - taken)
      #expect(queue.isEmpty == (added == taken))
    }
    #expect(taken > 64)
  }
}
