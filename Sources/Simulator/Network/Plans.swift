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
  /// What its firewall lets pass of IPv6, for which its inside has a network of its own that is not
  /// translated; nil for a router without IPv6. A NAT64 has IPv6 anyway, and ``firewall`` is for all of it.
  ///
  /// A household's router lets in answers only (RFC 6092 §3).
  public var ipv6: Firewall.Policy?
  /// The router above it; nil for the Internet.
  public var parent: RouterID?
  /// Its addresses on the outside; if there are none it gets one.
  public var external: [IPv4Address] = []
  /// Its own address on the inside; nil for the first of a network that no other node has.
  public var gateway: IPv4Address?
  /// How many leading bits the inside network's addresses share, 8 to 30.
  public var prefixLength = 24
  /// Its own IPv6 address on the inside, whose network has a prefix of 64 bits; nil for the first of a
  /// network that no other node has.
  public var gateway6: IPv6Address?
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

/// A host that is to be drawn, or a further interface of one.
public struct HostPlan: Hashable, Sendable {
  /// The name.
  public var name: String
  /// The router that it is behind; nil for the Internet.
  public var parent: RouterID?
  /// Its address; nil for a free one. Behind a NAT64 it has none.
  public var address: IPv4Address?
  /// Its IPv6 address; nil for a free one, if it has one.
  public var address6: IPv6Address?
  /// The families of which it has addresses; nil for those of its network, and on the Internet for IPv4
  /// and what has been asked for.
  public var families: Set<AddressFamily>?
  /// The link to that router.
  public var link = Link.cable

  /// A host, or an interface.
  public init(_ name: String) {
    self.name = name
  }
}
