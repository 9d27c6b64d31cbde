import ICE
import TransportAddress

extension PairVerdict.PruneReason: CustomStringConvertible {
  /// The reason as a sentence, with its section.
  public var description: String {
    switch self {
    case .redundant(let position, let base?):
      "sent from the base \(base), as pair \(position) is (RFC 8445 §6.1.2.4)"
    case .redundant(let position, nil):
      "sent from a base that is not told, a host candidate's: as pair \(position) is "
        + "(RFC 8445 §6.1.2.4)"
    case .passive: "this side waits: the peer opens the connection (RFC 6544 §6.2)"
    case .limit(let limit): "\(limit) better pairs are checked (RFC 8445 §6.1.2.5)"
    }
  }
}

extension PairVerdict.Mismatch: CustomStringConvertible {
  /// The reason as a sentence, with its section.
  public var description: String {
    switch self {
    case .families: "IPv4 and IPv6 (RFC 8445 §6.1.2.2)"
    case .transports(let one, let other):
      "\(["\(one)", "\(other)"].sorted().joined(separator: " and ")) (RFC 8445 §6.1.2.2)"
    case .unknownTransport(let transport): "\(transport) is no transport of ICE (RFC 8839 §5.1)"
    case .linkLocal: "an IPv6 link-local address pairs with another one alone (RFC 8445 §6.1.2.2)"
    case .tcpTypes(.passive, .passive): "both wait for a connection (RFC 6544 §6.2)"
    case .tcpTypes(.active, .active): "both open, and neither listens (RFC 6544 §6.2)"
    case .tcpTypes(let one, let other):
      "TCP \(one.rawValue) and \(other.rawValue) do not go together (RFC 6544 §6.2)"
    case .noTCPType: "a TCP candidate without tcptype (RFC 6544 §4.5)"
    case .unusable(let kind): "nothing can be sent to this address: \(kind)"
    case .noPort: "nothing can be sent to port 0"
    case .zone: "a zone leads somewhere on its own host alone (RFC 4007 §11.2)"
    }
  }
}

extension Outlook: CustomStringConvertible {
  /// What speaks against the pair, as a sentence; empty where nothing does.
  public var description: String {
    switch self {
    case .open: ""
    case .conditional(let condition): "\(condition)"
    case .hopeless(let obstacle): "cannot work: \(obstacle)"
    }
  }
}

extension Outlook.Condition: CustomStringConvertible {
  /// The condition as a sentence.
  public var description: String {
    switch self {
    case .sameMachine: "only on one machine: loopback"
    case .sameLink: "only on one link: link-local"
    case .nameOnSameLink: "only on one link: mDNS resolves the name nowhere else (RFC 6762)"
    case .sameNetwork: "only inside one network: the address is an inside one"
    case .sameProvider: "only behind one carrier-grade NAT (RFC 6598)"
    case .relayInside: "only inside the relay's network: it gives out an inside address"
    }
  }
}

extension Outlook.Obstacle: CustomStringConvertible {
  /// The obstacle as a sentence.
  public var description: String {
    switch self {
    case .loopback: "loopback leads to the own machine"
    case .linkLocal: "link-local packets stay on their link"
    case .relayToInside: "a relay outside reaches no inside address"
    case .relayToName: "the name stands for an inside address, and the relay is outside"
    }
  }
}

extension AddressClass {
  /// Whether the addresses lead into networks that the Internet does not route to.
  var isInside: Bool {
    switch self {
    case .private, .uniqueLocal, .shared, .siteLocal: true
    default: false
    }
  }

  /// Whether a packet may go to such an address at all (RFC 8445 §5.1.1.1).
  var isUsable: Bool {
    switch self {
    case .unspecified, .thisNetwork, .multicast, .broadcast, .ipv4Mapped, .ipv4Compatible,
      .discardOnly:
      false
    default: true
    }
  }
}
