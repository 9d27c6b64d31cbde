import ArgumentParser
import CommandOptions

/// Where the process starts that moves packets. `workbook` starts it with its own arguments.
@main
enum Main {
  static func main() {
    openStandardStreams()
    runProgram(Live.self, Array(CommandLine.arguments.dropFirst()))
  }
}

struct Live: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "workbook", abstract: "The part of the workbook that uses real networks.",
    subcommands: [
      NATLiveCommand.self, ServeLiveCommand.self, GatherLiveCommand.self, DiscoverLiveCommand.self,
      ConnectLiveCommand.self, CallLiveCommand.self,
    ])
}
