import Simulator
import TransportAddress

/// Who connects with whom, and how: each site against each, by ICE and by hole punching alone.
public struct CallMatrix: Hashable, Sendable {
  /// The sites, of the rows and of the columns.
  public let sites: [CallSite]
  /// The calls by row and column: alice, who controls, is in the row's site, bob in the column's.
  public let results: [[CallResult]]
  /// Whether hole punching connects the two without ICE and without a relay.
  public let isPunched: [[Bool]]

  /// Calls between these sites, each against each.
  ///
  /// - Complexity: a ``Call`` and a `HolePunching` for each pair.
  public init(
    _ sites: [CallSite] = CallSite.behaviors, trickling: Trickling = .full, seed: UInt64 = 1
  ) {
    self.sites = sites
    results = sites.map { row in
      sites.map { column in
        var call = Call(row, column, seed: seed, trickling: trickling)
        call.isTracing = false
        return call.connect()
      }
    }
    isPunched = sites.map { row in
      sites.map { column in
        Self.isPunched(row, column, seed: seed)
      }
    }
  }

  /// Whether hole punching connects two sites: as `HolePunching` does it, from any site to any.
  private static func isPunched(_ first: CallSite, _ second: CallSite, seed: UInt64) -> Bool {
    var network = Network(seed: seed)
    network.isTracing = false
    let server: TransportAddress = "203.0.113.9:3478"
    network.host("stun", at: "203.0.113.9", running: .stunServer)
    let hosts = [first, second].enumerated().map { number, site in
      let drawn = network.site(site, "\(site) \(number)")
      return network.host(
        "host \(number)", behind: drawn.router, link: drawn.hostLink,
        running: HolePuncher("host \(number)", server: server))
    }
    network.run()
    let addresses = hosts.map { network.program(on: $0, as: HolePuncher.self)?.mappedAddress }
    for (host, peer) in zip(hosts, addresses.reversed()) {
      guard let peer else { continue }
      network.tell(host, HolePuncher.self) { puncher, now, _ in puncher.begin(with: peer, at: now) }
    }
    network.run()
    return hosts.allSatisfy { network.program(on: $0, as: HolePuncher.self)?.firstPeer != nil }
  }

  /// How many pairs of sites take each way.
  public var counts: [CallResult.Route: Int] {
    var counts: [CallResult.Route: Int] = [:]
    for result in results.joined() { counts[result.route, default: 0] += 1 }
    return counts
  }
}
