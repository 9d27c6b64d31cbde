import TLS
import Testing

/// Two ends of a connection that hand each other their bytes.
struct Pair {
  let client: TLSSession
  let server: TLSSession

  init(_ identity: TLSIdentity, trusting issuers: String?, name: String?) throws {
    server = try TLSSession(TLSContext(server: identity))
    client = try TLSSession(TLSContext(clientTrusting: issuers), name: name)
  }

  /// Carries what one end has for the other, at most so many bytes at a time.
  private func carry(from one: TLSSession, to other: TLSSession, _ count: Int) -> Bool {
    let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: count, alignment: 1)
    defer { memory.deallocate() }
    let taken = one.takeOutput(into: memory)
    other.received(RawSpan(_unsafeBytes: UnsafeRawBufferPointer(rebasing: memory[..<taken])))
    return taken > 0
  }

  /// Shakes hands until neither end has anything to say.
  func shakeHands(
    _ count: Int = 4096
  ) -> (client: TLSSession.Progress, server: TLSSession.Progress) {
    var outcome = (client.handshake(), server.handshake())
    while true {
      let hasGone = carry(from: client, to: server, count)
      if case .waiting = outcome.1 { outcome.1 = server.handshake() }
      let hasCome = carry(from: server, to: client, count)
      if case .waiting = outcome.0 { outcome.0 = client.handshake() }
      if !hasGone && !hasCome { return outcome }
    }
  }

  /// Sends data from the client to the server.
  func send(_ data: [UInt8]) -> [UInt8] {
    let isTaken = client.write(data.span.bytes)
    #expect(isTaken)
    while carry(from: client, to: server, 4096) {}
    return received(server)
  }

  func received(_ end: TLSSession) -> [UInt8] {
    let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: 4096, alignment: 1)
    defer { memory.deallocate() }
    var data: [UInt8] = []
    while case .data(let count) = end.read(into: memory) { data += memory[..<count] }
    return data
  }

  /// What the server reads after the client has closed.
  func afterClose() -> TLSSession.Reading {
    client.close()
    while carry(from: client, to: server, 4096) {}
    return withUnsafeTemporaryAllocation(byteCount: 16, alignment: 1) { server.read(into: $0) }
  }
}

@Suite struct TLSSessionTests {
  @Test("Two ends shake hands and carry data, however the bytes are cut", arguments: [1, 7, 4096])
  func carries(count: Int) throws {
    let identity = try TLSIdentity(selfSignedFor: ["127.0.0.1", "relay.example.org"])
    for name in ["127.0.0.1", "relay.example.org"] {
      let pair = try Pair(identity, trusting: identity.chain, name: name)
      let (client, server) = pair.shakeHands(count)
      #expect(client == .done && server == .done)
      #expect(pair.client.version == "TLSv1.3")
      let data = (0..<10_000).map { UInt8(truncatingIfNeeded: $0) }
      #expect(pair.send(data) == data)
      #expect(pair.afterClose() == .closed)
    }
  }

  /// A certificate that a client does not take, and why.
  struct Case: CustomTestStringConvertible, Sendable {
    var testDescription: String
    var names = ["relay.example.org"]
    var from = Duration.seconds(-3600)
    var until = Duration.seconds(3600)
    var isTrusted = true
    var name = "relay.example.org"
    var reason: TLSFailure.Reason
  }

  @Test(
    "A certificate that is not right is refused, and the reason named",
    arguments: [
      Case(testDescription: "of another name", names: ["other.example.org"], reason: .name),
      Case(testDescription: "of another address", name: "192.0.2.1", reason: .name),
      Case(testDescription: "whose time is over", until: .seconds(-60), reason: .expired),
      Case(testDescription: "of a time to come", from: .seconds(600), reason: .notYetValid),
      Case(testDescription: "of nobody known", isTrusted: false, reason: .unknownIssuer),
    ])
  func refuses(wrong: Case) throws {
    let identity = try TLSIdentity(
      selfSignedFor: wrong.names, from: wrong.from, until: wrong.until)
    let pair = try Pair(
      identity, trusting: wrong.isTrusted ? identity.chain : nil, name: wrong.name)
    let (client, server) = pair.shakeHands()
    guard case .failed(let failure) = client else {
      Issue.record("\(client)")
      return
    }
    #expect(failure.reason == wrong.reason, "\(failure)")
    // The server hears of it by an alert, in TLS 1.3 with what would be data.
    if case .failed(let heard) = server { #expect(heard.reason == .alert, "\(heard)") }
  }

  @Test("An end that does not speak TLS is told from one that fails")
  func notTLS() throws {
    let identity = try TLSIdentity(selfSignedFor: ["127.0.0.1"])
    // A Binding request, and what begins another protocol's greeting.
    for bytes: [UInt8] in [
      [0, 1, 0, 0, 0x21, 0x12, 0xA4, 0x42, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12],
      Array("GET / HTTP/1.1\r\n".utf8), Array("SSH-2.0-OpenSSH_9.2\r\n".utf8),
    ] {
      for session in [
        try TLSSession(TLSContext(server: identity)),
        try TLSSession(TLSContext(clientTrusting: nil), name: "127.0.0.1"),
      ] {
        _ = session.handshake()
        session.received(bytes.span.bytes)
        guard case .failed(let failure) = session.handshake() else {
          Issue.record("\(bytes)")
          continue
        }
        #expect(failure.reason == .notTLS, "\(failure)")
      }
    }
  }

  @Test("Certificate and key are read, or what is wrong with them is named")
  func reads() throws {
    let one = try TLSIdentity(selfSignedFor: ["a.example"])
    let other = try TLSIdentity(selfSignedFor: ["b.example"])
    #expect(try TLSContext(server: one).fingerprint != TLSContext(server: other).fingerprint)
    #expect(throws: TLSConfigurationError.noCertificate) {
      try TLSContext(server: TLSIdentity(chain: "none", key: "none"))
    }
    #expect(throws: TLSConfigurationError.noKey) {
      try TLSContext(server: TLSIdentity(chain: one.chain, key: one.chain))
    }
    #expect(throws: TLSConfigurationError.noCertificate) {
      try TLSContext(clientTrusting: "nothing")
    }
    #expect(throws: TLSConfigurationError.cannotMakeCertificate([])) {
      try TLSIdentity(selfSignedFor: [])
    }
    #expect(throws: TLSConfigurationError.cannotMakeCertificate(["a,IP:192.0.2.1"])) {
      try TLSIdentity(selfSignedFor: ["a,IP:192.0.2.1"])
    }
  }

  @Test("A key is not printed")
  func secret() throws {
    let identity = try TLSIdentity(selfSignedFor: ["a.example"])
    var text = ""
    dump(identity, to: &text)
    #expect(!("\(identity)" + String(reflecting: identity) + text).contains("PRIVATE KEY"))
  }
}
