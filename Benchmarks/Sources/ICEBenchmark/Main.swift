/// What ICE costs, in one of three ways:
///
///     ICEBenchmark side PACING offer|answer   a side of a meeting over sockets: Peers/ice/meet.py
///     ICEBenchmark sessions                   microseconds of processor time a simulated call
///     ICEBenchmark memory                     bytes an agent
///
/// The last two print lines of a work and its figure, divided by a tab.
@main
enum Main {
  static func main() throws {
    let arguments = CommandLine.arguments.dropFirst()
    switch arguments.first {
    case "side":
      guard arguments.count == 3, let pacing = arguments.dropFirst().first.flatMap({ Int($0) })
      else { fatalError("side PACING offer|answer") }
      try Side.run(isOffer: arguments.last == "offer", pacing: .milliseconds(pacing))
    case "sessions": SimulatedSessions.measure()
    case "memory": for count in [1, 4, 8] { AgentMemory.measure(candidates: count) }
    default: fatalError("side, sessions or memory")
    }
  }
}
