import Simulator
import TransportAddress

/// The names that a host knows, as /etc/hosts has them: its own, those of its neighbors, and those of
/// all that has an address on the Internet.
///
/// A host that has IPv6 alone, behind a NAT64, knows IPv4 addresses by the NAT64's prefix, as DNS64 tells
/// them where a name has no IPv6 address (RFC 6147 §5.1).
struct HostNames {
  /// The lines of the file.
  let text: String

  init(asSeenFrom host: HostID, in network: Network) {
    let trace = network.trace
    let own = network.interfaces(of: host).map { trace.nodes[$0.node.index].parent }
    var lines = ["127.0.0.1 localhost"]
    if network.address6(of: host) != nil { lines.append("::1 localhost") }
    for node in trace.nodes {
      guard let parent = node.parent else { continue }
      // Behind a router without a NAT addresses are those of the Internet.
      let isPublic = trace.nodes[parent.index].nat == nil
      // All interfaces of a host have its name.
      let name = node.host.map { trace.nodes[$0.index].name } ?? node.name
      let hasIPv6 = node.addresses.contains { $0.family == .ipv6 }
      for address in node.addresses {
        let known = network.endpoint(TransportAddress(address, port: 0), asReachedFrom: host)
        let isTranslated = known.address != address
        guard isPublic || address.family == .ipv6 || own.contains(parent),
          !(isTranslated && hasIPv6)
        else { continue }
        lines.append("\(known.address) \(name)")
      }
    }
    text = lines.joined(separator: "\n") + "\n"
  }
}
