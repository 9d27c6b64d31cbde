import ArgumentParser
import CommandOptions
import NATTable
import ProgramSupport
import Simulator
import Terminal
import TransportAddress

struct MatrixCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "matrix",
    abstract: "See who reaches whom by hole punching, through which NATs.",
    discussion: """
      Alice and Bob, behind a NAT each, learn their addresses from a STUN server, tell them each \
      other and send. Without arguments the nine behaviors of RFC 4787 meet each other; with two \
      NATs these two meet, and --explain shows each packet.

      A NAT is a preset of 'nat', such as symmetric, or a behavior such as EIM/APDF: mapping and \
      filtering that are endpoint-independent (EI), address-dependent (AD), or address and \
      port-dependent (APD).
      """)

  @OptionGroup var options: OutputOptions
  @OptionGroup var format: JSONOption

  @Flag(help: "With two NATs: show each packet, as a ladder, in words, or as the trace's JSON.")
  var explain = false

  @Option(help: "The seed of all that happens by chance.")
  var seed: UInt64 = 1

  @Argument(help: "The NATs of Alice and Bob.")
  var nats: [SimulatedNAT] = []

  func run() throws {
    let output = options.output()
    switch nats.count {
    case 0:
      if explain { throw WorkbookError.usage("--explain goes with two NATs") }
      try showMatrix(output)
    case 2: try showPair(output)
    default: throw WorkbookError.usage("name two NATs, or none for all nine behaviors")
    }
    output.flush()
  }

  /// Drawings are for terminals that can show them, as everywhere in the workbook.
  private func isInWords(_ output: Writer) -> Bool {
    output.presentation.plain || !output.presentation.unicode
  }

  private func showMatrix(_ output: Writer) throws {
    let matrix = Matrix.holePunching(seed: seed)
    if format.json {
      let pairs = matrix.behaviors.indices.flatMap { row in
        matrix.behaviors.indices.map { column in
          PairReport(
            matrix.behaviors[row].name, matrix.behaviors[column].name, matrix.results[row][column])
        }
      }
      try output.json(MatrixReport(pairs: pairs))
    } else {
      output.raw((isInWords(output) ? matrix.words() : matrix.text()) + "\n")
    }
  }

  private func showPair(_ output: Writer) throws {
    var scenario = HolePunching(nats[0].configuration, nats[1].configuration, seed: seed)
    let result = scenario.run()
    let trace = scenario.network.trace
    if format.json {
      if explain {
        output.raw("{\"version\":\(jsonVersion)," + trace.json.dropFirst())
      } else {
        try output.json(PairReport(nats[0].name, nats[1].name, result))
      }
      return
    }
    if explain {
      let ladder = Ladder(trace)
      let width = max(40, output.presentation.width)
      output.raw((isInWords(output) ? ladder.words() : ladder.text(width: width)) + "\n\n")
    }
    output.raw("\(nats[0].name) and \(nats[1].name): \(result).\n")
  }
}

/// A NAT that is named: a preset or one of the nine behaviors.
struct SimulatedNAT: ExpressibleByArgument {
  let name: String
  let configuration: NATTable.Configuration

  init?(argument: String) {
    if let behavior = HolePunching.Behavior(named: argument) {
      name = behavior.name
      configuration = behavior.configuration
    } else if let preset = NATTable.Configuration.presets.first(where: { $0.name == argument }) {
      name = preset.name
      configuration = preset.configuration
    } else {
      return nil
    }
  }

  static var allValueStrings: [String] {
    NATTable.Configuration.presets.map(\.name) + HolePunching.Behavior.all.map(\.name)
  }
}

/// All pairs of NATs, as printed by `matrix --json`.
struct MatrixReport: Encodable {
  var pairs: [PairReport]
}

/// How two NATs get along, as printed by `matrix NAT NAT --json`.
struct PairReport: Encodable {
  struct Side: Encodable {
    var nat: String
    var hears: Bool
    var mappedAddress: TransportAddress?
    var peer: TransportAddress?
  }

  var alice: Side
  var bob: Side
  var connected: Bool

  init(_ alice: String, _ bob: String, _ result: HolePunching.Result) {
    self.alice = Side(
      nat: alice, hears: result.alice.hears, mappedAddress: result.alice.mappedAddress,
      peer: result.alice.peer)
    self.bob = Side(
      nat: bob, hears: result.bob.hears, mappedAddress: result.bob.mappedAddress,
      peer: result.bob.peer)
    connected = result.isConnected
  }
}
