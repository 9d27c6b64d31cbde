import CommandOptions
import Relay
import STUN
import TURN
import Terminal
import TransportAddress

/// What `serve` prints: what it serves, and a line for each thing that happens.
///
/// No password and no secret that it was given is among it.
struct ServePage {
  let output: Writer
  let isJSON: Bool

  /// Says what is served, and how a browser takes it.
  func begin(
    _ addresses: [TransportAddress], _ plan: ServePlan, _ arguments: ServeArguments,
    _ shown: ServedCredentials.Shown?
  ) {
    defer { output.flush() }
    let servers = iceServers(addresses, plan, shown)
    let relays = [plan.ipv4, plan.ipv6].compactMap { $0?.description }
    if isJSON {
      return output.jsonLine(
        ServeLine(
          result: "ready", listening: addresses.map(\.description), relayAddresses: relays,
          ports: arguments.portRange.description, realm: arguments.realm, iceServers: servers))
    }
    let places = addresses.map(\.description).joined(separator: ", ")
    output.line(
      StyledText(
        "STUN and TURN over UDP at \(places); relayed from \(relays.joined(separator: " and ")), "
          + "ports \(arguments.portRange)", .heading))
    output.raw(compactJSON(ICEServers(iceServers: servers)) + "\n")
    if shown == nil {
      output.line(
        StyledText("put your own username and credential into it; Ctrl-C ends the server", .muted))
    }
  }

  /// What a browser's `RTCPeerConnection` takes.
  private func iceServers(
    _ addresses: [TransportAddress], _ plan: ServePlan, _ shown: ServedCredentials.Shown?
  ) -> [ICEServers.Server] {
    // Nobody can send to every address: what peers see is what clients can reach, too.
    let reachable = addresses.map { endpoint in
      guard endpoint.address.classification == .unspecified else { return endpoint }
      let relay = if case .v4 = endpoint.address { plan.ipv4 } else { plan.ipv6 }
      return TransportAddress(relay ?? endpoint.address, port: endpoint.port)
    }
    return [
      ICEServers.Server(urls: reachable.map { "stun:\($0)" }),
      ICEServers.Server(
        urls: reachable.map { "turn:\($0)?transport=udp" }, username: shown?.username,
        credential: shown?.credential),
    ]
  }

  /// Shows what has happened.
  func show(_ report: RelayServer.Report) {
    defer { output.flush() }
    let line = ServeLine(report)
    if isJSON { return output.jsonLine(line) }
    output.line(line.text)
  }

  /// Shows how much there was.
  func finish(_ server: borrowing RelayServer) {
    defer { output.flush() }
    let line = ServeLine(
      result: "stopped", allocations: server.allocationCount, traffic: server.traffic,
      dropped: server.drops.total)
    if isJSON { return output.jsonLine(line) }
    output.line(line.text)
  }
}

/// `{"iceServers": […]}`.
struct ICEServers: Encodable {
  struct Server: Encodable {
    var urls: [String]
    var username: String?
    var credential: String?
  }
  var iceServers: [Server]
}
