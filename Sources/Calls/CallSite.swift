public import NATTable
public import Simulator
import TransportAddress

/// Where a side of a call is: behind a NAT that is given by its behavior, or in a place.
public enum CallSite: Hashable, Sendable {
  /// Behind a NAT, on a household's line.
  case nat(String, NATTable.Configuration)
  /// In a network that people know.
  case place(Place)

  /// The nine behaviors of RFC 4787, the least dependent first.
  public static let behaviors: [CallSite] = HolePunching.Behavior.all.map {
    .nat($0.name, $0.configuration)
  }

  /// The places, and the NATs of Linux, which are no pure behavior.
  public static let places: [CallSite] =
    Place.allCases.map { .place($0) } + [.nat("linux", .linux), .nat("linux-random", .linuxRandom)]

  /// What it is called.
  public var name: String {
    switch self {
    case .nat(let name, _): name
    case .place(let place): place.rawValue
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
  mutating func site(_ site: CallSite, _ name: String) -> (router: RouterID, hostLink: Link) {
    switch site {
    case .nat(_, let configuration): (router(name, nat: configuration), .cable)
    case .place(let place): (self.place(place, name), place.hostLink)
    }
  }
}
