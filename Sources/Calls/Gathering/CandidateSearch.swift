public import ICE
public import NATTable
import SansIO
public import Simulator
import TransportAddress

/// Alice, who gathers candidates before she knows of any peer: the first step of ICE, by itself.
///
///     var search = CandidateSearch(home: .portRestrictedCone)
///     search.run()
///     for note in search.notes { print(note) }
///
/// There are a STUN server, `203.0.113.9`, and a relay, `203.0.113.20`, which takes TCP, too.
public struct CandidateSearch: Sendable {
  /// A server.
  public enum Server: Hashable, Sendable {
    /// The STUN server.
    case stun
    /// The relay.
    case relay
  }

  /// The network, with all that has happened in it.
  public private(set) var network: Network
  /// What happened in the last run; the time counts from the beginning of the search.
  public private(set) var trace: Trace
  private let alice: HostID

  /// How much is looked at at once to see whether the search is over.
  private static let slice: Duration = .milliseconds(10)

  /// Alice at home, behind a NAT.
  ///
  /// - Parameter silent: the servers that do not answer.
  public init(
    home: NATTable.Configuration = .portRestrictedCone, silent: Set<Server> = []
  ) {
    self.init(at: .nat("home", home), silent: silent)
  }

  /// Alice anywhere.
  ///
  /// - Parameter silent: the servers that do not answer.
  public init(at site: CallSite, silent: Set<Server> = []) {
    let servers = CallServers(
      stun: "203.0.113.9:3478", turn: "203.0.113.20:3478", turnStream: "203.0.113.20:443")
    network = Network(seed: 1)
    trace = network.trace
    let drawn = network.site(site, Self.name(of: site))
    alice = network.host("alice", behind: drawn.router, link: drawn.hostLink)
    network.host("stun", at: "203.0.113.9")
    network.host("relay", at: "203.0.113.20")
    if !silent.contains(.stun) { network.run(.stunServer, on: "stun") }
    if !silent.contains(.relay) {
      network.run(
        TURNServerEndpoint(
          passwords: [servers.username: servers.password], relayedPorts: 49152...49152),
        on: "relay")
    }
    network.run(GathererEndpoint(servers: servers), on: alice)
  }

  private static func name(of site: CallSite) -> String {
    if case .place(let place) = site { place.rawValue } else { "home" }
  }

  /// Lets some time pass.
  public mutating func run(for duration: Duration) {
    let first = network.trace.events.count
    network.run(for: duration)
    trace = network.trace.excerpt(from: first, countingFrom: .zero)
  }

  /// Lets the time pass until there will be no more candidates, or a minute is over.
  public mutating func run() {
    let first = network.trace.events.count
    let end = network.time.advanced(by: .seconds(60))
    while !program.isFinished, network.time < end { network.run(for: Self.slice) }
    trace = network.trace.excerpt(from: first, countingFrom: .zero)
  }

  /// Her candidates so far, without redundant ones.
  public var candidates: [Candidate] { program.candidates.candidates }

  /// What she has found, and which server has given nothing, the earliest first.
  public var notes: [GathererEndpoint.Note] { program.notes }

  private var program: GathererEndpoint {
    guard let program = network.program(on: alice, as: GathererEndpoint.self) else {
      preconditionFailure("the program runs from the start")
    }
    return program
  }
}
