import Simulator

/// The names that a host knows, as /etc/hosts has them: its own, those of its neighbors, and those of
/// all that has an address on the Internet.
struct HostNames {
  /// The lines of the file.
  let text: String

  init(asSeenFrom host: NodeID, in trace: Trace) {
    let own = trace.nodes[host.index]
    var lines = ["127.0.0.1 localhost"]
    for node in trace.nodes {
      guard let parent = node.parent, let address = node.address else { continue }
      // Behind a router without a NAT addresses are those of the Internet.
      let isPublic = trace.nodes[parent.index].nat == nil
      if isPublic || parent == own.parent { lines.append("\(address) \(node.name)") }
    }
    text = lines.joined(separator: "\n") + "\n"
  }
}
