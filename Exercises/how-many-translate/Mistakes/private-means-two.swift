// Fails: Where it sees another, there are two at least
// You judge by whether the box's address is private. A provider may give it one of 100.64.0.0/10,
// or a public one, and translate all the same: compare it with what the server sees.
import TransportAddress

func natCount(device: IPAddress, box: IPAddress, seen: IPAddress) -> Int {
  if seen == device { return 0 }
  return box.classification == .private ? 2 : 1
}
