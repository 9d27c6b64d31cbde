import TURN
import Testing
import TransportAddress

@Suite struct TURNURITests {
  @Test("The examples of RFC 7065 are read and written as they are")
  func examples() throws {
    let name = TURNURI.Host.name("example.org")
    let examples: [(String, Bool, TURNURI.Host, UInt16?, TURNURI.Transport?)] = [
      ("turn:example.org", false, name, nil, nil),
      ("turns:example.org", true, name, nil, nil),
      ("turn:example.org:8000", false, name, 8000, nil),
      ("turn:example.org?transport=udp", false, name, nil, .udp),
      ("turn:example.org?transport=tcp", false, name, nil, .tcp),
      ("turns:example.org?transport=tcp", true, name, nil, .tcp),
      ("turn:192.0.2.1:3478", false, .address("192.0.2.1"), 3478, nil),
      (
        "turns:[2001:db8::1]:443?transport=tcp", true, .address("2001:db8::1"), 443, .tcp
      ),
      ("turn:[2001:db8::1]", false, .address("2001:db8::1"), nil, nil),
      (
        "turn:example.org?transport=sctp", false, name, nil, .init(rawValue: "sctp")
      ),
    ]
    for (text, isSecure, host, port, transport) in examples {
      let uri = try TURNURI(parsing: text)
      #expect(uri.isSecure == isSecure && uri.host == host && uri.port == port)
      #expect(uri.transport == transport)
      #expect(uri.description == text)
      #expect(uri.defaultPort == (isSecure ? 5349 : 3478))
    }
  }

  @Test("Scheme and transport may be in capitals")
  func capitals() throws {
    #expect(
      try TURNURI(parsing: "TURNS:Example.org?Transport=TCP")
        == TURNURI(parsing: "turns:Example.org?transport=tcp"))
  }

  @Test(
    "What is no TURN URI is refused, with the place",
    arguments: [
      ("", 0, .scheme), ("stun:example.org", 0, .scheme), ("turn", 0, .scheme),
      ("turn://example.org", 5, .slashes), ("turn:", 5, .noHost), ("turns:", 6, .noHost),
      ("turn::3478", 5, .noHost), ("turn:?transport=udp", 5, .noHost),
      ("turn:user@example.org", 9, .hostCharacter), ("turn:exa mple.org", 8, .hostCharacter),
      ("turn:example.org/path", 16, .hostCharacter), ("turn:[2001:db8::1", 17, .literal),
      ("turn:[192.0.2.1]", 6, .literal), ("turn:[fe80::1%25eth0]", 6, .literal),
      ("turn:example.org:", 16, .port), ("turn:example.org:0", 16, .port),
      ("turn:example.org:65536", 16, .port), ("turn:example.org:+80", 16, .port),
      ("turn:[::1]x", 10, .port), ("turn:example.org?", 16, .query),
      ("turn:example.org?transport=", 16, .query), ("turn:example.org?ttl=1", 16, .query),
      ("turn:example.org?transport=udp&x=1", 16, .query),
    ] as [(String, Int, TURNURI.ParseError.Reason)])
  func refused(text: String, offset: Int, reason: TURNURI.ParseError.Reason) throws {
    let error = try #require(throws: TURNURI.ParseError.self) { try TURNURI(parsing: text) }
    #expect(error.offset == offset && error.reason == reason)
    #expect(error.description.hasSuffix("at byte \(offset) (RFC 7065 §3.1)"))
  }
}
