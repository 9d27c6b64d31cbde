public import STUN
import STUNCodec
public import SansIO
public import TransportAddress

/// A STUN client on a host, which asks a server for its own address as soon as it starts.
public struct STUNClientEndpoint: Endpoint {
  /// The UDP port that it asks from.
  public let port: UInt16
  /// The client, with its counts of what it has dropped.
  public private(set) var client: STUNClient
  /// The address that the server saw; nil until its response has come.
  public private(set) var mappedAddress: TransportAddress?
  /// How the request ended; nil while it waits.
  public private(set) var outcome: STUNClient.Outcome?
  private var reports = ActionQueue<EndpointAction>()

  /// A client of a server.
  public init(of server: TransportAddress, port: UInt16 = 5000) {
    self.port = port
    client = STUNClient(server: server)
  }

  /// The one port that it asks from.
  public var ports: [UInt16] { [port] }

  /// When the request is sent again, or given up.
  public var nextDeadline: Instant? { client.nextDeadline }

  /// Asks the server.
  public mutating func started(
    at address: IPAddress, now: Instant, using generator: inout SeededGenerator
  ) {
    do throws(TransactionError) {
      try client.request(at: now, using: &generator)
    } catch {
      preconditionFailure("a client's first request, without attributes, failed: \(error)")
    }
  }

  /// Takes the server's response.
  public mutating func received(
    _ payload: Span<UInt8>, from source: TransportAddress, to local: TransportAddress,
    at now: Instant, using generator: inout SeededGenerator
  ) {
    client.received(payload, from: source, at: now, using: &generator)
  }

  /// Sends the request again, or gives it up.
  public mutating func timerFired(at now: Instant, using generator: inout SeededGenerator) {
    client.timerFired(at: now)
  }

  /// The next request to send, or what the client has learned.
  public mutating func nextAction() -> EndpointAction? {
    if let report = reports.next() { return report }
    switch client.nextAction() {
    case .send(let bytes, let server): return .send(bytes, from: port, to: server)
    case .finished(_, let outcome):
      finished(outcome)
      return reports.next()
    case nil: return nil
    }
  }

  private mutating func finished(_ outcome: STUNClient.Outcome) {
    self.outcome = outcome
    guard case .success(let response) = outcome else {
      return reports.append(.report("the STUN request failed: \(outcome)"))
    }
    // A malformed address is no address.
    mappedAddress = try? response.xorMappedAddress ?? response.mappedAddress
    reports.append(
      .report("the STUN server sees \(mappedAddress.map(\.description) ?? "no address")"))
  }
}

extension Endpoint where Self == STUNClientEndpoint {
  /// A STUN client of a server, at port 5000.
  public static func stunClient(of server: TransportAddress) -> Self { Self(of: server) }
}
