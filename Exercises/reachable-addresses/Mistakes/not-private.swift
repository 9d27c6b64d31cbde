// Fails: Nor is one that stays within the device or its network
// You leave out the private ones and keep all others. There are many classes that no stranger can send
// to: say which ones are of use.
import TransportAddress

func reachable(_ addresses: [IPAddress]) -> [IPAddress] {
  addresses.filter { $0.classification != .private }
}
