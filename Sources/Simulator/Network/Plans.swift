public import NATTable
public import TransportAddress

/// A router that is to be drawn: a NAT, a firewall or both.
public struct RouterPlan: Hashable, Sendable {
  /// The name.
  public var name: String
  /// How its NAT behaves; nil for a router that translates nothing.
  public var nat: NATTable.Configuration?
  /// The prefix of its NAT64, whose hosts have IPv6 alone and are in a network that it chooses; nil for
  /// a NAT between addresses of one family.
  public var nat64: EmbeddedIPv4Prefix?
  /// What its firewall lets pass.
  public var firewall = Firewall.Policy.open
  /// The router above it; nil for the Internet.
  public var parent: RouterID?
  /// Its addresses on the outside; if there are none it gets one.
  public var external: [IPv4Address] = []
  /// Its own address on the inside; nil for the first of a network that no other node has.
  public var gateway: IPv4Address?
  /// How many leading bits the inside network's addresses share, 8 to 30.
  public var prefixLength = 24
  /// How long it leases its inside addresses to hosts, at least a second.
  public var leaseTime = Duration.seconds(3600)
  /// The link to the router above it.
  public var link = Link.line

  /// A router with a NAT.
  public init(_ name: String, nat: NATTable.Configuration?) {
    self.name = name
    self.nat = nat
  }
}

/// A host that is to be drawn.
public struct HostPlan: Hashable, Sendable {
  /// The name.
  public var name: String
  /// The router that it is behind; nil for the Internet.
  public var parent: RouterID?
  /// Its address; nil for a free one. Behind a NAT64 it has none.
  public var address: IPv4Address?
  /// Its IPv6 address; nil for none on the Internet, and behind a NAT64 for a free one.
  public var address6: IPv6Address?
  /// The link to that router.
  public var link = Link.cable

  /// A host.
  public init(_ name: String) {
    self.name = name
  }
}
