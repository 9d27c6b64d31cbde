import Drills
import NATConsole
import NATTable
import Simulator
import TestSupport
import Testing

@testable import CommandOptions

/// The commands that the program hands over to the one with the protocols.
@Suite struct HandedOverTests {
  @Test("The presets of the command line are those of the console")
  func presets() {
    #expect(NATPreset.all == ConsoleNAT.presets)
    #expect(
      NATPreset.all.filter { NATPreset(argument: $0)?.isBetweenIPv4 == true }
        == NATTable.Configuration.presets.map(\.name))
  }

  @Test("The sites of the matrix are the presets, the nine behaviors and the places")
  func nats() {
    #expect(
      NATName.allValueStrings
        == NATTable.Configuration.presets.map(\.name) + HolePunching.Behavior.all.map(\.name)
        + Place.allCases.filter { $0 != .ipv6Mobile }.map(\.rawValue))
    #expect(NATName(argument: "apdm/apdf")?.name == "APDM/APDF")
    #expect(NATName(argument: "Symmetric") == nil)
  }

  @Test("The names of the drills are those of the drills")
  func drills() {
    #expect(DrillName.all == Drill.all.map(\.id))
  }

  @Test("The gateway is the inside network's usual one")
  func gateway() {
    let usual = InsideNetwork.usual
    #expect(GatewayAddress.usual.description == "\(usual.gateway)/\(usual.prefixLength)")
  }

  @Test("Where the other program cannot be started, one line says so, with 69")
  func missing() throws {
    let result = try Program.run(["decode", "00"], environment: ["WORKBOOK_LAB": "/nowhere/lab"])
    #expect(result.exitCode == 69)
    #expect(
      result.errorOutput == "workbook: cannot start /nowhere/lab: No such file or directory\n")
  }

  @Test(
    "A line that is wrong is refused before the other program is asked",
    arguments: [
      ["nat", "--preset", "donut"], ["matrix", "donut", "linux"], ["decode", "--frame", "x"],
      ["drill", "campos"], ["drill", "--cause", "1"],
    ])
  func refused(line: [String]) throws {
    let result = try Program.run(line, environment: ["WORKBOOK_LAB": "/nowhere/lab"])
    #expect(result.exitCode == 64)
  }
}
