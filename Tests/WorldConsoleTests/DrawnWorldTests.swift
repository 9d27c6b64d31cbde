import NATConsole
import SansIO
import Simulator
import Testing
import TransportAddress

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

  // MARK: - Changes

  private static let moving = [
    "router home symmetric", "router tower cgn inside 100.64.0.1", "host phone behind home",
    "host server at 203.0.113.9 running stun",
  ]

  @Test("Lines behind a wait are changes, each at its time")
  func changes() throws {
    let world = try DrawnWorld(
      Self.moving + [
        "wait 10s", "disconnect phone", "wait 500ms  # no network", "connect   phone behind tower",
        "renumber home 198.51.100.7",
      ])
    #expect(
      world.changes.map(\.time) == [.seconds(10), .milliseconds(10_500), .milliseconds(10_500)])
    #expect(
      world.changes.map(\.text) == [
        "disconnect phone", "connect phone behind tower", "renumber home 198.51.100.7",
      ])
    // Nothing of it has happened yet.
    var network = world.network
    let phone = try world.host(named: "phone").id
    #expect(network.address(of: phone) == "10.0.0.2" && network.time == .zero)
    try world.changes[0].change.apply(to: &network)
    #expect(!network.isConnected(phone))
    try world.changes[1].change.apply(to: &network)
    #expect(network.address(of: phone) == "100.64.0.2")
    try world.changes[2].change.apply(to: &network)
    #expect(network.externalAddress(of: try #require(world.routers.first).id) == "198.51.100.7")
  }

  @Test(
    "A change that cannot be made, or is none, is refused with its line before anything runs",
    arguments: [
      (["disconnect phone", "wait 1s", "disconnect phone"], 7, "'phone' is in no network"),
      (["connect phone behind hone"], 5, "there is no router 'hone'; did you mean 'home'?"),
      (["renumber home 203.0.113.9"], 5, "another node has the address 203.0.113.9"),
      (["wait"], 5, "a time should stand here, such as 30s or 5m"),
      (
        ["wait 1s", "host late behind home"], 6,
        "what is drawn stands before the first wait, connect, disconnect or renumber"
      ),
      (
        ["wait 1s", "send phone:5000 > server:9"], 6,
        "'send' is for worlds without real hosts; here lines draw, and programs act"
      ),
    ] as [([String], Int, String)])
  func wrongChange(lines: [String], line: Int, message: String) {
    let error = Self.error(Self.moving + lines)
    #expect(error?.line == line)
    #expect(error?.error.message == message)
  }
}
