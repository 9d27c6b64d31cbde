/// How a captured frame begins: a number of libpcap's open registry.
public struct LinkType: RawRepresentable, Hashable, Sendable {
  /// The number in the registry.
  public let rawValue: Int32

  /// A link type with this number.
  public init(rawValue: Int32) {
    self.rawValue = rawValue
  }

  /// BSD loopback: the family in four bytes, in the byte order of the host.
  public static let null = LinkType(rawValue: 0)
  /// Ethernet, with VLAN tags or without.
  public static let ethernet = LinkType(rawValue: 1)
  /// PPP, with or without HDLC-like framing.
  public static let ppp = LinkType(rawValue: 9)
  /// Raw IP, as libpcap numbers it on most systems.
  public static let rawDLT = LinkType(rawValue: 12)
  /// Raw IP, as libpcap numbers it on OpenBSD.
  public static let rawOpenBSD = LinkType(rawValue: 14)
  /// PPP in HDLC-like framing, or Cisco's HDLC.
  public static let pppHDLC = LinkType(rawValue: 50)
  /// A PPPoE session, without Ethernet around it.
  public static let pppEthernet = LinkType(rawValue: 51)
  /// An LLC header, as ATM carries it.
  public static let llc = LinkType(rawValue: 100)
  /// Raw IP, as the registry numbers it in files.
  public static let raw = LinkType(rawValue: 101)
  /// Cisco's HDLC.
  public static let ciscoHDLC = LinkType(rawValue: 104)
  /// IEEE 802.11.
  public static let wireless = LinkType(rawValue: 105)
  /// OpenBSD loopback: the family in four bytes, highest first.
  public static let loop = LinkType(rawValue: 108)
  /// Linux "cooked", version 1: what `tcpdump -i any` recorded.
  public static let linuxCooked = LinkType(rawValue: 113)
  /// IEEE 802.11 after a radiotap header.
  public static let radiotap = LinkType(rawValue: 127)
  /// PPP after a byte that tells the direction.
  public static let pppWithDirection = LinkType(rawValue: 204)
  /// Raw IPv4.
  public static let ipv4 = LinkType(rawValue: 228)
  /// Raw IPv6.
  public static let ipv6 = LinkType(rawValue: 229)
  /// What Linux's netfilter logs: attributes, of which one is the packet.
  public static let nflog = LinkType(rawValue: 239)
  /// Linux "cooked", version 2: what `tcpdump -i any` records.
  public static let linuxCooked2 = LinkType(rawValue: 276)
}
