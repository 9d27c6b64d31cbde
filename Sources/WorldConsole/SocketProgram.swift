import SansIO
import Simulator
import TransportAddress

/// A socket of a host: it sends what the console says, and asks STUN servers.
struct SocketProgram: Endpoint {
  let port: UInt16
  /// The STUN client that asked last.
  private var client: STUNClientEndpoint?
  private var actions = ActionQueue<EndpointAction>()

  init(port: UInt16) {
    self.port = port
  }

  var ports: [UInt16] { [port] }

  /// Sends a text in UTF-8.
  mutating func send(_ text: String, to destination: TransportAddress) {
    actions.append(.send(Array(text.utf8), from: port, to: destination))
  }

  /// Asks a STUN server for the socket's own address.
  mutating func ask(
    _ server: TransportAddress, at now: Instant, using generator: inout SeededGenerator
  ) {
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

  mutating func nextAction() -> EndpointAction? { actions.next() ?? client?.nextAction() }
}
