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
    /// The host.
    public let host: HostID
    /// The packet, its IP header first.
    public let bytes: [UInt8]
  }

  /// What a host has to know of its link.
  public struct LinkConfiguration: Hashable, Sendable {
    /// The host's address.
    public let address: IPv4Address
    /// How many leading bits the addresses of its own network share; 32 on the Internet itself.
    public let prefixLength: Int
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

  /// What a host has to know of its link; nil if it has IPv6 alone.
  public func linkConfiguration(of host: HostID) -> LinkConfiguration? {
    let state = nodes[host.node.index]
    guard let address = hosts[host.index].addresses.v4,
      case .router(let router) = nodes[state.parent.index].role
    else { return nil }
    return LinkConfiguration(
      address: address, prefixLength: routers[router].inside?.prefixLength ?? 32,
      mtu: state.up.mtu)
  }

  /// The table of a router's NAT as it is now; nil if it has none between IPv4 addresses.
  public func table(of router: RouterID) -> NATTable? { routers[router.index].nat?.table }

  /// Forgets what the trace has of the past; tables begin as they are now.
  ///
  /// - Complexity: O(the events).
  public mutating func forgetTrace() {
    trace = trace.since(trace.events.count)
  }

  /// Takes a packet out of the network.
  mutating func leave(_ flight: consuming EventQueue.Flight, at host: Int) {
    recordDelivery(flight, host)
    arrivals.append(
      Arrival(host: HostID(node: hosts[host].node, index: host), bytes: flight.takeBytes()))
  }
}
