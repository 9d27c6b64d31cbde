public import NATTable
public import Router
public import TransportAddress

/// Why something cannot be drawn; each prints as a sentence.
public enum DrawingError: Error, Hashable, Sendable {
  /// A node has the name already, or it is empty.
  case name(String)
  /// Another node has the address.
  case addressTaken(IPAddress)
  /// The address does not belong to the network that the node is in.
  case addressOutside(IPAddress, network: String)
  /// A node that has IPv4 was to stand behind a NAT64, which has IPv6 inside.
  case ipv6Only(String, network: String)
  /// A node that is to have IPv6 was to stand behind a router that has none.
  case noIPv6(String, network: String)
  /// A host was to have an address of a family that it does not have, or none at all.
  case families(String)
  /// Every address of the network is taken.
  case noAddressLeft(network: String)
  /// A router with these addresses cannot exist.
  case router(NATRouter.ConfigurationError)
  /// A router without a NAT can only stand on the Internet, which knows the way to its hosts.
  case firewallBehindRouter(String)
  /// A link like this cannot exist.
  case link(Link.Problem)
  /// The router's NAT cannot have this static mapping.
  case mapping(NATTable.ConfigurationError)
  /// A static mapping was asked of a router that has no NAT, or that the host is not behind.
  case mappingElsewhere(host: String, router: String)
  /// A router without a NAT between IPv4 addresses, or no address, was to be renumbered.
  case noNAT(String)
  /// Another program on the host has the port, or the program names none.
  case port(UInt16?, host: String)
}

extension DrawingError: CustomStringConvertible {
  /// What is wrong, as a sentence.
  public var description: String {
    switch self {
    case .name(let name): name.isEmpty ? "a node needs a name" : "there are two nodes \"\(name)\""
    case .addressTaken(let address): "another node has the address \(address)"
    case .addressOutside(let address, let network):
      "\(address) is no address of a host in the network of \(network)"
    case .ipv6Only(let name, let network):
      "\"\(name)\" has IPv4, and the network of \(network) has IPv6 alone"
    case .noIPv6(let name, let network):
      "\"\(name)\" has IPv6, and the network of \(network) has none"
    case .families(let name): "\"\(name)\" has an address of another family than it is to have"
    case .noAddressLeft(let network): "no address is left in the network of \(network)"
    case .router(let error): "there can be no such router: \(error)"
    case .firewallBehindRouter(let name):
      "\"\(name)\" has no NAT and must stand on the Internet itself"
    case .link(let problem): "there can be no such link: \(problem)"
    case .mapping(let error): "there can be no such static mapping: \(error)"
    case .mappingElsewhere(let host, let router):
      "\"\(host)\" is behind no NAT of \"\(router)\""
    case .noNAT(let router): "\"\(router)\" has no NAT between IPv4 addresses"
    case .port(let port, let host):
      port.map { "two programs on \"\(host)\" want the port \($0)" }
        ?? "a program on \"\(host)\" has no port"
    }
  }
}
