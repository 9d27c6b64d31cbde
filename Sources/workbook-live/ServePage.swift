import CommandOptions
import Relay
import STUN
import Synchronization
import TURN
import Terminal
import TransportAddress

/// What `serve` prints: what it serves, and a line for each thing that happens.
///
/// No password and no secret that it was given is among it. Several threads may show lines at once, each
/// of which is printed whole.
final class ServePage: @unchecked Sendable {
  /// Threads other than the first use it while they have the turn.
  private let output: Writer
  private let isJSON: Bool
  private let turn = Mutex(())

  init(output: Writer, isJSON: Bool) {
    (self.output, self.isJSON) = (output, isJSON)
  }

  /// Says what is served, and how a browser takes it.
  func begin(
    _ server: borrowing RelayThreads, _ plan: ServePlan, _ arguments: ServeArguments,
    _ shown: ServedCredentials.Shown?, _ certificate: ServedCertificate?, metrics: String?
  ) {
    defer { output.flush() }
    let servers = iceServers(server, plan, shown)
    var served = plan
    (served.listening, served.secureListening) = (server.addresses, server.secureAddresses)
    served.signalListening = server.signalingAddresses
    var line = line("ready", served, arguments, certificate, metrics: metrics)
    line.iceServers = servers
    if isJSON { return output.jsonLine(line) }
    output.line(StyledText(summary(line), .heading))
    output.raw(compactJSON(ICEServers(iceServers: servers)) + "\n")
    tellDetails(line, arguments, certificate)
    if shown == nil {
      output.line(
        StyledText("put your own username and credential into it; Ctrl-C ends the server", .muted))
    }
  }

  /// Says what would be served.
  func checked(
    _ plan: ServePlan, _ arguments: ServeArguments, _ certificate: ServedCertificate?
  ) {
    defer { output.flush() }
    let metrics = arguments.metrics.map { ServedMetrics.url(at: $0.endpoint) }
    let line = line("checked", plan, arguments, certificate, metrics: metrics)
    if isJSON { return output.jsonLine(line) }
    output.line(
      StyledText("\(arguments.config ?? "this") can be served: ", .success)
        + StyledText(summary(line)))
    tellDetails(line, arguments, certificate)
  }

  // MARK: - What is served

  /// What is served by this plan, in which ports are those that the kernel chose once it is.
  private func line(
    _ result: String, _ plan: ServePlan, _ arguments: ServeArguments,
    _ certificate: ServedCertificate?, metrics: String?
  ) -> ServeLine {
    let secure = plan.secureListening.map(\.description)
    let signaling = plan.signalListening.map { "ws://\(reachable($0, plan))/" }
    return ServeLine(
      result: result, listening: plan.listening.map(\.description),
      secureListening: secure.isEmpty ? nil : secure, fingerprint: certificate?.fingerprint,
      signaling: signaling.isEmpty ? nil : signaling,
      relayAddresses: [plan.ipv4, plan.ipv6].compactMap { $0?.description },
      ports: arguments.portRange.description, realm: arguments.realm, metrics: metrics)
  }

  /// Where clients find the server, and what peers see.
  private func summary(_ line: ServeLine) -> String {
    let places = (line.listening ?? []).joined(separator: ", ")
    let overTLS = line.secureListening.map { ", over TLS at \($0.joined(separator: ", "))" } ?? ""
    let relays = (line.relayAddresses ?? []).joined(separator: " and ")
    return "STUN and TURN over UDP and TCP at \(places)\(overTLS); relayed from \(relays), "
      + "ports \(line.ports ?? "")"
  }

  /// A line for each of what else is served.
  private func tellDetails(
    _ line: ServeLine, _ arguments: ServeArguments, _ certificate: ServedCertificate?
  ) {
    if let certificate {
      let kind =
        certificate.isMadeUp ? "self-signed, made for this run" : "of \(arguments.cert ?? "")"
      output.line(
        StyledText("the certificate is \(kind): SHA-256 \(certificate.fingerprint)", .muted))
    }
    if let metrics = line.metrics {
      output.line(StyledText("metrics are at \(metrics)", .muted))
    }
    if let place = line.signaling?.first {
      output.line(
        StyledText("signaling by WebSocket: 'connect --signal \(place)ROOM'", .muted))
    }
  }

  /// What a browser's `RTCPeerConnection` takes.
  private func iceServers(
    _ server: borrowing RelayThreads, _ plan: ServePlan, _ shown: ServedCredentials.Shown?
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

  // MARK: - What happens

  /// Shows what has happened.
  func show(_ report: RelayServer.Report) {
    if let line = ServeLine(report) { show(line) }
  }

  /// Shows a line.
  func show(_ line: ServeLine) {
    turn.withLock { _ in
      defer { output.flush() }
      if isJSON { return output.jsonLine(line) }
      output.line(line.text)
    }
  }

  /// Shows how much there was.
  func finish(_ figures: RelayFigures) {
    show(ServeLine(result: "stopped", figures))
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
