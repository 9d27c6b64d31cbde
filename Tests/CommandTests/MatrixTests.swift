import FoundationEssentials
import TestSupport
import Testing

@Suite struct MatrixCommandTests {
  private struct Pairs: Decodable { var pairs: [Pair] }

  private struct Pair: Decodable {
    struct Side: Decodable {
      var nat: String
      var hears: Bool
      var mappedAddress: String?
      var peer: String?
    }

    var alice: Side
    var bob: Side
    var connected: Bool
  }

  private func decode<Value: Decodable>(_ type: Value.Type, _ text: String) throws -> Value {
    try JSONDecoder().decode(type, from: Data(text.utf8))
  }

  @Test("The nine behaviors against each other fit 80 columns, and say what each sign means")
  func table() throws {
    let result = try Program.runInTerminal(["matrix"])
    #expect(result.exitCode == 0)
    let lines = result.output.split(whereSeparator: \.isNewline)
    #expect(lines.allSatisfy { $0.count <= 80 })
    #expect(lines.contains { $0.hasPrefix("EIM   APDF") })
    #expect(result.output.contains("● both hear each other"))
  }

  @Test("As JSON it is a list of 81 pairs, and without a terminal as many lines of words")
  func pairs() throws {
    let pairs = try decode(Pairs.self, try Program.run(["matrix", "--json"]).output).pairs
    #expect(pairs.count == 81)
    let cones = try #require(
      pairs.first { $0.alice.nat == "EIM/APDF" && $0.bob.nat == "EIM/APDF" })
    #expect(cones.connected)
    #expect(cones.alice.peer == cones.bob.mappedAddress)
    let symmetric = try #require(
      pairs.first { $0.alice.nat == "APDM/APDF" && $0.bob.nat == "APDM/APDF" })
    #expect(!symmetric.connected && symmetric.alice.peer == nil)
    let words = try Program.run(["matrix"]).output.split(separator: "\n")
    #expect(words.count == 81)
    #expect(words.contains("EIM/APDF and APDM/APDF: neither hears the other"))
  }

  @Test("Two NATs by their names meet, or do not")
  func one() throws {
    let result = try Program.run(["matrix", "restricted-cone", "symmetric"])
    #expect(result.exitCode == 0)
    #expect(result.output == "restricted-cone and symmetric: both hear each other.\n")
    let json = try Program.run(["matrix", "apdm/apdf", "linux", "--json"])
    let pair = try decode(Pair.self, json.output)
    #expect(pair.alice.nat == "APDM/APDF" && pair.bob.nat == "linux")
  }

  @Test("Explained, each packet has an arrow, or a line of words, or its events as JSON")
  func explained() throws {
    let nats = ["matrix", "symmetric", "port-restricted-cone", "--explain"]
    let ladder = try Program.runInTerminal(nats)
    #expect(ladder.exitCode == 0)
    #expect(ladder.output.contains("Binding request"))
    #expect(ladder.output.contains("✗ cabin: the mapping's filter does not admit this sender"))
    #expect(ladder.output.split(whereSeparator: \.isNewline).allSatisfy { $0.count <= 80 })
    #expect(ladder.output.contains("neither hears the other."))
    let words = try Program.run(nats)
    #expect(words.output.contains("0.0 ms: alice sends Binding request from 10.0.0.2:5000"))
    struct Trace: Decodable {
      struct Event: Decodable {
        var event: String
      }
      var events: [Event]
    }
    let trace = try decode(Trace.self, try Program.run(nats + ["--json"]).output)
    #expect(trace.events.count { $0.event == "dropped" } == 10)
  }

  @Test("With ICE it says which candidates are selected, beside hole punching, in 80 columns")
  func calls() throws {
    for arguments in [["matrix", "--ice"], ["matrix", "--ice", "--places"]] {
      let result = try Program.runInTerminal(arguments)
      #expect(result.exitCode == 0)
      #expect(result.output.split(whereSeparator: \.isNewline).allSatisfy { $0.count <= 80 })
      #expect(result.output.contains("● hole punching alone connects, too"))
    }
    let words = try Program.run(["matrix", "--ice"]).output.split(separator: "\n")
    #expect(words.count == 81)
    #expect(words.contains { $0.hasPrefix("EIM/APDF and APDM/APDF: relayed") })
  }

  @Test("One call is explained packet by packet, and by both agents themselves")
  func explainedCall() throws {
    let result = try Program.runInTerminal(["matrix", "--ice", "home", "hotel", "--explain"])
    #expect(result.exitCode == 0)
    #expect(result.output.contains("Allocate request"))
    #expect(result.output.contains("alice: controlling, generation 0: Completed"))
    #expect(result.output.contains("bob: controlled, generation 0: Completed"))
    #expect(result.output.contains("home and hotel: relayed"))
  }

  @Test("Without a terminal, --step prints all steps")
  func steps() throws {
    let result = try Program.run(
      ["matrix", "symmetric", "port-restricted-cone", "--explain", "--step"])
    #expect(result.exitCode == 0)
    #expect(result.output.hasPrefix("Step 1 of "))
    #expect(result.output.contains("  IPv4 Source Address: 10.0.0.2 becomes 198.51.100.1"))
  }

  @Test("--svg writes the ladder as a picture, whole or not at all")
  func picture() throws {
    let path =
      FileManager.default.temporaryDirectory.path
      + "/pathfinder-\(UInt64.random(in: .min ... .max)).svg"
    defer { try? FileManager.default.removeItem(atPath: path) }
    let nats = ["matrix", "symmetric", "linux", "--explain", "--svg"]
    let result = try Program.run(nats + [path])
    #expect(result.exitCode == 0)
    let picture = try String(contentsOfFile: path, encoding: .utf8)
    #expect(picture.hasPrefix("<svg xmlns=\"http://www.w3.org/2000/svg\""))
    #expect(try Program.run(nats + ["/nowhere/ladder.svg"]).exitCode == 74)
  }

  @Test(
    "One NAT, an unknown one, or nothing to explain is a mistake of usage",
    arguments: [
      ["symmetric"], ["symmetric", "donut"], ["--explain"], ["--ice", "--explain"], ["--places"],
      ["home", "hotel"], ["--step"], ["symmetric", "linux", "--step"],
      ["symmetric", "linux", "--svg", "a.svg"],
      ["symmetric", "linux", "--explain", "--step", "--json"],
    ])
  func usage(arguments: [String]) throws {
    let result = try Program.run(["matrix"] + arguments)
    #expect(result.exitCode == 64)
    #expect(result.output == "")
    #expect(!result.errorOutput.isEmpty)
  }
}
