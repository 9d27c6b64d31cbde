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
          addresses: candidateAddresses(of: try hostAddresses()), servers: servers,
          trust: try arguments.ca.map(trustedIssuers), stop: stop),
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
    for text in arguments.stun {
      let uri = try server(text, .stun)
      // Over TCP a STUN server sees another mapping than checks need.
      guard uri.way == .udp else { throw .usage("\(text): a STUN server is asked over UDP") }
      servers.stun += try addresses(of: uri)
    }
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
      let uri = try server(text, .turn)
      let transport = try transport(to: uri)
      for address in try addresses(of: uri) {
        servers.relays.append(
          .init(
            address, over: transport, username: credentials.username,
            password: credentials.password))
      }
    }
    return servers
  }

  private func server(
    _ text: String, _ kind: ServerURI.Kind
  ) throws(WorkbookError) -> ServerURI {
    let uri: ServerURI
    do throws(ServerURI.ParseError) {
      uri = try ServerURI(parsing: text)
    } catch {
      throw .usage(error.description)
    }
    guard uri.kind == kind else {
      throw .usage("\(text): --\(kind == .stun ? "stun" : "turn") takes the other kind of server")
    }
    return uri
  }

  private func transport(to uri: ServerURI) throws(WorkbookError) -> RelayTransport {
    switch uri.way {
    case .udp: return .udp
    case .tcp: return .tcp
    case .tls: return .tls(name: uri.hostName)
    case .unknown:
      throw .usage("\(uri.text): UDP, TCP and TLS over TCP can be used, not DTLS or others")
    }
  }

  private func addresses(of uri: ServerURI) throws(WorkbookError) -> [TransportAddress] {
    let found = endpoints(of: uri.location)
    guard !found.isEmpty else {
      throw .missing("no address is known for \(uri.text)", remedy: nil)
    }
    return found
  }
}
