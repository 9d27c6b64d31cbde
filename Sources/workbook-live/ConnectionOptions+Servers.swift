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
      servers.stun += try resolve(uri).map(\.address)
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
      guard uri.way != .unknown else {
        throw .usage("\(uri.text): UDP, TCP and TLS over TCP can be used, not DTLS or others")
      }
      for found in try resolve(uri) {
        let relay = GatheringServers.Relay(
          found.address, over: RelayTransport(found.transport, name: uri.hostName),
          username: credentials.username, password: credentials.password)
        // A URI without a transport stands for several, of which others may name one.
        if !servers.relays.contains(relay) { servers.relays.append(relay) }
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

  private func resolve(_ uri: ServerURI) throws(WorkbookError) -> [ServerResolution.Found] {
    do throws(ServerResolution.Failure) {
      return try addresses(of: uri)
    } catch {
      throw .missing("\(uri.text): \(error)", remedy: nil)
    }
  }
}

extension RelayTransport {
  /// The transport that was found, to a server of this name.
  fileprivate init(_ transport: ServerResolution.Transport, name: String) {
    switch transport {
    case .udp: self = .udp
    case .tcp: self = .tcp
    case .tls: self = .tls(name: name)
    }
  }
}
