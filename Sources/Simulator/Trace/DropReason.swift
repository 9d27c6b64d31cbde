public import IPPacket
public import NATTable
public import Router

/// Why a node dropped a packet; each prints as a phrase, with its section where an RFC has one.
public enum DropReason: Error, Hashable, Sendable {
  /// A router with a NAT dropped it.
  case router(RouterDropReason)
  /// A NAT64 dropped it.
  case nat64(NAT64.DropReason)
  /// A firewall's rules forbid it.
  case firewall(Firewall.Reason)
  /// No host has the destination address.
  case noHost
  /// Its time to live is used up.
  case timeExceeded
  /// It is larger than the next link's MTU, and must not be fragmented.
  case tooLarge
  /// It is for a private address or another that the Internet does not route.
  case notRouted
  /// It is an IPv6 packet, and the router has no IPv6.
  case noIPv6
  /// It is for another address than the host's.
  case notForThisHost
  /// No program on the host has the destination port.
  case closedPort
  /// Its UDP checksum is wrong.
  case wrongChecksum
  /// Its TCP checksum is wrong.
  case wrongTCPChecksum
  /// It is a fragment, and hosts here do not reassemble.
  case fragment
  /// The host has no use for packets of this protocol.
  case unsupportedProtocol
  /// The bytes are no IP packet.
  case malformed(PacketError.Reason)
}

extension DropReason: CustomStringConvertible {
  /// The reason as a phrase.
  public var description: String {
    switch self {
    case .router(let reason): reason.description
    case .nat64(let reason): reason.description
    case .firewall(let reason): reason.description
    case .noHost: "no host has this address"
    case .timeExceeded: "the time to live is used up (RFC 1812 §5.3.1)"
    case .tooLarge: "larger than the next link takes, and not to be fragmented (RFC 1191 §3)"
    case .notRouted: "the Internet has no route to this address (RFC 1918 §3)"
    case .noIPv6: "the router has no IPv6"
    case .notForThisHost: "the packet is for another host (RFC 1122 §3.2.1.3)"
    case .closedPort: "no program listens at this port (RFC 1122 §4.1.3.1)"
    case .wrongChecksum: "the UDP checksum is wrong (RFC 1122 §4.1.3.4)"
    case .wrongTCPChecksum: "the TCP checksum is wrong (RFC 9293 §3.1)"
    case .fragment: "a fragment, and hosts here do not reassemble"
    case .unsupportedProtocol: "the host has no use for this protocol"
    case .malformed(let reason): reason.description
    }
  }
}
