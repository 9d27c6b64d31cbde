import ArgumentParser
import CommandOptions
import Glibc
import NATConsole
import NoteFormat
import ProgramSupport
import RealHosts
import Simulator
import TUN
import WorldConsole

/// `nat --tun FILE`: a world whose hosts are real, until their programs have ended or a signal comes.
extension NATLiveCommand {
  func runWorld() throws {
    let plan = try TUNWorldPlan(arguments)
    try TUNPlan.requireRoot()
    let world = try drawnWorld(plan)
    let places = try plan.programs.map { program in
      try host(named: program.host, in: world, drawnIn: plan.file)
    }
    guard !world.hosts.isEmpty else {
      throw WorkbookError.usage("\(name(of: plan.file)) draws no host for real programs")
    }
    let captures = try plan.pcap.map { folder in
      try TUNCaptures(in: folder, of: world.network.trace)
    }
    var session = try TUNWorldSession(
      world, TUNWorldPage(arguments, world.network.trace), captures)
    let commands = zip(places, plan.programs).map { (host: $0.id, command: $1.command) }
    let code = try session.run(commands)
    if code != 0 { throw ExitCode(code) }
  }

  private func drawnWorld(_ plan: TUNWorldPlan) throws(WorkbookError) -> DrawnWorld {
    var lines: [String] = []
    if let file = plan.file {
      lines = String(decoding: try readFile(file), as: UTF8.self)
        .split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    } else {
      if isatty(STDIN_FILENO) == 1 {
        throw .usage("--run goes with a file that draws a world; see 'workbook nat --help'")
      }
      while let line = readLine() { lines.append(line) }
    }
    do throws(DrawnWorld.LineError) {
      return try DrawnWorld(lines, seed: plan.seed ?? .random(in: .min ... .max))
    } catch {
      throw .badData([
        Problem(
          file: name(of: plan.file),
          position: SourcePosition(line: error.line, column: error.error.column),
          message: error.error.message)
      ])
    }
  }

  private func host(
    named host: String, in world: DrawnWorld, drawnIn file: String?
  ) throws(WorkbookError) -> DrawnWorld.Host {
    do throws(DrawnWorld.HostError) {
      return try world.host(named: host)
    } catch {
      switch error {
      case .unknown(let host, let near):
        let hint = near.map {
          "; did you mean '\($0.name)', \(name(of: file)):\($0.line):\($0.column)?"
        }
        throw .usage("--run: \(name(of: file)) draws no host '\(host)'\(hint ?? "")")
      case .isServer(let host):
        throw .usage(
          "--run: \(host) runs a server of the world's own; without 'running' in its line a program "
            + "of yours can be the server")
      case .isRouter(let router):
        throw .usage("--run: \(router) is a router; programs run on hosts")
      }
    }
  }

  private func name(of file: String?) -> String { file ?? "standard input" }
}
