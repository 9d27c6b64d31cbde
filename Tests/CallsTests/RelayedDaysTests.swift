import Calls
import STUN
import SansIO
import Simulator
import Testing
import TransportAddress

@testable import TURN

/// Days over a relay: what client and server keep must not grow with them.
@Suite struct RelayedDaysTests {
  /// The most that client and server may hold of each: one allocation with one peer, and one request at
  /// a time for it, for its permission and for its channel.
  private static let limits = [
    "allocations": 1, "permissions": 1, "channels": 1, "server timers": 1, "server actions": 0,
    "client permissions": 1, "client channels": 1, "client timers": 4, "client actions": 0,
    "requests": 3, "transactions": 3,
  ]

  private static func holdings(_ client: TURNClient, _ server: TURNServer) -> [String: Int] {
    [
      "allocations": server.slots.count,
      "permissions": server.slots.reduce(0) { $0 + $1.peers.count.permissions },
      "channels": server.slots.reduce(0) { $0 + $1.peers.count.channels },
      "server timers": server.timers.count,
      "server actions": server.actions.count + server.events.count,
      "client permissions": client.peers.permissions.count,
      "client channels": client.peers.channels.count,
      "client timers": client.timers.count,
      "client actions": client.actions.count + client.due.count + client.flushed.count,
      "requests": client.attempts.count,
      "transactions": client.transactions.count,
    ]
  }

  /// Alice, who has a relayed address, and Bob, who sends to it, on links that lose packets.
  private struct Street {
    static let bob: TransportAddress = "192.0.2.50:5000"

    var network = Network(seed: 1)
    let relayHost: HostID
    let aliceHost: HostID
    let bobHost: HostID
    /// The words of this minute that links have lost.
    private(set) var lost: Set<[UInt8]> = []
    private(set) var lossCount = 0

    init(loss: Double) {
      var link = Link(latency: .milliseconds(20))
      link.loss = .independent(loss)
      relayHost = network.host(
        "relay", at: "203.0.113.20", link: link,
        running: TURNServerEndpoint(passwords: ["alice": "secret"], relayedPorts: 49152...49152))
      aliceHost = network.host(
        "alice", link: link,
        running: .turnClient(of: "203.0.113.20:3478", "alice", password: "secret"))
      bobHost = network.host("bob", at: "192.0.2.50", link: link, running: ScriptEndpoint())
    }

    var alice: TURNClientEndpoint {
      get throws { try #require(network.program(on: aliceHost, as: TURNClientEndpoint.self)) }
    }

    var bob: ScriptEndpoint {
      get throws { try #require(network.program(on: bobHost, as: ScriptEndpoint.self)) }
    }

    var server: TURNServer {
      get throws {
        try #require(network.program(on: relayHost, as: TURNServerEndpoint.self)?.server)
      }
    }

    /// A minute that begins with a word each way.
    mutating func minute(_ toBob: [UInt8], _ toAlice: [UInt8], _ relayed: TransportAddress) {
      network.tell(aliceHost, TURNClientEndpoint.self) { client, now, generator in
        client.send(toBob, to: Self.bob, at: now, using: &generator)
      }
      network.tell(bobHost, ScriptEndpoint.self) { script, _, _ in
        script.send(toAlice, to: relayed)
      }
      network.run(for: .seconds(60))
      lost = []
      for event in network.trace.events {
        guard case .lost(let packet, _, .onLink) = event.kind else { continue }
        lossCount += 1
        for other in network.trace.events {
          guard case .sent(packet, let bytes, _) = other.kind else { continue }
          for word in [toBob, toAlice] where bytes.contains(word) { lost.insert(word) }
        }
      }
      network.forgetTrace()
    }
  }

  @Test("In three days a packet a minute is lost by links alone, and nothing that is kept grows")
  func threeDays() throws {
    var street = Street(loss: 0.05)
    street.network.run(for: .seconds(60))
    let relayed = try #require(try street.alice.relayed)
    street.network.tell(street.aliceHost, TURNClientEndpoint.self) { client, now, generator in
      client.permit(Street.bob.address, at: now, using: &generator)
    }
    street.network.run(for: .seconds(60))
    street.network.forgetTrace()

    var toBob: [[UInt8]] = []
    var toAlice: [[UInt8]] = []
    var nonces: Set<String> = []
    for minute in 0..<3 * 24 * 60 {
      let words = ("to Bob, \(minute).", "to Alice, \(minute).")
      street.minute(Array(words.0.utf8), Array(words.1.utf8), relayed)
      if !street.lost.contains(Array(words.0.utf8)) { toBob.append(Array(words.0.utf8)) }
      if !street.lost.contains(Array(words.1.utf8)) { toAlice.append(Array(words.1.utf8)) }
      let client = try street.alice.client
      if let nonce = client.session.nonce { nonces.insert(nonce) }
      let grown = Self.holdings(client, try street.server).filter { name, count in
        count > Self.limits[name, default: 0]
      }
      #expect(grown.isEmpty, "minute \(minute)")
    }
    #expect(try street.alice.relayed == relayed)
    #expect(try street.bob.received.map(\.payload) == toBob)
    #expect(try street.alice.received.map(\.data) == toAlice)
    // The links have done what they were there for, and nonces have lasted ten minutes each.
    #expect(street.lossCount > 1000 && toBob.count < 4300 && toAlice.count < 4300)
    #expect(nonces.count > 300)
    #expect(try street.alice.client.drops.total == 0 && (try street.server.drops.total) == 0)
  }
}
