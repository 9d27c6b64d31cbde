// Fails: A call to somebody else's mapping finds the door closed
// You look through all mappings of the box. What was sent through one of them opens no other: only the
// mapping at the packet's destination counts.
import TransportAddress

func whyDidItFail(
  source: TransportAddress, destination: TransportAddress,
  table: [TransportAddress: [TransportAddress]]
) -> String? {
  if table[destination] == nil { return "no mapping" }
  let known = table.values.flatMap { $0 }
  if known.contains(source) { return nil }
  return known.contains { $0.address == source.address } ? "another port" : "never called"
}
