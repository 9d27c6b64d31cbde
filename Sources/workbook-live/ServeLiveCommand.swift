import ArgumentParser
import CLinux
import CommandOptions
import Glibc
import ProgramSupport
import STUN
import Sockets

/// `serve`: relays until a signal comes.
struct ServeLiveCommand: ParsableCommand {
  static let configuration = ServeArguments.configuration

  @OptionGroup var arguments: ServeArguments

  func run() throws {
    let configuration = try ServeConfiguration(arguments)
    let arguments = configuration.arguments
    let page = ServePage(output: arguments.output.output(), isJSON: arguments.format.json)
    let setup = try ServeSetup(configuration, nil)
    guard !arguments.check else {
      return page.checked(setup.plan, arguments, setup.certificate)
    }
    // From here on a signal ends the server, not the process: what it has relayed is told.
    let stop = linux_hold_stop_signals()
    raiseDescriptorLimit()
    do {
      var session = try ServeSession(setup, page, stop: stop)
      try session.run()
    } catch let error as SocketError {
      throw WorkbookError.missing(error.description, remedy: error.remedy)
    } catch let error as STUNConfigurationError {
      throw WorkbookError.usage(error.description)
    }
  }

  /// Each allocation is a socket: as many as this process may have.
  private func raiseDescriptorLimit() {
    var limit = rlimit()
    let files = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
    guard getrlimit(files, &limit) == 0 else { return }
    limit.rlim_cur = limit.rlim_max
    _ = setrlimit(files, &limit)
  }
}

extension SocketError {
  /// What may help.
  var remedy: String? {
    switch code {
    case EADDRINUSE: "another program has it: choose another port"
    case EADDRNOTAVAIL: "it is none of this machine's addresses"
    case EACCES: "ports below 1024 are root's"
    default: nil
    }
  }
}
