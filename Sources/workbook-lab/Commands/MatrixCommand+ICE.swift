import Calls
import CommandOptions
import ProgramSupport
import SansIO
import Simulator
import Terminal

/// `matrix --ice`: the same NATs, and ICE agents behind them.
extension MatrixCommand {
  func showCalls(_ output: Writer) throws {
    let sites =
      arguments.all
      ? CallSite.all : arguments.places ? CallSite.places : CallSite.behaviors
    let matrix = CallMatrix(sites, trickling: trickling, seed: arguments.seed)
    guard arguments.format.json else {
      output.raw((isInWords(output) ? matrix.words() : matrix.text()) + "\n")
      return
    }
    let pairs = matrix.sites.indices.flatMap { row in
      matrix.sites.indices.map { column in
        CallReport(
          matrix.sites[row], matrix.sites[column], matrix.results[row][column],
          holePunching: matrix.isPunched[row][column])
      }
    }
    try output.json(CallMatrixReport(pairs: pairs))
  }

  private var trickling: Trickling {
    switch arguments.trickle ?? .full {
    case .full: .full
    case .half: .half
    case .none: .none
    }
  }

  func showCall(_ output: Writer) throws {
    let (first, second) = (
      try Self.site(of: arguments.nats[0]), try Self.site(of: arguments.nats[1])
    )
    var call = Call(first, second, seed: arguments.seed, trickling: trickling)
    let result = call.connect()
    if arguments.explain { try explain(call.network.trace, output) }
    guard !arguments.format.json else {
      if !arguments.explain { try output.json(CallReport(first, second, result)) }
      return
    }
    if arguments.explain { output.raw(call.explanation + "\n\n") }
    output.raw("\(first) and \(second): \(result).\n")
  }
}

/// All calls, as printed by `matrix --ice --json`.
struct CallMatrixReport: Encodable {
  var pairs: [CallReport]
}

/// One call, as printed by `matrix --ice NAT NAT --json`.
struct CallReport: Encodable {
  struct Side: Encodable {
    var site: String
    var local: String?
    var remote: String?
    var milliseconds: Int64?
    var failure: String?

    init(_ site: CallSite, _ side: CallResult.Side) {
      self.site = site.name
      switch side {
      case .selected(let local, let remote, let time):
        self.local = "\(local)"
        self.remote = "\(remote)"
        milliseconds = time.nanoseconds / 1_000_000
      case .failed(let reason): failure = "\(reason)"
      case .unfinished: failure = "not finished"
      }
    }
  }

  var alice: Side
  var bob: Side
  var route: String
  var connected: Bool
  var packets: Int
  var holePunching: Bool?

  init(
    _ alice: CallSite, _ bob: CallSite, _ result: CallResult, holePunching: Bool? = nil
  ) {
    self.alice = Side(alice, result.alice)
    self.bob = Side(bob, result.bob)
    route = result.route.rawValue
    connected = result.isConnected
    packets = result.packetCount
    self.holePunching = holePunching
  }
}
