import TransportAddress

func isAdmitted(
  from source: TransportAddress, at now: Int,
  requests: [(peer: TransportAddress, time: Int)]
) -> Bool {
  requests.contains { (peer, time) in
    peer.address == source.address && now - time < 300
  }
}
