import ArgumentParser
import CommandOptions

// Commands that another program carries out: this one knows how they are called, for the help, the
// manual and the shells' completions, and finds out first whether they are called so.

struct DecodeCommand: ParsableCommand {
  static let configuration = DecodeArguments.configuration

  @OptionGroup var arguments: DecodeArguments

  func run() throws { try OtherProgram.lab.replaceThisProcess() }
}

struct MatrixCommand: ParsableCommand {
  static let configuration = MatrixArguments.configuration

  @OptionGroup var arguments: MatrixArguments

  func run() throws { try OtherProgram.lab.replaceThisProcess() }
}

struct PairsCommand: ParsableCommand {
  static let configuration = PairsArguments.configuration

  @OptionGroup var arguments: PairsArguments

  func run() throws { try OtherProgram.lab.replaceThisProcess() }
}

struct DrillCommand: ParsableCommand {
  static let configuration = DrillArguments.configuration

  @OptionGroup var arguments: DrillArguments

  func run() throws { try OtherProgram.lab.replaceThisProcess() }
}

struct NATCommand: ParsableCommand {
  static let configuration = NATArguments.configuration

  @OptionGroup var arguments: NATArguments

  func run() throws {
    guard arguments.tun.tun else { try OtherProgram.lab.replaceThisProcess() }
    // What is wrong in the arguments is told before anything is built for them.
    if TUNWorldPlan.isMeant(by: arguments) {
      _ = try TUNWorldPlan(arguments)
    } else {
      _ = try TUNPlan(arguments)
    }
    try TUNPlan.requireRoot()
    try OtherProgram.live.replaceThisProcess()
  }
}

struct ServeCommand: ParsableCommand {
  static let configuration = ServeArguments.configuration

  @OptionGroup var arguments: ServeArguments

  func run() throws {
    _ = try ServePlan(ServeConfiguration(arguments).arguments)
    try OtherProgram.live.replaceThisProcess()
  }
}

struct GatherCommand: ParsableCommand {
  static let configuration = GatherArguments.configuration

  @OptionGroup var arguments: GatherArguments

  func run() throws { try OtherProgram.live.replaceThisProcess() }
}

struct DiscoverCommand: ParsableCommand {
  static let configuration = DiscoverArguments.configuration

  @OptionGroup var arguments: DiscoverArguments

  func run() throws { try OtherProgram.live.replaceThisProcess() }
}

struct ConnectCommand: ParsableCommand {
  static let configuration = ConnectArguments.configuration

  @OptionGroup var arguments: ConnectArguments

  func run() throws { try OtherProgram.live.replaceThisProcess() }
}

struct CallCommand: ParsableCommand {
  static let configuration = CallArguments.configuration

  @OptionGroup var arguments: CallArguments

  func run() throws { try OtherProgram.live.replaceThisProcess() }
}
