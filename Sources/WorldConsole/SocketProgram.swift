import SansIO
import Simulator
import TransportAddress

/// A socket of a host: it sends what the console says, and asks STUN servers.
struct SocketProgram: Endpoint {
  let port: UInt16
  /// The STUN client that asked last, and the address that it asks from; nil for any.
  private var client: STUNClientEndpoint?
  private var askingAddress: IPAddress?
  private var actions = ActionQueue<EndpointAction>()

  init(port: UInt16) {
    self.port = port
  }

  var ports: [UInt16] { [port] }

  /// Sends a text in UTF-8.
  ///
  /// - Parameter source: the address that the socket is bound to; nil for any.
  mutating func send(_ text: String, to destination: TransportAddress, from source: IPAddress?) {
    actions.append(sending(Array(text.utf8), to: destination, from: source))
  }

  private func sending(
    _ payload: [UInt8], to destination: TransportAddress, from source: IPAddress?
  ) -> EndpointAction {
    guard let source else { return .send(payload, from: port, to: destination) }
    return .sendBound(payload, from: TransportAddress(source, port: port), to: destination)
  }

  /// Asks a STUN server for the socket's own address.
  mutating func ask(
    _ server: TransportAddress, from source: IPAddress?, at now: Instant,
    using generator: inout SeededGenerator
  ) {
    askingAddress = source
    var client = STUNClientEndpoint(of: server, port: port)
    client.started(at: server.address, now: now, using: &generator)
    self.client = client
  }

  // MARK: - Events

  mutating func started(
    at address: IPAddress, now: Instant, using generator: inout SeededGenerator
  ) {}

  /// The trace tells of what comes; only a response to the client is of use here.
  mutating func received(
    _ payload: Span<UInt8>, from source: TransportAddress, to local: TransportAddress,
    at now: Instant, using generator: inout SeededGenerator
  ) {
    client?.received(payload, from: source, to: local, at: now, using: &generator)
  }

  mutating func timerFired(at now: Instant, using generator: inout SeededGenerator) {
    client?.timerFired(at: now, using: &generator)
  }

  var nextDeadline: Instant? { client?.nextDeadline }

  mutating func nextAction() -> EndpointAction? {
    if let action = actions.next() { return action }
    let action = client?.nextAction()
    guard case .send(let bytes, _, let server) = action else { return action }
    return sending(bytes, to: server, from: askingAddress)
  }
}
