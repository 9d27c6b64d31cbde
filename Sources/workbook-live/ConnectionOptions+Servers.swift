import CommandOptions
import Diagnosis
import Gathering
import ProgramSupport
import TURN
import TransportAddress

extension ConnectionOptions {
  /// The servers that are asked for candidates.
  ///
  /// - Throws: `WorkbookError` for a server or a user that cannot be asked.
  func servers() throws(WorkbookError) -> GatheringServers {
    var servers = GatheringServers(relayOnly: relayOnly)
    for text in stun {
      let uri = try server(text, .stun)
      // Over TCP a STUN server sees another mapping than checks need.
      guard uri.way == .udp else { throw .usage("\(text): a STUN server is asked over UDP") }
      servers.stun += try addresses(of: uri)
    }
    guard let user = user else { return servers }
    let credentials: ProbeCredentials
    if let password = password {
      credentials = ProbeCredentials(username: user, password: try password.read())
    } else if let parsed = ProbeCredentials(parsing: user) {
      credentials = parsed
    } else {
      throw .usage("--user: '\(user)' has no password: NAME:PASSWORD, or --password")
    }
    for text in turn {
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
