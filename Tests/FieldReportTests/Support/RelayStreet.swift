import Calls
import STUN
import STUNCodec
import SansIO
import Simulator
import TURN
import Testing
import TransportAddress

/// A relay on a simulated internet, and hosts that talk through it.
///
///     alice ──┐                ┌── bob, a peer
///             ├── a relay ─────┤
///     eve ────┘                └── carol, a peer
struct RelayStreet {
  static let server: TransportAddress = "203.0.113.20:3478"
  static let streamServer: TransportAddress = "203.0.113.20:443"
  static let bob: TransportAddress = "192.0.2.50:5000"
  static let carol: TransportAddress = "192.0.2.60:5000"

  var network: Network
  let relay: HostID
  let bobsHost: HostID
  let carolsHost: HostID

  init(
    relayedPorts: ClosedRange<UInt16> = 49152...49159, nonceLifetime: Duration = .seconds(600),
    allowsMobility: Bool = false, seed: UInt64 = 1
  ) {
    network = Network(seed: seed)
    relay = network.host(
      "relay", at: "203.0.113.20",
      running: TURNServerEndpoint(
        passwords: ["alice": "secret", "eve": "envious"], relayedPorts: relayedPorts,
        nonceLifetime: nonceLifetime, reportsDrops: true, allowsMobility: allowsMobility))
    bobsHost = network.host("bob", at: "192.0.2.50", running: ScriptEndpoint())
    carolsHost = network.host("carol", at: "192.0.2.60", running: ScriptEndpoint())
  }

  /// The relay's server.
  var server: TURNServer {
    get throws {
      try #require(network.program(on: relay, as: TURNServerEndpoint.self)?.server)
    }
  }

  /// What a peer has received.
  func received(by host: HostID) -> [ScriptEndpoint.Received] {
    network.program(on: host, as: ScriptEndpoint.self)?.received ?? []
  }

  /// Lets a peer send something.
  mutating func send(_ data: [UInt8], from host: HostID, to destination: TransportAddress) {
    network.tell(host, ScriptEndpoint.self) { script, _, _ in
      script.send(data, to: destination)
    }
  }

  /// What the relay has reported: what it has dropped, and why.
  var drops: [String] {
    network.trace.events(at: relay.node).compactMap { event in
      if case .report(let text) = event.kind { text } else { nil }
    }
  }

  /// The STUN messages that have come to a host in UDP datagrams.
  func messages(to name: String) -> [STUNMessage] {
    // The headers of IPv4 and UDP are 28 bytes.
    network.packets(deliveredTo: name).compactMap { try? STUNMessage(Array($0.dropFirst(28))) }
  }

  /// How many error responses of a method and code have come to a host.
  func errorCount(_ code: ErrorCode, _ method: STUNMethod? = nil, to name: String) -> Int {
    messages(to: name).count { message in
      (method == nil || message.type.method == method) && (try? message.errorCode) == code
    }
  }
}
