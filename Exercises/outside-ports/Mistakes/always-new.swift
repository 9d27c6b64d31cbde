// Fails: An endpoint-independent mapping has one port for everyone
// Every packet gets a port of its own. A box that keeps one for everyone makes one mapping, with the
// first packet, and uses it for all others.
import TransportAddress

func outsidePorts(to remotes: [TransportAddress], mapping: EndpointDependence) -> [UInt16] {
  remotes.indices.map { UInt16(5000 + 2 * $0) }
}
