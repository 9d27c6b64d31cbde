// Fails: A permission is over after 300 s
// Your permissions last for ever. After 300 s one is over, unless it is asked for again.
import TransportAddress

func isAdmitted(
  from source: TransportAddress, at now: Int, requests: [(peer: TransportAddress, time: Int)]
) -> Bool {
  requests.contains { (peer, time) in
    peer.address == source.address
  }
}
