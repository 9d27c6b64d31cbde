import ArgumentParser
import CommandOptions
import NATTable
import PacketStepper
import ProgramSupport
import Simulator
import Terminal
import TransportAddress

struct MatrixCommand: ParsableCommand {
  static let configuration = MatrixArguments.configuration

  @OptionGroup var arguments: MatrixArguments

  func run() throws {
    let output = arguments.output.output()
    switch arguments.nats.count {
    case 0:
      if arguments.explain || arguments.step || arguments.svg != nil {
        throw WorkbookError.usage("--explain, --step and --svg go with two NATs")
      }
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
    let matrix = Matrix.holePunching(seed: arguments.seed)
    if arguments.format.json {
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

  /// How a NAT behaves that is named by a preset or by one of the nine behaviors.
  private static func configuration(
    of nat: NATName
  ) throws(WorkbookError) -> NATTable.Configuration {
    if let behavior = HolePunching.Behavior(named: nat.name) { return behavior.configuration }
    let preset = NATTable.Configuration.presets.first { $0.name == nat.name }
    guard let preset else { throw .usage("there is no NAT '\(nat.name)'") }
    return preset.configuration
  }

  private func showPair(_ output: Writer) throws {
    if arguments.step || arguments.svg != nil, !arguments.explain {
      throw WorkbookError.usage("--step and --svg go with --explain")
    }
    if arguments.step, arguments.format.json {
      throw WorkbookError.usage("--step and --json do not go together")
    }
    let nats = arguments.nats
    var scenario = HolePunching(
      try Self.configuration(of: nats[0]), try Self.configuration(of: nats[1]),
      seed: arguments.seed)
    let result = scenario.run()
    let trace = scenario.network.trace
    if let svg = arguments.svg { try writeFile(svg, Ladder(trace).svg()) }
    if arguments.format.json {
      if arguments.explain {
        output.raw("{\"version\":\(jsonVersion)," + trace.json.dropFirst())
      } else {
        try output.json(PairReport(nats[0].name, nats[1].name, result))
      }
      return
    }
    if arguments.step {
      PacketStepping.run(trace, output: output)
    } else if arguments.explain {
      let ladder = Ladder(trace)
      let width = max(40, output.presentation.width)
      output.raw((isInWords(output) ? ladder.words() : ladder.text(width: width)) + "\n\n")
    }
    output.raw("\(nats[0].name) and \(nats[1].name): \(result).\n")
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
