import NATTable
import SansIO
import Simulator
import TransportAddress

/// What a host received, by a script's own account.
extension Network {
  func received(by host: HostID) -> [ScriptEndpoint.Received] {
    program(on: host, as: ScriptEndpoint.self)?.received ?? []
  }

  func texts(receivedBy host: HostID) -> [String] {
    received(by: host).map { String(decoding: $0.payload, as: UTF8.self) }
  }
}

extension Trace {
  /// The phrases of all drops.
  var dropReasons: [DropReason] { drops.map(\.reason) }
}

/// A host at home, a server that echoes, and packets between them over a link with faults.
func busyNetwork(
  seed: UInt64, link: Link, packets: Int
) -> (Network, alice: HostID, server: HostID) {
  var net = Network(seed: seed)
  let home = net.router("home", nat: .symmetric, link: link)
  let lines = (0..<packets).map { number in
    ScriptEndpoint.Line(
      at: .milliseconds(Int64(number)), send: "\(number)", to: "203.0.113.9:7")
  }
  let alice = net.host("alice", behind: home, running: ScriptEndpoint(lines))
  let server = net.host("server", at: "203.0.113.9", running: .echo(port: 7))
  return (net, alice, server)
}

/// A link on which everything goes wrong at times.
var badLink: Link {
  var link = Link(latency: .milliseconds(5))
  link.jitter = .milliseconds(3)
  link.loss = .gilbertElliott(toBad: 0.05, toGood: 0.3)
  link.duplication = 0.05
  link.reordering = 0.1
  link.rate = 1_000_000
  link.queueLimit = 2000
  return link
}
