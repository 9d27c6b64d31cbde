import Diagnosis
import Synchronization
import TURN
import Testing
import TransportAddress

/// The C library's resolver, asking a name server of the test's.
@Suite(.timeLimit(.minutes(1))) struct NameServiceTests {
  private static let zone: NameServer.Zone = [
    "example.org": [
      .naptr(200, 10, "", "RELAY:turn.tcp:turn.tls", "", "stream.example.org"),
      .naptr(100, 10, "S", "RELAY:turn.udp", "", "_turn._udp.example.org"),
      .a(IPv4Address(192, 0, 2, 9)),
    ],
    "stream.example.org": [
      .naptr(1, 1, "A", "RELAY:turn.tls", "", "two.example.org"),
      .naptr(2, 1, "S", "RELAY:turn.tcp", "", "_turn._tcp.example.org"),
    ],
    "_turn._udp.example.org": [
      .srv(20, 0, 3479, "one.example.org"), .srv(10, 5, 3478, "two.example.org"),
    ],
    "_turn._tcp.example.org": [.srv(0, 0, 80, "one.example.org")],
    "_turn._udp.none.example.org": [.srv(0, 0, 0, "")],
    "one.example.org": [.a(IPv4Address(192, 0, 2, 1))],
    "two.example.org": [
      .aaaa(IPv6Address(high: 0x2001_0DB8_0000_0000, low: 2)), .a(IPv4Address(192, 0, 2, 2)),
    ],
    "plain.example.org": [.a(IPv4Address(192, 0, 2, 3))],
  ]

  private func resolve(
    _ uri: String, _ zone: NameServer.Zone = zone, failureCode: UInt8? = nil
  ) throws -> (
    result: Result<[ServerResolution.Found], ServerResolution.Failure>, questions: [String]
  ) {
    let server = try NameServer(zone, failureCode: failureCode)
    defer { server.stop() }
    let names = NameService(server: server.address)
    let uri = try ServerURI(parsing: uri)
    let result = Result { () throws(ServerResolution.Failure) in try addresses(of: uri, by: names) }
    return (result, server.questions.withLock { $0 })
  }

  private func texts(_ found: [ServerResolution.Found]) -> [String] {
    found.map { "\($0.transport) \($0.address)" }
  }

  @Test("turn:example.org is found by NAPTR, SRV, A and AAAA")
  func wholeWay() throws {
    let (result, questions) = try resolve("turn:example.org")
    #expect(
      texts(try result.get()) == [
        "udp 192.0.2.2:3478", "udp [2001:db8::2]:3478", "udp 192.0.2.1:3479", "tcp 192.0.2.1:80",
      ])
    #expect(questions.first == "35 example.org")
    #expect(questions.contains("33 _turn._udp.example.org"))
  }

  @Test("turns:example.org goes by the records of TLS")
  func secure() throws {
    let (result, _) = try resolve("turns:example.org")
    #expect(texts(try result.get()) == ["tls 192.0.2.2:5349", "tls [2001:db8::2]:5349"])
  }

  @Test(
    "What the URI says is not asked for",
    arguments: [
      ("turn:example.org?transport=tcp", "tcp 192.0.2.1:80", "33 _turn._tcp.example.org"),
      (
        "turn:plain.example.org?transport=udp", "udp 192.0.2.3:3478",
        "33 _turn._udp.plain.example.org"
      ),
      ("turn:plain.example.org:99", "udp 192.0.2.3:99", "1 plain.example.org"),
      ("stun:plain.example.org", "udp 192.0.2.3:3478", "33 _stun._udp.plain.example.org"),
    ])
  func parts(uri: String, first: String, question: String) throws {
    let (result, questions) = try resolve(uri)
    #expect(texts(try result.get()).first == first)
    #expect(questions.first == question)
  }

  @Test(
    "A name that is not there, a service that is not offered, and a server that fails are told apart",
    arguments: [
      ("turn:nowhere.example.org", nil, .noAddress("nowhere.example.org")),
      ("turn:none.example.org?transport=udp", nil, .notOffered("none.example.org")),
      ("turn:example.org", 2, .unanswered("example.org")),
      ("turn:example.org", 5, .unanswered("example.org")),
    ] as [(String, UInt8?, ServerResolution.Failure)])
  func failures(uri: String, code: UInt8?, failure: ServerResolution.Failure) throws {
    #expect(try resolve(uri, failureCode: code).result == .failure(failure))
  }

  @Test("Nobody at the name server's port is no answer")
  func nobody() throws {
    let server = try NameServer([:])
    server.stop()
    // The socket is closed with its thread, and the kernel says so.
    let names = NameService(server: TransportAddress(server.address.address, port: 9))
    #expect(names.answer(to: .srv("_turn._udp.example.org")) == .unanswered)
  }

  @Test(
    "Malformed records do not count",
    arguments: [
      .raw(33, []), .raw(33, [0, 1, 0, 1, 0, 1]), .raw(33, [0, 1, 0, 1, 0, 1, 63]),
      .raw(33, [0, 1, 0, 1, 0, 1, 0xC0]), .raw(33, [0, 1, 0, 1, 0, 1, 0xFF, 0xFF]),
    ] as [NameServer.Data])
  func malformed(record: NameServer.Data) throws {
    let server = try NameServer(["a.example": [record]])
    defer { server.stop() }
    let names = NameService(server: server.address)
    let answer = names.answer(to: .srv("a.example"))
    #expect(answer == .nothing || answer == .unanswered)
  }

  @Test(
    "Malformed NAPTR records do not count",
    arguments: [
      [0, 1, 0, 1, 200, 1, 2, 3], [0, 1, 0, 1, 0, 0, 9], [0, 1, 0, 1, 0, 0, 0, 70],
      [0, 1, 0, 1, 1, 65, 0, 0],
    ] as [[UInt8]])
  func malformedNAPTR(bytes: [UInt8]) throws {
    let server = try NameServer(["a.example": [.raw(35, bytes)]])
    defer { server.stop() }
    let names = NameService(server: server.address)
    let answer = names.answer(to: .naptr("a.example"))
    #expect(answer == .nothing || answer == .unanswered)
  }
}
