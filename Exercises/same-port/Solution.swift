import TransportAddress

func answer(_ first: TransportAddress, _ second: TransportAddress) -> Bool? {
  first.port == second.port
}
