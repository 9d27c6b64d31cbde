import SansIO
import TURN
import Testing
import TransportAddress

/// From a URI to addresses (RFC 5928).
@Suite struct ServerResolutionTests {
  typealias Found = ServerResolution.Found
  typealias Query = ServerResolution.Query
  typealias Answer = ServerResolution.Answer

  /// What DNS knows in a test.
  struct Zone {
    var answers: [Query: Answer] = [:]

    static let empty = Zone()

    /// Runs a resolution to its end.
    func resolve(
      _ uri: String, for service: ServerResolution.Service = .turn,
      over transports: [ServerResolution.Transport] = [.udp, .tcp, .tls], seed: UInt64 = 1
    ) throws -> (result: Result<[Found], ServerResolution.Failure>, asked: [Query]) {
      var generator = SeededGenerator(seed: seed)
      var resolution = ServerResolution(
        try TURNURI(parsing: uri), for: service, over: transports)
      var asked: [Query] = []
      while let action = resolution.nextAction() {
        switch action {
        case .ask(let query):
          asked.append(query)
          resolution.answered(answers[query] ?? .nothing, using: &generator)
        case .found(let found): return (.success(found), asked)
        case .failed(let failure): return (.failure(failure), asked)
        }
      }
      throw Failure("it never ends")
    }
  }

  private let first: IPAddress = "192.0.2.1"
  private let second: IPAddress = "192.0.2.2"

  private func srv(
    _ target: String, port: UInt16, priority: UInt16 = 0, weight: UInt16 = 0
  ) -> SRVRecord {
    SRVRecord(priority: priority, weight: weight, port: port, target: target)
  }

  private func naptr(
    _ order: UInt16, _ flags: String, _ services: String, _ replacement: String,
    preference: UInt16 = 0, expression: String = ""
  ) -> NAPTRRecord {
    NAPTRRecord(
      order: order, preference: preference, flags: flags, services: services,
      regularExpression: expression, replacement: replacement)
  }

  private func found(
    _ address: IPAddress, _ port: UInt16, _ transport: ServerResolution.Transport
  ) -> Found { Found(TransportAddress(address, port: port), over: transport) }

  // MARK: - Without DNS

  @Test(
    "An address needs no DNS: its port or the default one, by each transport that the URI allows",
    arguments: [
      ("turn:192.0.2.1", [("192.0.2.1:3478", .udp), ("192.0.2.1:3478", .tcp)]),
      ("turn:192.0.2.1?transport=tcp", [("192.0.2.1:3478", .tcp)]),
      ("turns:192.0.2.1", [("192.0.2.1:5349", .tls)]),
      ("turns:192.0.2.1:443?transport=tcp", [("192.0.2.1:443", .tls)]),
      ("turn:[2001:db8::1]:80?transport=udp", [("[2001:db8::1]:80", .udp)]),
    ] as [(String, [(TransportAddress, ServerResolution.Transport)])])
  func literals(
    uri: String, wanted: [(TransportAddress, ServerResolution.Transport)]
  ) throws {
    let (result, asked) = try Zone.empty.resolve(uri)
    #expect(try result.get() == wanted.map { Found($0.0, over: $0.1) })
    #expect(asked == [])
  }

  @Test(
    "A transport that the caller lacks, or that goes with the scheme not, is an error at once",
    arguments: ["turns:a?transport=udp", "turn:a?transport=sctp", "turn:a?transport=udp"])
  func noTransport(uri: String) throws {
    let (result, asked) = try Zone.empty.resolve(uri, over: [.tcp, .tls])
    #expect(result == .failure(.noTransport) && asked == [])
  }

  // MARK: - With a port, or a transport

  @Test("With a port the name is the host, and nothing but its addresses is asked for")
  func port() throws {
    let zone = Zone(answers: [.addresses("a.example"): .addresses([first, second])])
    let (result, asked) = try zone.resolve("turn:a.example:99")
    #expect(asked == [.addresses("a.example")])
    #expect(
      try result.get() == [
        found(first, 99, .udp), found(second, 99, .udp), found(first, 99, .tcp),
        found(second, 99, .tcp),
      ])
  }

  @Test(
    "With a transport and no port its SRV records are asked for, by the RFC's names",
    arguments: [
      ("turn:a.example?transport=udp", "_turn._udp.a.example", .udp),
      ("turn:a.example?transport=tcp", "_turn._tcp.a.example", .tcp),
      ("turns:a.example?transport=tcp", "_turns._tcp.a.example", .tls),
    ] as [(String, String, ServerResolution.Transport)])
  func transport(uri: String, name: String, transport: ServerResolution.Transport) throws {
    let zone = Zone(answers: [
      .srv(name): .srv([srv("r.example", port: 1234)]),
      .addresses("r.example"): .addresses([first]),
    ])
    let (result, asked) = try zone.resolve(uri)
    #expect(asked == [.srv(name), .addresses("r.example")])
    #expect(try result.get() == [found(first, 1234, transport)])
  }

  @Test("Without SRV records the name is the host, with the default port")
  func noSRV() throws {
    let zone = Zone(answers: [.addresses("a.example"): .addresses([first])])
    let (result, asked) = try zone.resolve("turns:a.example?transport=tcp")
    #expect(asked == [.srv("_turns._tcp.a.example"), .addresses("a.example")])
    #expect(try result.get() == [found(first, 5349, .tls)])
  }

  @Test("SRV records go by priority; one whose host has no address is left out")
  func priorities() throws {
    let zone = Zone(answers: [
      .srv("_turn._udp.a.example"): .srv([
        srv("late.example", port: 3, priority: 20), srv("gone.example", port: 2, priority: 15),
        srv("early.example", port: 1, priority: 10),
      ]),
      .addresses("early.example"): .addresses([first]),
      .addresses("late.example"): .addresses([second]),
    ])
    let (result, _) = try zone.resolve("turn:a.example?transport=udp")
    #expect(try result.get() == [found(first, 1, .udp), found(second, 3, .udp)])
  }

  @Test("The target . says that there is no such service, and the name itself is not tried")
  func notOffered() throws {
    let zone = Zone(answers: [
      .srv("_turn._udp.a.example"): .srv([srv(".", port: 0)]),
      .addresses("a.example"): .addresses([first]),
    ])
    #expect(
      try zone.resolve("turn:a.example?transport=udp").result == .failure(.notOffered("a.example")))
    // By TCP it may be there.
    #expect(try zone.resolve("turn:a.example").result.get() == [found(first, 3478, .tcp)])
  }

  @Test("A host that several records name is asked for once")
  func once() throws {
    let zone = Zone(answers: [
      .srv("_turn._udp.a.example"): .srv([srv("r.example", port: 1)]),
      .srv("_turn._tcp.a.example"): .srv([srv("r.example", port: 2)]),
      .addresses("r.example"): .addresses([first]),
    ])
    let (result, asked) = try zone.resolve("turn:a.example")
    #expect(asked.count { $0 == .addresses("r.example") } == 1)
    #expect(try result.get() == [found(first, 1, .udp), found(first, 2, .tcp)])
  }

  // MARK: - NAPTR

  @Test("Without port and transport NAPTR says which transports there are, and in which order")
  func naptrOrder() throws {
    // As the example of RFC 5928 §6 has it, in another order.
    let zone = Zone(answers: [
      .naptr("example.com"): .naptr([
        naptr(200, "", "RELAY:turn.tcp:turn.tls", "stream.example.com"),
        naptr(100, "", "RELAY:turn.udp", "datagram.example.com"),
      ]),
      .naptr("datagram.example.com"): .naptr([
        naptr(100, "S", "RELAY:turn.udp", "_turn._udp.example.com")
      ]),
      .naptr("stream.example.com"): .naptr([
        naptr(100, "S", "RELAY:turn.tcp", "_turn._tcp.example.com"),
        naptr(200, "A", "RELAY:turn.tls", "a.example.com"),
      ]),
      .srv("_turn._udp.example.com"): .srv([srv("a.example.com", port: 3478)]),
      .srv("_turn._tcp.example.com"): .srv([srv("a.example.com", port: 5000)]),
      .addresses("a.example.com"): .addresses([first]),
    ])
    let plain = try zone.resolve("turn:example.com")
    #expect(try plain.result.get() == [found(first, 3478, .udp), found(first, 5000, .tcp)])
    #expect(
      plain.asked == [
        .naptr("example.com"), .naptr("datagram.example.com"), .srv("_turn._udp.example.com"),
        .addresses("a.example.com"), .naptr("stream.example.com"),
        .srv("_turn._tcp.example.com"),
      ])
    let secure = try zone.resolve("turns:example.com")
    #expect(try secure.result.get() == [found(first, 5349, .tls)])
  }

  @Test("Records of other services, with a regular expression, or of other transports do not count")
  func otherRecords() throws {
    let zone = Zone(answers: [
      .naptr("a.example"): .naptr([
        naptr(1, "S", "SIP+D2U", "_sip._udp.a.example"),
        naptr(2, "A", "RELAY:turn.udp", "b.example", expression: "!x!y!"),
        naptr(3, "A", "RELAY:turn.dtls", "b.example"), naptr(4, "U", "RELAY:turn.udp", "b.example"),
      ]),
      .addresses("b.example"): .addresses([second]),
      .addresses("a.example"): .addresses([first]),
    ])
    let (result, asked) = try zone.resolve("turn:a.example")
    #expect(
      asked == [
        .naptr("a.example"), .srv("_turn._udp.a.example"), .srv("_turn._tcp.a.example"),
        .addresses("a.example"),
      ])
    #expect(try result.get() == [found(first, 3478, .udp), found(first, 3478, .tcp)])
  }

  @Test("A circle of NAPTR records ends, and so does a name with thousands of them")
  func circles() throws {
    let circle = Zone(answers: [
      .naptr("a.example"): .naptr([
        naptr(1, "", "RELAY:turn.udp", "a.example"), naptr(2, "", "RELAY:turn.udp", "a.example"),
      ])
    ])
    let (result, asked) = try circle.resolve("turn:a.example")
    #expect(result == .failure(.noAddress("a.example")) && asked.count <= 64)
    let many = Zone(answers: [
      .srv("_turn._udp.a.example"): .srv((0..<5000).map { srv("h\($0).example", port: 1) })
    ])
    #expect(try many.resolve("turn:a.example?transport=udp").asked.count <= 64)
  }

  // MARK: - STUN

  @Test(
    "A STUN URI has SRV records of its own, and no NAPTR",
    arguments: [
      ("turn:a.example", "_stun._udp.a.example", 3478, .udp),
      ("turns:a.example", "_stuns._tcp.a.example", 5349, .tls),
    ] as [(String, String, UInt16, ServerResolution.Transport)])
  func stun(
    uri: String, name: String, port: UInt16, transport: ServerResolution.Transport
  ) throws {
    let zone = Zone(answers: [.addresses("a.example"): .addresses([first])])
    let (result, asked) = try zone.resolve(uri, for: .stun, over: [.udp, .tls])
    #expect(asked == [.srv(name), .addresses("a.example")])
    #expect(try result.get() == [found(first, port, transport)])
  }

  // MARK: - Failures

  @Test("A name that is not there is named in the error")
  func noName() throws {
    let (result, _) = try Zone.empty.resolve("turn:a.example")
    #expect(result == .failure(.noAddress("a.example")))
    #expect(
      ServerResolution.Failure.noAddress("a.example").description == "a.example has no address")
  }

  @Test("Name servers that do not answer are asked once for records, and then for the host alone")
  func unanswered() throws {
    var zone = Zone(answers: [.naptr("a.example"): .unanswered])
    let (result, asked) = try zone.resolve("turn:a.example")
    #expect(asked == [.naptr("a.example"), .addresses("a.example")])
    #expect(result == .failure(.unanswered("a.example")))
    // The host may be in a file.
    zone.answers[.addresses("a.example")] = .addresses([first])
    #expect(
      try zone.resolve("turn:a.example").result.get() == [
        found(first, 3478, .udp), found(first, 3478, .tcp),
      ])
  }

  @Test("An answer of another kind than was asked for is none")
  func otherKind() throws {
    let zone = Zone(answers: [
      .naptr("a.example"): .srv([srv("b.example", port: 1)]),
      .srv("_turn._udp.a.example"): .addresses([second]),
      .addresses("a.example"): .addresses([first]),
    ])
    #expect(try zone.resolve("turn:a.example").result.get().first == found(first, 3478, .udp))
  }
}

/// The order of SRV records (RFC 2782).
@Suite struct SRVOrderTests {
  /// How often each of three comes first in a thousand draws.
  private func firsts(_ weights: [UInt16]) -> [Int] {
    var generator = SeededGenerator(seed: 2782)
    let records = weights.enumerated().map {
      SRVRecord(priority: 1, weight: $0.element, port: UInt16($0.offset), target: "a")
    }
    var counts = [Int](repeating: 0, count: weights.count)
    for _ in 0..<1000 {
      let ordered = SRVRecord.ordered(records, using: &generator)
      #expect(Set(ordered) == Set(records) && ordered.count == records.count)
      counts[Int(ordered[0].port)] += 1
    }
    return counts
  }

  @Test("Among equals the weights are shares")
  func shares() {
    let counts = firsts([10, 30, 60])
    for (count, share) in zip(counts, [100, 300, 600]) { #expect(abs(count - share) < 60) }
  }

  @Test("A weight of 0 beside others is nearly never first, and among zeros each has a chance")
  func zeros() {
    #expect(firsts([0, 100, 100])[0] < 50)
    #expect(firsts([65535, 65535, 65535]).allSatisfy { $0 > 250 })
    #expect(firsts([0]).first == 1000)
  }
}
