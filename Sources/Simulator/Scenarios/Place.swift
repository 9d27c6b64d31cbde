public import NATTable
import TransportAddress

/// A network by the name that people know it by: its NAT, its firewall and its line.
///
/// The names say what is usual there, not what each such network does.
public enum Place: String, Hashable, Sendable, CaseIterable {
  /// A household's router: one address for all, and only endpoints that were sent to may answer.
  case home
  /// An office: a mapping for each destination, and a firewall that lets in answers only.
  case corporate
  /// A hotel: a mapping for each destination at a random port, forgotten after half a minute.
  case hotel
  /// A phone in a radio cell, behind its provider's carrier-grade NAT (RFC 6888).
  case mobile
  /// A phone in a radio cell that has IPv6 alone, and reaches IPv4 by a NAT64 (RFC 6877 §5).
  case ipv6Mobile = "IPv6-only mobile"
  /// A café's hotspot, which lets the web pass and no UDP.
  case cafe = "café"
  /// A data center: public addresses behind a firewall that lets in answers only.
  case dataCenter = "data center"
}

extension Place: CustomStringConvertible {
  /// Its name.
  public var description: String { rawValue }
}

extension Place {
  /// The NAT; nil where hosts have public addresses.
  public var nat: NATTable.Configuration? {
    switch self {
    case .home, .cafe: return .portRestrictedCone
    case .corporate: return .symmetric
    case .hotel:
      var configuration = NATTable.Configuration.symmetric
      configuration.portAssignment = .random
      configuration.mappingTimeout = .seconds(30)
      configuration.hairpinning = .none
      return configuration
    case .mobile: return .cgn
    case .ipv6Mobile: return .nat64
    case .dataCenter: return nil
    }
  }

  /// What the firewall lets pass.
  public var firewall: Firewall.Policy {
    switch self {
    case .home, .hotel, .mobile, .ipv6Mobile: .open
    case .corporate, .dataCenter: .answersOnly
    case .cafe: .webOnly
    }
  }

  /// The line to the Internet.
  public var link: Link {
    switch self {
    case .home, .corporate: return .line
    case .hotel, .cafe:
      // Shared by all guests.
      var link = Link.line
      link.jitter = .milliseconds(12)
      link.rate = 20_000_000
      return link
    case .mobile, .ipv6Mobile: return .line
    case .dataCenter: return .cable
    }
  }

  /// The link of a host there.
  public var hostLink: Link { self == .mobile || self == .ipv6Mobile ? .cell : .cable }
}

extension Network {
  /// Draws a place on the Internet, ready for hosts behind it.
  ///
  /// - Precondition: no node has the name.
  @discardableResult
  public mutating func place(_ place: Place, _ name: String? = nil) -> RouterID {
    let name = name ?? place.rawValue
    guard let nat = place.nat else { return firewall(name, place.firewall, link: place.link) }
    if place == .ipv6Mobile {
      // The prefix for local use (RFC 8215): the well-known one must not carry all addresses that
      // are public here.
      let prefix = EmbeddedIPv4Prefix("64:ff9b:1::", length: 96) ?? .wellKnown
      return nat64(name, nat: nat, prefix: prefix, firewall: place.firewall, link: place.link)
    }
    guard place == .mobile else {
      return router(name, nat: nat, firewall: place.firewall, link: place.link)
    }
    // RFC 6598: the addresses between a provider's NAT and its customers.
    return router(
      name, nat: nat, inside: IPv4Address(100, 64, 0, 1), prefixLength: 10,
      firewall: place.firewall, link: place.link)
  }
}
