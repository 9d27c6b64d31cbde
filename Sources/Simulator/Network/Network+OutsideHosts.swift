public import NATTable
import Router
public import SansIO
public import TransportAddress

/// Hosts that are outside of the network, such as real ones: a driver carries their packets.
///
///                        ┌─────────────────────────┐
///     host ──▶ send(_:from:) ─▶ NATs, links ─▶ nextArrival() ──▶ host
///                        └─────────────────────────┘
///     clock ──▶ run(until:)                nextDeadline: when to run it again
extension Network {
  /// A packet that has reached a host outside of the network.
  public struct Arrival: Hashable, Sendable {
    /// The interface of the host.
    public let interface: InterfaceID
    /// The packet, its IP header first.
    public let bytes: [UInt8]
  }

  /// What a host has to know of an interface's link.
  public struct LinkConfiguration: Hashable, Sendable {
    /// The interface's IPv4 address; nil if it has none.
    public let address: IPv4Address?
    /// How many leading bits the IPv4 addresses of its own network share; 32 on the Internet itself.
    public let prefixLength: Int
    /// The interface's IPv6 address; nil if it has none.
    public let address6: IPv6Address?
    /// The same of its IPv6 network; 128 on the Internet itself.
    public let prefixLength6: Int
    /// The largest packet, in bytes.
    public let mtu: Int
  }

  /// Has packets that reach a host kept for ``nextArrival()`` instead of given to programs here.
  public mutating func moveOutside(_ host: HostID) {
    hosts[host.index].isOutside = true
  }

  /// The packet that has reached a host outside first; nil if there is no other.
  ///
  /// To be called until it gives nil, after each ``run(until:)``.
  /// - Complexity: O(1) on average.
  public mutating func nextArrival() -> Arrival? { arrivals.next() }

  /// When the network has to run again though no packet is sent; nil for never.
  public var nextDeadline: Instant? { queue.nextTime }

  /// What a host has to know of an interface's link.
  public func linkConfiguration(of interface: InterfaceID) -> LinkConfiguration {
    let addresses = state(of: interface).addresses
    let router = routers[routerIndex(above: interface.node)]
    return LinkConfiguration(
      address: addresses.v4, prefixLength: router.inside?.prefixLength ?? 32,
      address6: addresses.v6, prefixLength6: router.node == .internet ? 128 : 64,
      mtu: nodes[interface.node.index].link.mtu)
  }

  /// The table of a router's NAT as it is now; nil if it has none between IPv4 addresses.
  public func table(of router: RouterID) -> NATTable? { routers[router.index].nat?.table }

  /// A router's NAT64 as it is now; nil if it has none.
  public func nat64(of router: RouterID) -> NAT64? { routers[router.index].nat64 }

  /// Forgets what the trace has of the past; tables begin as they are now.
  ///
  /// - Complexity: O(the events).
  public mutating func forgetTrace() {
    trace = trace.since(trace.events.count)
  }

  /// Takes a packet out of the network.
  mutating func leave(_ place: Int, at host: Int) {
    recordDelivery(place)
    let id = HostID(node: hosts[host].node, index: host)
    arrivals.append(
      Arrival(
        interface: InterfaceID(node: flights[place].node, host: id),
        bytes: flights[place].takeBytes()))
    endFlight(place)
  }
}
