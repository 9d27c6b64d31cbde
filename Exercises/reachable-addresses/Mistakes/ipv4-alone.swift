// Fails: Of an IPv6 host's addresses the global one is of use
// You keep IPv4 addresses alone. With IPv6 every device can have a global address of its own.
import TransportAddress

func reachable(_ addresses: [IPAddress]) -> [IPAddress] {
  addresses.filter { address in
    guard case .v4 = address else { return false }
    return [.global, .documentation].contains(address.classification)
  }
}
