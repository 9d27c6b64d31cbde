// Fails: What kind of address the box has decides nothing
// You judge by the class of the box's address. It is a good guess and no proof: compare it with what
// the server sees.
import TransportAddress

func natCount(device: IPAddress, box: IPAddress, seen: IPAddress) -> Int {
  if seen == device { return 0 }
  return [.shared, .private].contains(box.classification) ? 2 : 1
}
