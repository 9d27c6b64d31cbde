import TransportAddress

func holes(
  in allows: (IPAddress) -> Bool, among peers: [IPAddress],
  forbidden: Set<AddressClass>
) -> [IPAddress] {
  peers.filter { peer in
    var leadsInside = forbidden.contains(peer.classification)
    if case .v6(let v6) = peer, let carried = v6.embeddedIPv4 {
      leadsInside = leadsInside || forbidden.contains(carried.classification)
    }
    return allows(peer) && leadsInside
  }
}
