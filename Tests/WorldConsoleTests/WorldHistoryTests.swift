import NATConsole
import Simulator
import Testing

@testable import WorldConsole

@Suite struct WorldHistoryTests {
  @Test("Undo takes back drawings, packets, time and goals, one by one")
  func undo() throws {
    let lines =
      WorldTests.homes + [
        "forward 80 of home to alice:8080", "goal home 10.0.0.2:5000", "par 1",
        "ask alice:5000 stun.example", "wait 10s", "send bob:1 > home:5000 Hi",
        "host far at 203.0.113.7 loss 50%", "send alice:5000 > far:1",
        "interface cell of alice", "disconnect alice", "connect alice behind cabin",
      ]
    var history = WorldHistory(World(seed: 1))
    var states: [(Trace, Goal)] = []
    for line in lines {
      states.append((history.world.network.trace, history.world.goal))
      _ = try history.obey(line)
      // What only looks is not taken back.
      for line in ["table", "map", "ladder", "goal", "help", "", "# nothing"] {
        _ = try history.obey(line)
      }
    }
    for (trace, goal) in states.reversed() {
      _ = try history.obey("undo")
      #expect(history.world.network.trace == trace)
      #expect(history.world.goal == goal)
    }
    #expect(throws: ConsoleError(column: 1, message: "there is nothing to take back")) {
      try history.obey("undo")
    }
  }

  @Test("What happens after undo is what would have happened without the line")
  func repeated() throws {
    let homes = [
      "router home symmetric loss 30%", "host alice behind home", "host far at 203.0.113.7",
    ]
    func trace(_ lines: [String]) throws -> Trace {
      var history = WorldHistory(World(seed: 5))
      for line in homes + lines { _ = try history.obey(line) }
      return history.world.network.trace
    }
    let lines = (1...100).map { "send alice:5000 > far:\($0)" }
    #expect(try trace(lines + ["send alice:1 > far:1", "undo"] + lines) == trace(lines + lines))
  }

  @Test("A line that cannot be obeyed leaves nothing to take back")
  func errors() throws {
    var history = WorldHistory(World(seed: 1))
    #expect(throws: ConsoleError.self) { try history.obey("router") }
    #expect(throws: ConsoleError.self) { try history.obey("undo it") }
    #expect(throws: ConsoleError(column: 1, message: "there is nothing to take back")) {
      try history.obey("undo")
    }
  }

  @Test("A goal names routers, and is reached in as many packets as lines have sent")
  func goal() throws {
    var history = WorldHistory(World(seed: 1))
    let lines =
      WorldTests.homes + [
        "goal home 10.0.0.2:5000 from 203.0.113.9:3478 198.51.100.2:5000",
        "goal cabin 10.0.1.2:5000",
        "par 2", "ask alice:5000 stun.example", "send alice:5000 > cabin:5000",
      ]
    for line in lines {
      _ = try history.obey(line)
      #expect(history.reached == nil, "\(line)")
    }
    _ = try history.obey("send bob:5000 > home:5000")
    #expect(history.reached?.sentence == "goal reached in 3 packets; it can be done in 2")
    #expect(
      try history.obey("goal").words == [
        "cabin UDP 10.0.1.2:5000",
        "home UDP 10.0.0.2:5000 from 198.51.100.2:5000 203.0.113.9:3478",
        "goal reached in 3 packets; it can be done in 2",
      ])
    _ = try history.obey("undo")
    #expect(history.reached == nil && !history.world.goal.isReached)
  }
}
