import CLinux
import FoundationEssentials
import Glibc
import Relay
import STUN
import STUNCodec
import SansIO
import Sockets
import TURN
import TestSupport
import Testing
import TransportAddress

/// The figures of a server, and how they are shown.
@Suite(.timeLimit(.minutes(1))) struct MetricsTests {
  @Test("Allocations are those that live, and responses are counted by method and outcome")
  func counts() throws {
    let server = try RunningServer(allowed: [RelayServerTests.peers])
    var alice = try client(of: server.addresses[0])
    let relayed = try alice.allocated()
    let peer = try alice.open("127.0.0.2:0")
    let socket = try #require(alice[peer])
    try alice.send([1, 2, 3], to: socket.localAddress)
    _ = try alice.wait { if case .datagram(_, relayed, peer) = $0 { true } else { nil } }
    var text = try Exposition(server.figures.expositionText)
    #expect(text["turn_allocations"] == 1 && text["turn_allocated_total"] == 1)
    #expect(text["turn_responses_total{method=\"Allocate\",outcome=\"success\"}"] == 1)
    #expect(text["turn_responses_total{method=\"Allocate\",outcome=\"401\"}"] == 1)
    #expect(text["turn_relayed_bytes_total{direction=\"to peers\"}"] == 3)
    #expect(text["turn_limit{of=\"allocations per user\"}"] == 16)
    #expect(text["turn_limit{of=\"connections per allocation\"}"] == 64)
    alice.release()
    _ = try alice.wait { if case .turn(.ended) = $0 { true } else { nil } }
    text = try Exposition(server.figures.expositionText)
    #expect(text["turn_allocations"] == 0 && text["turn_allocated_total"] == 1)
    #expect(text["turn_ended_total{reason=\"released\"}"] == 1)
    #expect(text["turn_relayed_bytes_total{direction=\"to peers\"}"] == 3)
    server.stop()
  }

  @Test("No user and no address is a label, however many there are (T20)")
  func bounded() throws {
    let credentials = try TimedCredentials(
      sharedSecret: Array("a secret of some length".utf8), epoch: 1_700_000_000)
    let server = try RunningServer(
      authenticator: Authenticator(
        .longTerm(.init(realm: "example.org", timed: credentials, secret: Array(1...16)))))
    var counts: Set<Int> = []
    for number in 1...5 {
      let name = TimedCredentials.username("user\(number)", validUntil: 1_700_086_400)
      var user = try client(
        of: server.addresses[0], user: name, password: credentials.password(of: name))
      _ = try user.allocated()
      user.release()
      _ = try user.wait { if case .turn(.ended) = $0 { true } else { nil } }
      let text = server.figures.expositionText
      #expect(!text.contains("user\(number)") && !text.contains("127.0.0.1"))
      counts.insert(try Exposition(text).values.count)
    }
    #expect(counts.count == 1)
    server.stop()
  }

  @Test("Drops have their reasons as labels, without their sections")
  func drops() throws {
    let server = try RunningServer()
    let socket = try UDPSocket(boundTo: "127.0.0.1:0")
    try socket.send([0x40, 0, 0, 0].span, to: server.addresses[0])
    try socket.send([0xFF, 0, 0, 0].span, to: server.addresses[0])
    let key = "turn_drops_total{reason=\"neither STUN nor ChannelData\"}"
    try waitUntil { (try? Exposition(server.figures.expositionText))?[key] == 1 }
    server.stop()
  }

  @Test("Figures are reported at their interval, while nothing else happens")
  func interval() throws {
    let server = try RunningServer()
    server.change { $0.figuresInterval = .milliseconds(5) }
    try waitUntil {
      server.reports.count { if case .figures = $0 { true } else { false } } >= 3
    }
    server.stop()
  }

  @Test("The text of a server that has done nothing is read by the format's rules, too")
  func empty() throws {
    let text = try Exposition(RelayFigures().expositionText)
    #expect(text.types["turn_allocations"] == "gauge")
    #expect(text.types["turn_responses_total"] == "counter")
  }

  @Test("docs/serve.md has a row for each metric, with its type")
  func page() throws {
    var folder = URL(filePath: #filePath)
    for _ in 1...3 { folder.deleteLastPathComponent() }
    let page = try String(contentsOf: folder.appending(path: "docs/serve.md"), encoding: .utf8)
    let rows = page.matches(of: #/\n\| `(\w+)` \| (gauge|counter) \|/#)
    let documented = Dictionary(
      rows.map { (String($0.1), String($0.2)) }, uniquingKeysWith: { first, _ in first })
    #expect(try Exposition(RelayFigures().expositionText).types == documented)
  }

  @Test("Quotation marks, backslashes and line feeds in a label are escaped")
  func escapes() throws {
    var text = ExpositionText()
    text.add("a_total", .counter, "one\ntwo \\ three", [.init(1, ("b", "x\"y\\z\nw"))])
    #expect(
      text.text == "# HELP a_total one\\ntwo \\\\ three\n# TYPE a_total counter\n"
        + "a_total{b=\"x\\\"y\\\\z\\nw\"} 1\n")
    _ = try Exposition(text.text)
  }
}

/// The listener to which Prometheus comes.
@Suite(.timeLimit(.minutes(1))) struct MetricsListenerTests {
  @Test(
    "A request has the response that HTTP has for it",
    arguments: [
      ("GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n", "200 OK"),
      ("GET /metrics?x=1 HTTP/1.1\r\n\r\n", "200 OK"), ("GET /metrics HTTP/1.0\n\n", "200 OK"),
      ("HEAD /metrics HTTP/1.1\r\n\r\n", "200 OK"), ("GET / HTTP/1.1\r\n\r\n", "404 Not Found"),
      ("POST /metrics HTTP/1.1\r\n\r\n", "405 Method Not Allowed"),
      ("hello\r\n\r\n", "400 Bad Request"), ("\r\n\r\n", "400 Bad Request"),
      (String(repeating: "x", count: 9000), "431 Request Header Fields Too Large"),
    ])
  func responses(request: String, status: String) throws {
    try withListener { address in
      let client = try RawClient(address)
      client.send(Array(request.utf8))
      let response = try client.textToTheEnd()
      #expect(response.hasPrefix("HTTP/1.1 \(status)\r\n"), "\(response)")
      let parts = try #require(response.firstRange(of: "\r\n\r\n"))
      let body = response[parts.upperBound...]
      if status == "200 OK" {
        #expect(response.contains("Content-Type: text/plain; version=0.0.4; charset=utf-8\r\n"))
        #expect(response.contains("Content-Length: 4\r\n"))
        #expect(body == (request.hasPrefix("HEAD") ? "" : "a 1\n"))
      } else {
        #expect(response.contains("Content-Length: \(body.utf8.count)\r\n"))
      }
    }
  }

  @Test("A request may come byte by byte, and idle connections keep nobody waiting")
  func slow() throws {
    try withListener { address in
      let idle = try (1...15).map { _ in try RawClient(address) }
      let client = try RawClient(address)
      for byte in Array("GET /metrics HTTP/1.1\r\n\r\n".utf8) { client.send([byte]) }
      #expect(try client.textToTheEnd().hasSuffix("\r\n\r\na 1\n"))
      // One more than are served at a time is closed at once.
      let other = try RawClient(address)
      let last = try RawClient(address)
      _ = try last.end()
      withExtendedLifetime((idle, other)) {}
    }
  }

  private func withListener(_ body: (TransportAddress) throws -> Void) throws {
    var ends: [Int32] = [0, 0]
    try #require(linux_pipe_close_on_exec(&ends) == 0)
    let listener = try MetricsListener(listeningAt: "127.0.0.1:0", stop: ends[0]) { "a 1\n" }
    defer { _ = write(ends[1], "x", 1) }
    try body(listener.address)
  }
}
