import NATConsole
import Simulator
import Testing

@testable import WorldConsole

/// Worlds for real programs.
@Suite struct DrawnWorldTests {
  private static func error(_ lines: [String]) -> DrawnWorld.LineError? {
    do throws(DrawnWorld.LineError) {
      _ = try DrawnWorld(lines)
      return nil
    } catch {
      return error
    }
  }

  @Test("The hosts are those that run nothing of the world's own, each with its place")
  func hosts() throws {
    let world = try DrawnWorld(["# Two homes and a server."] + WorldTests.homes)
    #expect(world.hosts.map(\.name) == ["alice", "bob"])
    #expect(world.hosts.map(\.line) == [3, 5])
    #expect(world.hosts.map(\.column) == [6, 6])
    #expect(world.routers.map(\.name) == ["home", "cabin"])
    #expect(world.network.trace.nodes.count == 6)
  }

  @Test("A line that does not draw is refused, with its number and column")
  func acting() {
    let error = Self.error(WorldTests.homes + ["", "  ask alice:5000 stun.example"])
    #expect(error?.line == 7)
    #expect(error?.error.column == 3)
    #expect(error?.error.message.contains("'ask' is for worlds without real hosts") == true)
    let nonsense = Self.error(["ruter home symmetric"])
    #expect(nonsense?.error.message.hasSuffix("; did you mean 'router'?") == true)
  }

  @Test(
    "A misspelled name is told with the near one",
    arguments: [
      ("host alice behind hom", 19, "there is no router 'hom'; did you mean 'home'?"),
      ("router cabin symetric", 14, "no NAT behaves like 'symetric'; did you mean 'symmetric'?"),
      ("forward 80 of home to alise:80", 23, "there is no host 'alise'; did you mean 'alice'?"),
    ])
  func misspelled(line: String, column: Int, message: String) {
    let error = Self.error(["router home symmetric", "host alice behind home", line])
    // A second Alice would be an error of its own.
    let lines = ["router home symmetric", line]
    let found = line.hasPrefix("host") ? Self.error(lines) : error
    #expect(found?.error == ConsoleError(column: column, message: message))
  }

  @Test("A program finds its host, and is told why there is none")
  func places() throws {
    let world = try DrawnWorld(WorldTests.homes)
    #expect(try world.host(named: "bob").line == 4)
    #expect(throws: DrawnWorld.HostError.isServer("stun.example")) {
      try world.host(named: "stun.example")
    }
    #expect(throws: DrawnWorld.HostError.isRouter("home")) { try world.host(named: "home") }
    let alice = try world.host(named: "alice")
    #expect(throws: DrawnWorld.HostError.unknown("alise", near: alice)) {
      try world.host(named: "alise")
    }
    #expect(throws: DrawnWorld.HostError.unknown("moon", near: nil)) {
      try world.host(named: "moon")
    }
  }
}
