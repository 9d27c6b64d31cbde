// Fails: A packet of a symmetric box comes from another port
// You let in every port of an address that was sent to. This box looks at ports as well.
import TransportAddress

func whyDidItFail(
  source: TransportAddress, destination: TransportAddress,
  table: [TransportAddress: [TransportAddress]]
) -> String? {
  guard let known = table[destination] else { return "no mapping" }
  return known.contains { $0.address == source.address } ? nil : "never called"
}
