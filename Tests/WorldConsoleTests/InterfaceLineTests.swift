import NATConsole
import Simulator
import Testing

@testable import WorldConsole

/// Hosts of a world with several interfaces, and such as change networks.
@Suite struct InterfaceLineTests {
  /// A phone at home and in a cell at once.
  static let phone = [
    "router home port-restricted-cone", "router cell symmetric inside 100.64.0.1",
    "host phone behind home", "interface cell of phone behind cell",
    "host stun.example at 203.0.113.9 running stun",
  ]

  @Test("A host has a further interface, and a socket with its name sends by it")
  func interfaces() throws {
    let words = try WorldTests.run(
      Self.phone + [
        "ask phone:5000 stun.example", "ask phone/cell:5000 stun.example",
        "send phone/cell:6000 > stun.example:9", "send stun.example:9 > phone/cell:1",
      ]
    ).words
    #expect(words[3] == ["phone/cell is an interface of phone behind cell at 100.64.0.2."])
    #expect(words[5].last?.hasSuffix("phone: the STUN server sees 198.51.100.1:5000.") == true)
    #expect(words[6].last?.hasSuffix("phone: the STUN server sees 198.51.100.2:5000.") == true)
    #expect(words[7][0].contains("phone/cell sends \"Hello\" from 100.64.0.2:6000"))
    #expect(words[8][0].contains("no route to this address"))
  }

  @Test("A host, or one interface of it, leaves a network and comes to another")
  func changes() throws {
    let words = try WorldTests.run(
      Self.phone + [
        "disconnect phone", "ask phone:5000 stun.example",
        "connect phone behind cell at 100.64.0.9",
        "disconnect phone/cell", "ask phone:5000 stun.example", "connect phone/cell latency 3ms",
      ]
    ).words
    #expect(words[5] == ["0.0 ms: phone: off the network of home."])
    #expect(words[6].last?.hasSuffix("the STUN server sees 198.51.100.2:5000.") == true)
    #expect(words[7].last?.hasSuffix("phone: 100.64.0.9 in the network of cell.") == true)
    #expect(words[9][0].contains("phone sends Binding request from 100.64.0.9:5000"))
    #expect(
      words[10].last?.hasSuffix("phone/cell: 198.51.100.3 in the network of Internet.") == true)
  }

  @Test("What an interface cannot do is told at its column")
  func interfaceErrors() throws {
    let cases = [
      ("interface wifi phone", 16, "'of' and a host should stand here"),
      ("interface wifi of phon", 19, "there is no host 'phon'; did you mean 'phone'?"),
      ("interface cell of phone", 11, "there are two nodes \"phone/cell\""),
      (
        "interface wifi of phone near", 25,
        "behind, at, ipv6, ipv4-only, ipv6-only, latency, jitter, loss, duplication, reordering, "
          + "rate or mtu should stand here"
      ),
      (
        "send phone/cel:1 > home:1", 6,
        "there is no host 'phone/cel'; did you mean 'phone/cell'?"
      ),
      (
        "connect phone at 10.9.9.9", 9,
        "10.9.9.9 is no address of a host in the network of Internet"
      ),
      ("connect", 8, "a host's name should stand here"),
    ]
    for (line, column, message) in cases {
      var world = try WorldTests.run(Self.phone).world
      let before = world.network.trace
      #expect(throws: ConsoleError(column: column, message: message)) { try world.obey(line) }
      #expect(world.network.trace == before)
    }
    var world = try WorldTests.run(Self.phone + ["disconnect phone/cell"]).world
    #expect(throws: ConsoleError(column: 12, message: "'phone/cell' is in no network")) {
      try world.obey("disconnect phone/cell")
    }
    #expect(throws: ConsoleError.self) { try world.obey("send phone/cell:1 > home:1") }
  }
}
