// Fails: Where only the server was asked, Alice was never called
// You call it another port as soon as a port differs. The address comes first: the server's is another
// than the sender's, so nothing was sent to the sender at all.
import TransportAddress

func whyDidItFail(
  source: TransportAddress, destination: TransportAddress,
  table: [TransportAddress: [TransportAddress]]
) -> String? {
  guard let known = table[destination] else { return "no mapping" }
  if known.contains(source) { return nil }
  return known.contains { $0.port != source.port } ? "another port" : "never called"
}
