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
    _ server: borrowing RelayServer, _ plan: ServePlan, _ arguments: ServeArguments,
    _ shown: ServedCredentials.Shown?, _ certificate: ServedCertificate?, metrics: String?
  ) {
    defer { output.flush() }
    let servers = iceServers(server, plan, shown)
    let relays = [plan.ipv4, plan.ipv6].compactMap { $0?.description }
    let secure = server.secureAddresses.map(\.description)
    let signaling = server.signalingAddresses.map { "ws://\(reachable($0, plan))/" }
    if isJSON {
      return output.jsonLine(
        ServeLine(
          result: "ready", listening: server.addresses.map(\.description),
          secureListening: secure.isEmpty ? nil : secure, fingerprint: certificate?.fingerprint,
          signaling: signaling.isEmpty ? nil : signaling, relayAddresses: relays,
          ports: arguments.portRange.description, realm: arguments.realm,
          iceServers: servers, metrics: metrics))
    }
    let places = server.addresses.map(\.description).joined(separator: ", ")
    let overTLS = secure.isEmpty ? "" : ", over TLS at \(secure.joined(separator: ", "))"
    output.line(
      StyledText(
        "STUN and TURN over UDP and TCP at \(places)\(overTLS); relayed from "
          + "\(relays.joined(separator: " and ")), ports \(arguments.portRange)", .heading))
    output.raw(compactJSON(ICEServers(iceServers: servers)) + "\n")
    if let certificate {
      let kind =
        certificate.isMadeUp ? "self-signed, made for this run" : "of \(arguments.cert ?? "")"
      output.line(
        StyledText("the certificate is \(kind): SHA-256 \(certificate.fingerprint)", .muted))
    }
    if let metrics { output.line(StyledText("metrics are at \(metrics)", .muted)) }
    if let place = signaling.first {
      output.line(
        StyledText("signaling by WebSocket: 'connect --signal \(place)ROOM'", .muted))
    }
    if shown == nil {
      output.line(
        StyledText("put your own username and credential into it; Ctrl-C ends the server", .muted))
    }
  }

  /// What a browser's `RTCPeerConnection` takes.
  private func iceServers(
    _ server: borrowing RelayServer, _ plan: ServePlan, _ shown: ServedCredentials.Shown?
  ) -> [ICEServers.Server] {
    let plain = server.addresses.map { reachable($0, plan) }
    let streams = server.streamAddresses.map { reachable($0, plan) }
    let secure = server.secureAddresses.map { reachable($0, plan) }
    return [
      ICEServers.Server(urls: plain.map { "stun:\($0)" }),
      ICEServers.Server(
        urls: plain.map { "turn:\($0)?transport=udp" } + streams.map { "turn:\($0)?transport=tcp" }
          + secure.map { "turns:\($0)?transport=tcp" },
        username: shown?.username, credential: shown?.credential),
    ]
  }

  /// Where clients send to: to the address that peers see where the server listens at every address.
  private func reachable(_ endpoint: TransportAddress, _ plan: ServePlan) -> TransportAddress {
    guard endpoint.address.classification == .unspecified else { return endpoint }
    let relay = if case .v4 = endpoint.address { plan.ipv4 } else { plan.ipv6 }
    return TransportAddress(relay ?? endpoint.address, port: endpoint.port)
  }

  /// Shows what has happened.
  func show(_ report: RelayServer.Report) {
    if let line = ServeLine(report) { show(line) }
  }

  /// Shows a line.
  func show(_ line: ServeLine) {
    defer { output.flush() }
    if isJSON { return output.jsonLine(line) }
    output.line(line.text)
  }

  /// Says what would be served.
  func checked(
    _ plan: ServePlan, _ arguments: ServeArguments, _ certificate: ServedCertificate?
  ) {
    defer { output.flush() }
    let secure = plan.secureListening.map(\.description)
    let relays = [plan.ipv4, plan.ipv6].compactMap { $0?.description }
    if isJSON {
      return output.jsonLine(
        ServeLine(
          result: "checked", listening: plan.listening.map(\.description),
          secureListening: secure.isEmpty ? nil : secure, fingerprint: certificate?.fingerprint,
          relayAddresses: relays, ports: arguments.portRange.description, realm: arguments.realm))
    }
    let places = plan.listening.map(\.description).joined(separator: ", ")
    let overTLS = secure.isEmpty ? "" : ", over TLS at \(secure.joined(separator: ", "))"
    output.line(
      StyledText("\(arguments.config ?? "this") can be served: ", .success)
        + StyledText(
          "STUN and TURN over UDP and TCP at \(places)\(overTLS); relayed from "
            + "\(relays.joined(separator: " and ")), ports \(arguments.portRange)"))
  }

  /// Shows how much there was.
  func finish(_ server: borrowing RelayServer) {
    show(
      ServeLine(
        result: "stopped", allocations: server.allocationCount, traffic: server.traffic,
        dropped: server.drops.total, undelivered: server.undeliveredCount,
        ends: server.connectionEnds))
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
