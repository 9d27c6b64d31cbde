import TransportAddress

func whyDidItFail(
  source: TransportAddress, destination: TransportAddress,
  table: [TransportAddress: [TransportAddress]]
) -> String? {
  guard let known = table[destination] else { return "no mapping" }
  if known.contains(source) { return nil }
  return known.contains { $0.address == source.address } ? "another port" : "never called"
}
