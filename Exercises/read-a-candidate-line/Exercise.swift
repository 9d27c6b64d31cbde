import ICE
import TransportAddress

/// Reads a candidate's line from a stranger, and says where a UDP packet to
/// that candidate is sent.
///
/// The line begins with `candidate:` or with `a=candidate:`. Its words, with
/// single spaces between them, are foundation, component, protocol, priority,
/// address, port, `typ` and the type; more may follow. You will need:
///
///     let words = line.split(separator: " ").map(String.init)
///     words[2].lowercased() == "udp"
///     CandidateType(token: "srflx") != nil            // one of the four types
///     if let address = try? IPAddress(parsing: "10.0.0.2"),
///       let port = UInt16("5000") { … }
///     TransportAddress(address, port: port)
///
/// - Parameter line: whatever has come by signaling.
/// - Returns: the candidate's endpoint; nil if the line is none of a candidate,
///   if the protocol is not UDP, if it has a name in the place of an address,
///   or if nobody knows such a type.
func destination(of line: String) -> TransportAddress? {
  // Your code here.
  return nil
}
