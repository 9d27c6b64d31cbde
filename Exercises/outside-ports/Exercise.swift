import TransportAddress

/// Says from which outside port each of Alice's packets leaves her box.
///
/// She sends all of them from one socket. The first mapping gets port 5000, the
/// next new one 5002, then 5004 and so on. You will need:
///
///     var ports: [String: UInt16] = [:]  // from what the box looks at
///                                        // to the port that it gave
///     "\(remote)"                        // address and port, as text
///     "\(remote.address)"                // the address alone
///
/// - Parameters:
///   - remotes: where the packets go, one after the other.
///   - mapping: how much of that her box looks at.
/// - Returns: a port for each packet.
func outsidePorts(
  to remotes: [TransportAddress], mapping: EndpointDependence
) -> [UInt16] {
  // Your code here.
  return []
}
