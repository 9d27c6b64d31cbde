// Fails: A permission is for an address, whatever the port
// You compare the ports, too. A permission is for an address: the peer's box may choose another port
// for the relay, which nobody could know before.
import TransportAddress

func isAdmitted(
  from source: TransportAddress, at now: Int, requests: [(peer: TransportAddress, time: Int)]
) -> Bool {
  requests.contains { (peer, time) in
    peer == source && now - time < 300
  }
}
