// Fails: Of an IPv6 host's addresses the global one is of use
// You let unique local addresses in. They are what private ones are in IPv4: of no use outside.
import TransportAddress

func reachable(_ addresses: [IPAddress]) -> [IPAddress] {
  let good: [AddressClass] = [.global, .documentation, .uniqueLocal]
  return addresses.filter { good.contains($0.classification) }
}
