import Testing

@testable import NATConsole

@Suite struct GoalTests {
  /// What is said of the goal after each line; nil where nothing is.
  private func run(_ lines: String) throws -> [String?] {
    var console = try Console(preset: "port-restricted-cone")
    return try lines.split(separator: "\n").map { line in
      _ = try console.obey(String(line))
      return console.reached?.sentence
    }
  }

  @Test("A goal is reached when the table has its rows and no others, once")
  func reached() throws {
    let said = try run(
      """
      goal 10.0.0.2:5000 = 203.0.113.7:5000 from 198.51.100.1:3478 192.0.2.9:1
      goal tcp 10.0.0.3:80
      par 3
      send 10.0.0.2:5000 > 198.51.100.1:3478
      send 10.0.0.2:5000 > 192.0.2.9:1
      send tcp syn 10.0.0.3:80 > 192.0.2.9:80
      send tcp syn 10.0.0.3:80 > 192.0.2.9:80
      """)
    #expect(said == [nil, nil, nil, nil, nil, "goal reached in 3 packets: par", nil])
  }

  @Test("A row too many, another filter and a static mapping do not reach it")
  func missed() throws {
    for lines in [
      "send 10.0.0.2:5000 > 192.0.2.9:1\nsend 10.0.0.2:5001 > 192.0.2.9:1",
      "send 10.0.0.2:5000 > 192.0.2.9:2", "map 10.0.0.2:5000 = 203.0.113.7:5000",
    ] {
      let said = try run("goal 10.0.0.2:5000 = 203.0.113.7:5000 from 192.0.2.9:1\n" + lines)
      // The first of two packets reaches it; the second must not again.
      #expect(said.last! == nil, "\(lines)")
    }
  }

  @Test("Time can reach a goal, and more packets than par are told")
  func detours() throws {
    let said = try run(
      """
      goal 10.0.0.2:5000
      par 1
      send 10.0.0.9:1 > 192.0.2.9:1
      wait 1s
      send 10.0.0.2:5000 > 192.0.2.9:1
      wait 299s
      """)
    #expect(said.last == "goal reached in 2 packets; it can be done in 1")
  }

  @Test("Undo takes packets back, and the goal with them")
  func undo() throws {
    var console = try Console()
    for line in ["goal 10.0.0.2:5000", "send 10.0.0.9:1 > 192.0.2.9:1", "undo"] {
      _ = try console.obey(line)
    }
    #expect(console.goal.packetCount == 0)
    _ = try console.obey("send 10.0.0.2:5000 > 192.0.2.9:1")
    #expect(console.reached?.sentence == "goal reached in 1 packet")
    _ = try console.obey("undo")
    #expect(console.reached == nil && !console.goal.isReached)
    #expect(
      try console.obey("goal").lines
        == ["UDP 10.0.0.2:5000", "the goal is not reached after 0 packets"])
  }

  @Test(
    "What is no goal is told at its column",
    arguments: [
      ("goal 10.0.0.2", 14), ("goal 10.0.0.2:1 =", 18), ("goal 10.0.0.2:1 from moon", 22),
      ("goal 10.0.0.2:1 until", 17), ("par", 4), ("par 0", 5), ("par 4 5", 7),
    ])
  func errors(line: String, column: Int) throws {
    var console = try Console()
    do throws(ConsoleError) {
      _ = try console.obey(line)
      Issue.record("it was obeyed")
    } catch {
      #expect(error.column == column, "\(error)")
    }
  }
}
