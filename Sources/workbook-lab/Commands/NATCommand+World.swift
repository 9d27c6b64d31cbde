import CommandOptions
import Glibc
import NATConsole
import ProgramSupport
import Simulator
import Terminal
import WorldConsole

/// `nat` where the first line draws a router, a firewall or a host: a whole world instead of one NAT.
extension NATCommand {
  /// Obeys a first line and those that follow it; behind a file in a terminal, those that are typed.
  func runWorld(
    beginningWith first: String, _ lines: inout ScriptLines, _ output: Writer
  ) throws {
    try requireNoNAT()
    var world = WorldHistory(World(seed: arguments.seed ?? 0))
    var problems = makeProblems()
    var hasQuit = false
    var line: String? = first
    while let current = line {
      do throws(ConsoleError) {
        guard show(try world.obey(current), output) else {
          hasQuit = true
          break
        }
        show(world.reached, output)
      } catch {
        try problems.add(error, at: lines.number, output)
      }
      line = lines.next(beforeWaiting: output.flush)
    }
    try writeCaptures(of: world.world.network.trace)
    try problems.finish()
    guard !hasQuit, arguments.script != nil, !arguments.format.json, isatty(STDIN_FILENO) == 1,
      isatty(STDOUT_FILENO) == 1
    else { return }
    let end = runInteractively(world, beginningWith: nil, output)
    try writeCaptures(of: end.world.network.trace)
  }

  /// Writes what each interface has carried, if that was asked for.
  private func writeCaptures(of trace: Trace) throws(WorkbookError) {
    guard let folder = arguments.pcap else { return }
    try makeFolder(folder)
    for point in trace.capturePoints {
      try writeFile(
        "\(folder)/\(point.fileName)", trace.pcap(of: point.node, point.side), durably: false)
    }
  }

  /// Obeys lines that are typed; an error is shown, and the next line read.
  ///
  /// - Returns: the world as it was left.
  @discardableResult
  func runInteractively(
    _ world: consuming WorldHistory, beginningWith first: String?, _ output: Writer
  ) -> WorldHistory {
    var line = first
    while true {
      if let current = line {
        do throws(ConsoleError) {
          guard show(try world.obey(current), output) else {
            output.flush()
            return world
          }
          show(world.reached, output)
        } catch {
          output.lines(NATPage.complaint(error, indent: 7, output.presentation))
        }
      }
      output.text(StyledText("world> ", .key))
      output.flush()
      line = readLine()
      guard line != nil else {
        output.line()
        output.flush()
        return world
      }
    }
  }

  /// What is said of one NAT is not left aside in silence.
  private func requireNoNAT() throws(WorkbookError) {
    if arguments.describesNAT {
      throw .usage("--preset and --external are for one NAT, and these lines draw a world")
    }
  }

  /// Prints a result; false if it asks to leave.
  private func show(_ result: WorldResult, _ output: Writer) -> Bool {
    switch result {
    case .quit: return false
    case .nothing: break
    case _ where arguments.format.json: output.jsonLine(result)
    default: output.lines(WorldPage.lines(of: result, output.presentation))
    }
    return true
  }
}
