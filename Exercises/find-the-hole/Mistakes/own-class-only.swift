// Fails: An address that carries a forbidden one is a hole
// You look at the class of the address itself. Some addresses of IPv6 carry one of IPv4, and a packet
// to them ends up there.
import TransportAddress

func holes(
  in allows: (IPAddress) -> Bool, among peers: [IPAddress], forbidden: Set<AddressClass>
) -> [IPAddress] {
  peers.filter { allows($0) && forbidden.contains($0.classification) }
}
