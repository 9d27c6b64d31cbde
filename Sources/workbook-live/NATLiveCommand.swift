import ArgumentParser
import CommandOptions
import Glibc
import NATConsole
import NATTable
import ProgramSupport
import Router
import TransportAddress

/// `nat --tun`: routes until a signal comes or the command ends.
struct NATLiveCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "nat", abstract: "A NAT between real hosts.")

  @OptionGroup var arguments: NATArguments

  func run() throws {
    if TUNWorldPlan.isMeant(by: arguments) { return try runWorld() }
    // First of all, before anything is made that a failure would leave behind.
    let plan = try TUNPlan(arguments)
    try TUNPlan.requireRoot()
    let configuration = try configuration(of: plan)
    var table = NATTable(
      configuration, external: plan.externalAddresses,
      randomSeed: arguments.seed ?? .random(in: .min ... .max))
    try addMappings(of: plan, to: &table)
    let layout = try TUNLayout(plan)
    let page = TUNPage(
      // What the command prints stays its own.
      output: arguments.output.output(to: plan.command.isEmpty ? STDOUT_FILENO : STDERR_FILENO),
      isJSON: arguments.format.json, isQuiet: arguments.tun.quiet)
    page.begin(plan, configuration, layout)
    var session = try TUNSession(
      NATRouter(table, gateway: plan.gateway.address, prefixLength: plan.gateway.prefixLength),
      layout, page)
    let code = try session.run(plan.command)
    if code != 0 { throw ExitCode(code) }
  }

  private func configuration(of plan: TUNPlan) throws -> NATTable.Configuration {
    let presets = NATTable.Configuration.presets
    guard var configuration = presets.first(where: { $0.name == plan.preset.name })?.configuration
    else { throw WorkbookError.usage("--preset: there is no NAT '\(plan.preset)'") }
    if let mapping = plan.mapping { configuration.mapping = mapping }
    if let filtering = plan.filtering { configuration.filtering = filtering }
    for line in plan.consoleLines {
      if case .timer(let name, let time) = try command(line) {
        name.set(time, in: &configuration.timeouts)
      }
    }
    return configuration
  }

  private func addMappings(of plan: TUNPlan, to table: inout NATTable) throws {
    for line in plan.consoleLines {
      guard case .map(let kind, let inside, let outside) = try command(line) else { continue }
      do throws(NATTable.ConfigurationError) {
        try table.addStaticMapping(kind, inside: inside, outside: outside)
      } catch {
        throw WorkbookError.usage("--map: \(error)")
      }
    }
  }

  /// Reads what an option has of a line of the console.
  private func command(_ line: String) throws -> ConsoleCommand? {
    do throws(ConsoleError) {
      return try ConsoleCommand(parsing: line)
    } catch {
      let option = line.prefix { $0 != " " }
      throw WorkbookError.usage("--\(option): \(error.message)")
    }
  }
}
