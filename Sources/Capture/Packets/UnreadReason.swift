/// Why a frame leads to no UDP datagram, TCP segment or ICMP error.
public enum UnreadReason: Error, Hashable, Sendable {
  /// Frames of this link type are not read.
  case linkType(LinkType)
  /// The link carries something else than IP: an EtherType, of ARP for instance.
  case etherType(UInt16)
  /// The link carries something else than IP, in a PPP frame or behind an LLC header.
  case otherNetwork
  /// IP carries a protocol that is not read: SCTP or ESP, for instance.
  case ipProtocol(UInt8)
  /// An ICMP message that is no error, or an error about something else than UDP.
  case icmp
  /// A fragment whose packet has not become whole.
  case fragment
  /// The frame ends within a header, mostly because it was cut when it was recorded.
  case cut
  /// A header contradicts itself.
  case damaged
  /// A wireless frame that is encrypted, or carries no data.
  case wireless
  /// More tunnels within each other than are followed.
  case tooDeep
}

extension UnreadReason: CustomStringConvertible {
  /// `ARP`, `SCTP`, `link type 147`: what the frames are that were not read.
  public var description: String {
    switch self {
    case .linkType(let type): "link type \(type.rawValue)"
    case .etherType(0x0806): "ARP"
    case .etherType(0x88CC): "LLDP"
    case .etherType(0x888E): "EAPOL"
    case .etherType(0x8863): "PPPoE discovery"
    case .etherType(0x88E5): "MACsec"
    case .etherType(let type): "EtherType 0x" + Self.hexadecimal(type)
    case .otherNetwork: "a network protocol other than IP"
    case .ipProtocol(2): "IGMP"
    case .ipProtocol(50): "ESP"
    case .ipProtocol(89): "OSPF"
    case .ipProtocol(132): "SCTP"
    case .ipProtocol(let number): "IP protocol \(number)"
    case .icmp: "ICMP"
    case .fragment: "fragments of packets that did not become whole"
    case .cut: "cut off within a header"
    case .damaged: "a header that contradicts itself"
    case .wireless: "wireless frames that are encrypted or carry no data"
    case .tooDeep: "too many tunnels within each other"
    }
  }

  private static func hexadecimal(_ number: UInt16) -> String {
    let digits = String(number, radix: 16, uppercase: true)
    return String(repeating: "0", count: 4 - digits.count) + digits
  }
}
