// Fails: An address that carries a harmless one is no hole
// You take every address that carries another one for a hole. Ask for the class of what it carries.
import TransportAddress

func holes(
  in allows: (IPAddress) -> Bool, among peers: [IPAddress], forbidden: Set<AddressClass>
) -> [IPAddress] {
  peers.filter { peer in
    var leadsInside = forbidden.contains(peer.classification)
    if case .v6(let v6) = peer, v6.embeddedIPv4 != nil { leadsInside = true }
    return allows(peer) && leadsInside
  }
}
