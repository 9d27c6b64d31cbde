// Fails: Who asks again renews it
// You look at the first request for the address, and no further. A later one may have renewed it.
import TransportAddress

func isAdmitted(
  from source: TransportAddress, at now: Int, requests: [(peer: TransportAddress, time: Int)]
) -> Bool {
  guard let first = requests.first(where: { $0.peer.address == source.address }) else {
    return false
  }
  return now - first.time < 300
}
