// Fails: The related address is not sent to
// You send to raddr and rport. They are the base, inside of the other one's house: the way there is the
// candidate's own address.
import ICE
import TransportAddress

func destination(of line: String) -> TransportAddress? {
  let words = line.split(separator: " ").map(String.init)
  guard words.count >= 8, words[0].hasPrefix("candidate:") || words[0].hasPrefix("a=candidate:"),
    words[2].lowercased() == "udp", CandidateType(token: words[7]) != nil
  else { return nil }
  let isRelated = words.count >= 12 && words[8] == "raddr"
  guard let address = try? IPAddress(parsing: isRelated ? words[9] : words[4]),
    let port = UInt16(isRelated ? words[11] : words[5])
  else { return nil }
  return TransportAddress(address, port: port)
}
