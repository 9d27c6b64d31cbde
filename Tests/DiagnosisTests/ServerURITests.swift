import Diagnosis
import TURN
import Testing

@Suite struct ServerURITests {
  @Test("STUN and TURN URIs are told apart, with port and transport")
  func kinds() throws {
    let stun = try ServerURI(parsing: "stun:stun.example.org")
    #expect(stun.kind == .stun && stun.location.host == .name("stun.example.org"))
    #expect(stun.location.port == nil && stun.way == .udp)
    let turn = try ServerURI(parsing: "turn:192.0.2.1:80?transport=udp")
    #expect(turn.kind == .turn && turn.location.port == 80 && turn.way == .udp)
  }

  @Test(
    "Scheme and transport say how the server is reached",
    arguments: [
      ("turn:a?transport=tcp", ServerURI.Way.tcp), ("turns:a", .tls), ("stuns:a", .tls),
      ("turns:a?transport=tcp", .tls), ("turns:a?transport=udp", .unknown),
      ("turn:a?transport=sctp", .unknown),
    ])
  func ways(text: String, way: ServerURI.Way) throws {
    #expect(try ServerURI(parsing: text).way == way)
  }

  @Test(
    "What is no such URI is refused, with the text and the reason",
    arguments: [
      ("http://a", "begins with stun: or turn:"), ("a.example.org", "begins with stun: or turn:"),
      ("stun:a?transport=udp", "no transport"), ("turn://a", "at byte 5"), ("turn:", "no host"),
    ])
  func wrong(text: String, part: String) {
    #expect {
      try ServerURI(parsing: text)
    } throws: { error in
      "\(error)".contains(text) && "\(error)".contains(part)
    }
  }

  @Test(
    "Credentials are a name and a password; a name may have its time",
    arguments: [
      ("alice:pass", "alice", "pass"), ("alice:a:b", "alice", "a:b"),
      ("1700003600:alice:a=", "1700003600:alice", "a="), ("1700003600:pass", "1700003600", "pass"),
    ])
  func credentials(text: String, name: String, password: String) {
    #expect(ProbeCredentials(parsing: text) == .init(username: name, password: password))
  }

  @Test("Without a password there are none", arguments: ["alice", ":x", ""])
  func none(text: String) {
    #expect(ProbeCredentials(parsing: text) == nil)
  }
}
