// Fails: Where it sees another, there are two at least
// You ask only whether the address has changed. If the server does not see the box's either, somebody
// wrote over that as well.
import TransportAddress

func natCount(device: IPAddress, box: IPAddress, seen: IPAddress) -> Int {
  seen == device ? 0 : 1
}
