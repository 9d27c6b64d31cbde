import ArgumentParser
import Calls
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
    if arguments.places || arguments.all, !arguments.ice || !arguments.nats.isEmpty {
      throw WorkbookError.usage("--places and --all go with --ice alone")
    }
    if arguments.trickle != nil, !arguments.ice {
      throw WorkbookError.usage("--trickle goes with --ice")
    }
    if arguments.step || arguments.svg != nil, !arguments.explain {
      throw WorkbookError.usage("--step and --svg go with --explain")
    }
    if arguments.step, arguments.format.json {
      throw WorkbookError.usage("--step and --json do not go together")
    }
    switch arguments.nats.count {
    case 0:
      if arguments.explain { throw WorkbookError.usage("--explain goes with two NATs") }
      if arguments.ice { try showCalls(output) } else { try showMatrix(output) }
    case 2:
      if arguments.ice { try showCall(output) } else { try showPair(output) }
    default: throw WorkbookError.usage("name two NATs, or none for all nine behaviors")
    }
    output.flush()
  }

  /// Drawings are for terminals that can show them, as everywhere in the workbook.
  func isInWords(_ output: Writer) -> Bool {
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

  /// The site that a name stands for: a preset's, one of the nine behaviors', or a place's.
  static func site(of nat: NATName) throws(WorkbookError) -> CallSite {
    if let behavior = HolePunching.Behavior(named: nat.name) {
      return .nat(behavior.name, behavior.configuration)
    }
    if let preset = NATTable.Configuration.presets.first(where: { $0.name == nat.name }) {
      return .nat(preset.name, preset.configuration)
    }
    guard let place = Place(rawValue: nat.name) else {
      throw .usage("there is no NAT and no place '\(nat.name)'")
    }
    return .place(place)
  }

  private static func configuration(
    of nat: NATName
  ) throws(WorkbookError) -> NATTable.Configuration {
    guard case .nat(_, let configuration) = try site(of: nat) else {
      throw .usage("places meet with --ice")
    }
    return configuration
  }

  private func showPair(_ output: Writer) throws {
    let nats = arguments.nats
    var scenario = HolePunching(
      try Self.configuration(of: nats[0]), try Self.configuration(of: nats[1]),
      seed: arguments.seed)
    let result = scenario.run()
    if arguments.explain { try explain(scenario.network.trace, output) }
    if !arguments.format.json {
      output.raw("\(nats[0].name) and \(nats[1].name): \(result).\n")
    } else if !arguments.explain {
      try output.json(PairReport(nats[0].name, nats[1].name, result))
    }
  }

  /// Shows each packet: as a ladder, in words, step by step, or as JSON; and as a picture, if asked to.
  func explain(_ trace: Trace, _ output: Writer) throws {
    let ladder = Ladder(trace)
    if let svg = arguments.svg { try writeFile(svg, ladder.svg()) }
    if arguments.format.json {
      output.raw("{\"version\":\(jsonVersion)," + trace.json.dropFirst())
    } else if arguments.step {
      PacketStepping.run(trace, output: output)
    } else {
      let width = max(40, output.presentation.width)
      output.raw((isInWords(output) ? ladder.words() : ladder.text(width: width)) + "\n\n")
    }
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
