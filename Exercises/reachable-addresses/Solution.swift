import TransportAddress

func reachable(_ addresses: [IPAddress]) -> [IPAddress] {
  addresses.filter { [.global, .documentation].contains($0.classification) }
}
