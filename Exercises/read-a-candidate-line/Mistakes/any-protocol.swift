// Fails: A candidate of TCP, or with a name for an address, gives nil
// You do not look at the protocol. A UDP packet to a candidate of TCP reaches nobody.
import ICE
import TransportAddress

func destination(of line: String) -> TransportAddress? {
  let words = line.split(separator: " ").map(String.init)
  guard words.count >= 8, words[0].hasPrefix("candidate:") || words[0].hasPrefix("a=candidate:"),
    CandidateType(token: words[7]) != nil,
    let address = try? IPAddress(parsing: words[4]), let port = UInt16(words[5])
  else { return nil }
  return TransportAddress(address, port: port)
}
