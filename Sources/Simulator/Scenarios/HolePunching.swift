public import NATTable
public import SansIO
public import TransportAddress

/// UDP hole punching between two hosts behind a NAT each (RFC 5128 §3.3).
///
///     alice ── home ──┐                 ┌── cabin ── bob
///                     ├── the Internet ─┤
///                     └── stun.example ─┘
///
/// Both ask the STUN server for their addresses, tell them each other outside of the network, and
/// send, several times, to the address that they were told and to each that a packet came from.
public struct HolePunching: Sendable {
  /// How a NAT behaves, by name.
  public struct Behavior: Hashable, Sendable {
    /// Which remotes share a mapping (RFC 4787 §4.1).
    public let mapping: EndpointDependence
    /// Which remotes may send to a mapping (RFC 4787 §5).
    public let filtering: EndpointDependence

    /// A mapping behavior with a filtering behavior.
    public init(mapping: EndpointDependence, filtering: EndpointDependence) {
      self.mapping = mapping
      self.filtering = filtering
    }

    /// The nine combinations, the least dependent first.
    public static let all = EndpointDependence.allCases.flatMap { mapping in
      EndpointDependence.allCases.map { Behavior(mapping: mapping, filtering: $0) }
    }

    /// A NAT with the behavior, and all else as RFC 4787 recommends.
    public var configuration: NATTable.Configuration {
      NATTable.Configuration(mapping: mapping, filtering: filtering)
    }
  }

  /// What one side has got.
  public struct Side: Hashable, Sendable {
    /// Its address as the STUN server saw it; nil if the server could not be asked.
    public let mappedAddress: TransportAddress?
    /// Where the first packet of the other came from; nil if none came.
    public let peer: TransportAddress?
    /// When it came.
    public let time: Instant?

    /// Whether the other's packets get here.
    public var hears: Bool { peer != nil }
  }

  /// How the two ended.
  public struct Result: Hashable, Sendable {
    /// The side of alice.
    public let alice: Side
    /// The side of bob.
    public let bob: Side

    /// Whether each has received the other's packet.
    public var isConnected: Bool { alice.hears && bob.hears }
  }

  /// The network, before or after the run.
  public private(set) var network: Network
  private let alice: HostID
  private let bob: HostID

  /// Two hosts behind NATs like these.
  ///
  /// - Parameter link: the link from each NAT to the Internet.
  public init(
    _ first: NATTable.Configuration, _ second: NATTable.Configuration, seed: UInt64 = 1,
    link: Link = .line
  ) {
    var network = Network(seed: seed)
    let home = network.router("home", nat: first, link: link)
    let cabin = network.router("cabin", nat: second, link: link)
    let alice = network.host("alice", behind: home)
    let bob = network.host("bob", behind: cabin)
    self.init(network, alice: alice, bob: bob)
  }

  /// Two hosts in places like these.
  public init(_ first: Place, _ second: Place, seed: UInt64 = 1) {
    var network = Network(seed: seed)
    let one = network.place(first, "alice's \(first)")
    let other = network.place(second, "bob's \(second)")
    let alice = network.host("alice", behind: one, link: first.hostLink)
    let bob = network.host("bob", behind: other, link: second.hostLink)
    self.init(network, alice: alice, bob: bob)
  }

  private init(_ drawn: Network, alice: HostID, bob: HostID) {
    let server: TransportAddress = "203.0.113.9:3478"
    network = drawn
    self.alice = alice
    self.bob = bob
    for (name, host) in [("alice", alice), ("bob", bob)] {
      network.run(
        HolePuncher(name, server: network.endpoint(server, asReachedFrom: host)), on: host)
    }
    network.host("stun.example", at: "203.0.113.9", running: .stunServer)
  }

  /// Runs until nothing more is to be expected.
  public mutating func run(isTracing: Bool = true) -> Result {
    network.isTracing = isTracing
    network.run()
    // What signalling does, by way of a server that both can reach.
    tell(alice, addressOf: bob)
    tell(bob, addressOf: alice)
    network.run()
    return Result(alice: side(of: alice), bob: side(of: bob))
  }

  private mutating func tell(_ host: HostID, addressOf other: HostID) {
    guard let mapped = puncher(on: other).mappedAddress else { return }
    let address = network.endpoint(mapped, asReachedFrom: host)
    network.tell(host, HolePuncher.self) { puncher, now, _ in puncher.begin(with: address, at: now)
    }
  }

  private func side(of host: HostID) -> Side {
    let puncher = puncher(on: host)
    return Side(
      mappedAddress: puncher.mappedAddress, peer: puncher.firstPeer,
      time: puncher.firstTime)
  }

  private func puncher(on host: HostID) -> HolePuncher {
    guard let puncher = network.program(on: host, as: HolePuncher.self) else {
      preconditionFailure("both hosts run a hole puncher from the start")
    }
    return puncher
  }
}

extension HolePunching.Behavior: CustomStringConvertible {
  /// `mapping endpoint-independent, filtering address-dependent`.
  public var description: String { "mapping \(mapping), filtering \(filtering)" }
}
