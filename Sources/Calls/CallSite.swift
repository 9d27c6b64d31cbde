public import NATTable
public import Simulator
import TransportAddress

/// Where a side of a call is: behind a NAT that is given by its behavior, or in a place.
public enum CallSite: Hashable, Sendable {
  /// Behind a NAT, on a household's line.
  case nat(String, NATTable.Configuration)
  /// In a network that people know.
  case place(Place)
  /// Behind a NAT that is behind another one.
  case nested(String, inner: NATTable.Configuration, outer: NATTable.Configuration)
  /// On the Internet itself.
  case open

  /// The nine behaviors of RFC 4787, the least dependent first.
  public static let behaviors: [CallSite] = HolePunching.Behavior.all.map {
    .nat($0.name, $0.configuration)
  }

  /// The places, and the NATs of Linux, which are no pure behavior. The servers have IPv4 addresses,
  /// which an agent in a network of IPv6 alone cannot ask.
  public static let places: [CallSite] =
    Place.allCases.filter { $0 != .ipv6Mobile }.map { .place($0) } + [
      .nat("linux", .linux), .nat("linux-random", .linuxRandom),
    ]

  /// All of these.
  public static let all = behaviors + places

  /// What it is called.
  public var name: String {
    switch self {
    case .nat(let name, _), .nested(let name, _, _): name
    case .place(let place): place.rawValue
    case .open: "open"
    }
  }
}

extension CallSite: CustomStringConvertible {
  /// Its name.
  public var description: String { name }
}

extension Network {
  /// Draws a site on the Internet, and says which link a host there has.
  ///
  /// - Precondition: no node has the name.
  mutating func site(
    _ site: CallSite, _ name: String, _ link: Link = .line
  ) -> (router: RouterID?, hostLink: Link) {
    switch site {
    case .nat(_, let configuration): return (router(name, nat: configuration, link: link), .cable)
    case .place(let place): return (self.place(place, name), place.hostLink)
    case .nested(_, let inner, let outer):
      let above = router("above \(name)", nat: outer, link: link)
      return (router(name, nat: inner, behind: above, link: .cable), .cable)
    case .open: return (nil, .cable)
    }
  }
}
