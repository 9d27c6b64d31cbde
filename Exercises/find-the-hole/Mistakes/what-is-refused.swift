// Fails: A policy that refuses what it should has no hole
// You list all that leads inside. A hole is only what the policy lets through.
import TransportAddress

func holes(
  in allows: (IPAddress) -> Bool, among peers: [IPAddress], forbidden: Set<AddressClass>
) -> [IPAddress] {
  peers.filter { peer in
    if case .v6(let v6) = peer, let carried = v6.embeddedIPv4 {
      return forbidden.contains(carried.classification)
    }
    return forbidden.contains(peer.classification)
  }
}
