// Fails: Browsers write the protocol in small letters, and more words at the end
// You take UDP in capitals alone. Chromium writes udp: compare without regard to capitals.
import ICE
import TransportAddress

func destination(of line: String) -> TransportAddress? {
  let words = line.split(separator: " ").map(String.init)
  guard words.count >= 8, words[0].hasPrefix("candidate:") || words[0].hasPrefix("a=candidate:"),
    words[2] == "UDP", CandidateType(token: words[7]) != nil,
    let address = try? IPAddress(parsing: words[4]), let port = UInt16(words[5])
  else { return nil }
  return TransportAddress(address, port: port)
}
