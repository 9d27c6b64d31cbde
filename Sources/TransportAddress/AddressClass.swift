/// The purpose of an address, given by the block that contains it (RFC 6890 and IANA's registries).
public enum AddressClass: Hashable, Sendable, CaseIterable {
  /// Unicast that the Internet can route; in IPv6, what is left of `2000::/3`.
  case global
  /// `0.0.0.0` and `::`: no address (yet).
  case unspecified
  /// The rest of `0.0.0.0/8`: a host on this network, as a source during start-up only.
  case thisNetwork
  /// `127.0.0.0/8` and `::1`: the host itself.
  case loopback
  /// `10.0.0.0/8`, `172.16.0.0/12`, `192.168.0.0/16`: inside networks; behind most NATs.
  case `private`
  /// `100.64.0.0/10`: between a provider's carrier-grade NAT and its customers.
  case shared
  /// `169.254.0.0/16` and `fe80::/10`: this link, never forwarded.
  case linkLocal
  /// `fc00::/7`: IPv6's inside networks.
  case uniqueLocal
  /// `fec0::/10`: deprecated.
  case siteLocal
  /// `192.0.2.0/24`, `198.51.100.0/24`, `203.0.113.0/24`, `2001:db8::/32`, `3fff::/20`: examples.
  case documentation
  /// `198.18.0.0/15` and `2001:2::/48`: tests of network equipment.
  case benchmarking
  /// `224.0.0.0/4` and `ff00::/8`: groups.
  case multicast
  /// `255.255.255.255`: every host on this link.
  case broadcast
  /// `::ffff:0:0/96`: an IPv4 address in IPv6's form, for programming interfaces.
  case ipv4Mapped
  /// `::/96` except `::` and `::1`: deprecated.
  case ipv4Compatible
  /// `64:ff9b::/96` and `64:ff9b:1::/48`: an IPv4 host as IPv6-only hosts see it through NAT64.
  case nat64
  /// `2002::/16`: a network tunnelled to through the IPv4 address that its prefix carries.
  case sixToFour
  /// `2001::/32`: a host tunnelled to over UDP through its NAT.
  case teredo
  /// `192.0.0.0/24` and the rest of `2001::/23`: IETF protocols.
  case protocolAssignment
  /// `100::/64`: routers discard packets to it.
  case discardOnly
  /// `240.0.0.0/4` and IPv6 outside every allocated block.
  case reserved
}

extension AddressClass {
  /// The sections that reserve the block, for both families.
  public var specification: String {
    switch self {
    case .global: "RFC 791 §3.2, RFC 4291 §2.5.4"
    case .unspecified: "RFC 1122 §3.2.1.3, RFC 4291 §2.5.2"
    case .thisNetwork: "RFC 1122 §3.2.1.3"
    case .loopback: "RFC 1122 §3.2.1.3, RFC 4291 §2.5.3"
    case .private: "RFC 1918 §3"
    case .shared: "RFC 6598 §7"
    case .linkLocal: "RFC 3927 §2.1, RFC 4291 §2.5.6"
    case .uniqueLocal: "RFC 4193 §3.1"
    case .siteLocal: "RFC 3879 §4"
    case .documentation: "RFC 5737 §3, RFC 3849 §2, RFC 9637"
    case .benchmarking: "RFC 2544 C.2.2, RFC 5180 §8"
    case .multicast: "RFC 5771 §3, RFC 4291 §2.7"
    case .broadcast: "RFC 919 §7"
    case .ipv4Mapped: "RFC 4291 §2.5.5.2"
    case .ipv4Compatible: "RFC 4291 §2.5.5.1"
    case .nat64: "RFC 6052 §2.1, RFC 8215"
    case .sixToFour: "RFC 3056 §2"
    case .teredo: "RFC 4380 §2.6"
    case .protocolAssignment: "RFC 6890 §2.2.2, RFC 2928 §2"
    case .discardOnly: "RFC 6666 §4"
    case .reserved: "RFC 1112 §4, RFC 4291 §2.4"
    }
  }
}

extension AddressClass: CustomStringConvertible {
  /// The usual English name of the block, in lower case where it is not a proper name.
  public var description: String {
    switch self {
    case .global: "global"
    case .unspecified: "unspecified"
    case .thisNetwork: "this network"
    case .loopback: "loopback"
    case .private: "private"
    case .shared: "shared, behind a carrier-grade NAT"
    case .linkLocal: "link-local"
    case .uniqueLocal: "unique local"
    case .siteLocal: "site-local (deprecated)"
    case .documentation: "documentation"
    case .benchmarking: "benchmarking"
    case .multicast: "multicast"
    case .broadcast: "broadcast"
    case .ipv4Mapped: "IPv4-mapped"
    case .ipv4Compatible: "IPv4-compatible (deprecated)"
    case .nat64: "NAT64"
    case .sixToFour: "6to4"
    case .teredo: "Teredo"
    case .protocolAssignment: "IETF protocol assignments"
    case .discardOnly: "discard-only"
    case .reserved: "reserved"
    }
  }
}
