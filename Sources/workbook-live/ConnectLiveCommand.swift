import ArgumentParser
import CLinux
import CommandOptions
import Connections
import ICE
import ProgramSupport
import Sockets

/// `connect`: ICE between two terminals, and then a pipe of datagrams.
struct ConnectLiveCommand: ParsableCommand {
  static let configuration = ConnectArguments.configuration

  @OptionGroup var arguments: ConnectArguments

  func run() throws {
    let options = arguments.connection
    let exchange = try DescriptionExchange(options, isBrowser: arguments.browser)
    let page = ConnectPage(options, use: arguments.browser ? .browser : .pipe)
    try ConnectSession.run(options, exchange, page)
  }
}

/// `call`: ICE between two terminals, and then a tone either way.
struct CallLiveCommand: ParsableCommand {
  static let configuration = CallArguments.configuration

  @OptionGroup var arguments: CallArguments

  func run() throws {
    let options = arguments.connection
    let exchange = try DescriptionExchange(options, isBrowser: false)
    try ConnectSession.run(
      options, exchange, ConnectPage(options, use: .call), call: CallTalk(arguments))
  }
}

extension ConnectSession {
  /// Runs a session to its end, which is the program's.
  ///
  /// - Parameter call: the tone, and what becomes of it; nil for a pipe.
  static func run(
    _ options: ConnectionOptions, _ exchange: DescriptionExchange, _ page: ConnectPage,
    call: CallTalk? = nil
  ) throws {
    let servers = try options.servers()
    let place = try options.signal.map { url throws(WorkbookError) in
      try SignalingChannel.Place(url)
    }
    // From here on a signal ends the connection, not the process: the other side is told.
    let stop = linux_hold_stop_signals()
    let ending: Ending
    do {
      var session = ConnectSession(
        try LiveConnection(
          role: options.side == .offer ? .controlling : .controlled,
          addresses: candidateAddresses(of: try hostAddresses()), servers: servers,
          trust: try options.ca.map(trustedIssuers), stop: stop),
        exchange, page, signaling: place.map { SignalingChannel($0) }, wait: options.wait,
        call: call)
      ending = try session.run()
    } catch let error as SocketError {
      throw WorkbookError.missing(error.description, remedy: error.remedy)
    } catch let error as ConnectionError {
      if case .socket(let error) = error {
        throw WorkbookError.missing(error.description, remedy: error.remedy)
      }
      throw WorkbookError.usage(error.description)
    }
    switch ending {
    case .finished: break
    case .failed: throw ExitCode(1)
    case .timedOut: throw ExitCode(75)
    case .interrupted: throw WorkbookError.interrupted
    }
  }
}
