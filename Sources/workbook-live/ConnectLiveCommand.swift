import ArgumentParser
import CLinux
import CommandOptions
import Connections
import Diagnosis
import Gathering
import Glibc
import ICE
import ProgramSupport
import Sockets
import TURN
import TransportAddress

/// `connect`: ICE between two terminals, and then a pipe of datagrams.
struct ConnectLiveCommand: ParsableCommand {
  static let configuration = ConnectArguments.configuration

  @OptionGroup var arguments: ConnectArguments

  func run() throws {
    let servers = try servers()
    let exchange = try DescriptionExchange(arguments)
    // From here on a signal ends the connection, not the process: the other side is told.
    let stop = linux_hold_stop_signals()
    let ending: ConnectSession.Ending
    do {
      var session = ConnectSession(
        try LiveConnection(
          role: arguments.side == .offer ? .controlling : .controlled,
          addresses: candidateAddresses(of: try hostAddresses()), servers: servers, stop: stop),
        exchange, ConnectPage(arguments), wait: arguments.wait)
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

  private func servers() throws(WorkbookError) -> GatheringServers {
    var servers = GatheringServers(relayOnly: arguments.relayOnly)
    for text in arguments.stun { servers.stun += try addresses(of: text, .stun) }
    guard let user = arguments.user else { return servers }
    let credentials: ProbeCredentials
    if let password = arguments.password {
      credentials = ProbeCredentials(username: user, password: try password.read())
    } else if let parsed = ProbeCredentials(parsing: user) {
      credentials = parsed
    } else {
      throw .usage("--user: '\(user)' has no password: NAME:PASSWORD, or --password")
    }
    for text in arguments.turn {
      for address in try addresses(of: text, .turn) {
        servers.relays.append(
          .init(address, username: credentials.username, password: credentials.password))
      }
    }
    return servers
  }

  private func addresses(
    of text: String, _ kind: ServerURI.Kind
  ) throws(WorkbookError) -> [TransportAddress] {
    let uri: ServerURI
    do throws(ServerURI.ParseError) {
      uri = try ServerURI(parsing: text)
    } catch {
      throw .usage(error.description)
    }
    guard uri.kind == kind else {
      throw .usage("\(text): --\(kind == .stun ? "stun" : "turn") takes the other kind of server")
    }
    guard uri.way == .udp else { throw .usage("\(text): only UDP can be used yet") }
    let found = endpoints(of: uri.location)
    guard !found.isEmpty else { throw .missing("no address is known for \(text)", remedy: nil) }
    return found
  }
}
