import SansIO
import Testing

@testable import Simulator

@Suite struct EventQueueTests {
  /// The events of a queue in the order in which they happen, by their numbers.
  private func numbers(_ queue: consuming EventQueue) -> [Int] {
    var numbers: [Int] = []
    while let (event, _) = queue.popDue(at: .seconds(1000)) {
      switch event {
      case .arrival(let place): numbers.append(place)
      case .endpointTimer(let host, _), .streamTimer(let host): numbers.append(host)
      case .natTimer(let router): numbers.append(router)
      }
    }
    return numbers
  }

  @Test("Events happen by time, and those of one time in the order in which they were added")
  func order() {
    var queue = EventQueue()
    for number in 0..<100 {
      queue.add(.arrival(number), at: .seconds(Int64(number * 37 % 10)))
    }
    let expected = (0..<100).sorted { ($0 * 37 % 10, $0) < ($1 * 37 % 10, $1) }
    #expect(numbers(queue) == expected)
  }

  @Test("At one time NATs' timers come first, by node, however often they were set")
  func timers() {
    var queue = EventQueue()
    queue.add(.endpointTimer(host: 100, endpoint: 0), at: .seconds(1))
    queue.add(.natTimer(router: 3), at: .seconds(1))
    queue.add(.arrival(50), at: .seconds(1))
    queue.add(.natTimer(router: 1), at: .seconds(1))
    queue.add(.natTimer(router: 3), at: .seconds(1))
    #expect(numbers(queue) == [1, 3, 3, 100, 50])
  }

  @Test(
    "Whatever is added while time goes on comes by time, NATs first, then in the order of adding")
  func interleaved() {
    var random = SeededGenerator(seed: 3)
    for _ in 0..<50 {
      var queue = EventQueue()
      var expected: [(time: Int64, isHost: Bool, order: Int)] = []
      var now: Int64 = 0
      for number in 0..<400 {
        if Int.random(in: 0..<3, using: &random) > 0 || expected.isEmpty {
          // From now on, from one nanosecond to hours, and often the same.
          let time =
            now
            + (Int64.random(in: 0...3, using: &random) << Int64.random(in: 0...43, using: &random))
          let isHost = Int.random(in: 0..<4, using: &random) > 0
          let order = isHost ? number : number % 5
          queue.add(
            isHost ? .streamTimer(host: number) : .natTimer(router: order),
            at: Instant(nanoseconds: time))
          expected.append((time, isHost, order))
        } else {
          let limit = now + Int64.random(in: 0..<1 << 40, using: &random)
          let first = expected.indices.min { left, right in
            let (left, right) = (expected[left], expected[right])
            return (left.time, left.isHost ? 1 : 0, left.order)
              < (right.time, right.isHost ? 1 : 0, right.order)
          }.map { expected[$0] }
          let due = queue.popDue(at: Instant(nanoseconds: limit))
          guard let first, first.time <= limit else {
            #expect(due?.time == nil)
            continue
          }
          #expect(due?.time.nanoseconds == first.time)
          switch due?.event {
          case .streamTimer(let host): #expect(first.isHost && host == first.order)
          case .natTimer(let router): #expect(!first.isHost && router == first.order)
          default: Issue.record("nothing came")
          }
          now = first.time
          expected.remove(at: expected.firstIndex { $0 == first }!)
        }
      }
    }
  }

  @Test("Nothing happens before its time")
  func due() throws {
    var queue = EventQueue()
    queue.add(.arrival(7), at: .seconds(2))
    #expect(queue.nextTime == .seconds(2))
    let early = queue.popDue(at: .seconds(1))
    #expect(early?.time == nil)
    let due = queue.popDue(at: .seconds(3))
    let (event, time) = try #require(due)
    #expect(time == .seconds(2))
    guard case .arrival(let place) = event else {
      Issue.record("not an arrival")
      return
    }
    #expect(place == 7)
    #expect(queue.nextTime == nil)
  }
}
