import STUN
import STUNCodec
import SansIO
import Testing
import TransportAddress

@Suite struct STUNClientTests {
  let mapped: TransportAddress = "203.0.113.7:40000"
  var generator = SeededGenerator(seed: 8489)

  /// Lets client and server talk until a request is over, each packet taking 10 ms.
  mutating func outcome(
    _ client: inout STUNClient, _ servers: [TransportAddress: BindingServer],
    meddling: ((STUNMessage) throws -> [UInt8]?)? = nil
  ) throws -> STUNClient.Outcome {
    var servers = servers
    var now = Instant.zero
    try client.request(at: now, using: &generator)
    for _ in 0..<100 {
      switch client.nextAction() {
      case .finished(_, let outcome): return outcome
      case nil:
        now = try #require(client.nextDeadline)
        client.timerFired(at: now)
      case .send(let bytes, let to):
        now = now.advanced(by: .milliseconds(10))
        guard let reply = try servers[to]?.reply(to: bytes, from: mapped, to: to, at: now) else {
          continue
        }
        let response = try meddling?(reply.message) ?? reply.bytes
        client.received(response.span, from: reply.from, at: now, using: &generator)
      }
    }
    throw Failure("they talk for ever")
  }

  /// The next thing that the client sends.
  func sent(_ client: inout STUNClient, to server: TransportAddress = server) throws -> [UInt8] {
    let action = client.nextAction()
    guard case .send(let bytes, server) = action else { throw Failure(action as Any) }
    return bytes
  }

  func longTerm(
    _ algorithms: [PasswordAlgorithm] = [.sha256, .md5]
  ) throws -> BindingServer {
    BindingServer(
      .init(server),
      authenticator: Authenticator(
        .longTerm(
          try .init(
            realm: "example.org", passwords: ["user": "pass"], secret: secret,
            algorithms: algorithms))))
  }

  func makeClient(
    _ credentials: Credentials = .longTerm(username: "user", password: "pass"),
    over transport: ClientTransaction.Transport = .datagrams()
  ) throws -> STUNClient {
    try STUNClient(server: server, credentials: credentials, over: transport)
  }

  @Test("An open server answers at once")
  mutating func open() throws {
    var client = try makeClient(.none)
    let outcome = try outcome(&client, [server: BindingServer(.init(server))])
    guard case .success(let message) = outcome else { throw Failure(outcome) }
    #expect(try message.xorMappedAddress == mapped)
    #expect(client.requestCount == 0 && client.nextDeadline == nil)
  }

  @Test("FINGERPRINT is sent where it is wanted, after the integrity", arguments: Secret.allCases)
  mutating func fingerprint(secret: Secret) throws {
    var client = try STUNClient(server: server, credentials: secret.credentials, fingerprint: true)
    try client.request(at: .zero, using: &generator)
    let request = try STUNMessage(sent(&client))
    #expect(request.verifyFingerprint() == .verified)
    #expect(
      request.attributes.map(\.type)
        == (secret == .shortTerm
          ? [.username, .messageIntegrity, .messageIntegritySHA256, .fingerprint] : [.fingerprint]))
    var without = try STUNClient(server: server, credentials: secret.credentials)
    try without.request(at: .zero, using: &generator)
    #expect(try STUNMessage(sent(&without)).verifyFingerprint() == .absent)
  }

  enum Secret: CaseIterable {
    case none, shortTerm, longTerm

    var credentials: Credentials {
      switch self {
      case .none: .none
      case .shortTerm: .shortTerm(username: "user", password: "pass")
      case .longTerm: .longTerm(username: "user", password: "pass")
      }
    }
  }

  @Test(
    "Long-term: the 401 is answered with a protected request, whatever the algorithms",
    arguments: [[PasswordAlgorithm.sha256, .md5], [.sha256], [.md5], []])
  mutating func longTermExchange(algorithms: [PasswordAlgorithm]) throws {
    var client = try makeClient()
    let outcome = try outcome(&client, [server: longTerm(algorithms)])
    guard case .success(let message) = outcome else { throw Failure(outcome) }
    // RFC 8489 §9.2.4: the new attribute for a client that chose in the new way, else the old one.
    #expect((message.value(of: .messageIntegritySHA256) != nil) == !algorithms.isEmpty)
    #expect((message.value(of: .messageIntegrity) != nil) == algorithms.isEmpty)
  }

  @Test("Long-term: the name goes out as USERHASH where the nonce says that it is understood")
  mutating func anonymity() throws {
    var client = try makeClient()
    var binding = try longTerm()
    try client.request(at: .zero, using: &generator)
    let bare = try sent(&client)
    let challenge = try #require(
      try binding.reply(to: bare, from: mapped, to: server, at: .zero))
    client.received(challenge.bytes.span, from: server, at: .zero, using: &generator)
    let seen = try STUNMessage(sent(&client))
    #expect(try seen.userhash == STUNDigest.userhash(username: "user", realm: "example.org"))
    #expect(try seen.username == nil)
  }

  @Test("A wrong password is refused with 401 after one more try")
  mutating func wrongPassword() throws {
    var client = try makeClient(.longTerm(username: "user", password: "guess"))
    let outcome = try outcome(&client, [server: longTerm()])
    guard case .error(.unauthenticated, _) = outcome else { throw Failure(outcome) }
  }

  /// The message with other attributes behind it, and without those of one type.
  static func copy(
    _ message: STUNMessage, without type: AttributeType,
    _ more: (inout STUNMessageBuilder) throws -> Void = { _ in }
  ) throws -> [UInt8] {
    try STUNMessage.encode(message.type, transactionID: message.transactionID) { copy in
      for attribute in message.attributes where attribute.type != type {
        try copy.append(attribute.type, bytes: attribute.value)
      }
      try more(&copy)
    }
  }

  // Pitfall 14.
  @Test("Bid-down: a 401 whose PASSWORD-ALGORITHMS was struck out is not answered")
  mutating func bidDown() throws {
    var client = try makeClient()
    let outcome = try outcome(&client, [server: longTerm()]) {
      try Self.copy($0, without: .passwordAlgorithms)
    }
    #expect(outcome == .timedOut)
    #expect(client.drops == [.bidDown: 7])
  }

  // Pitfall 14, the server's half.
  @Test("Bid-down: a list that comes back shortened is a bad request")
  mutating func bidDownAtServer() throws {
    var client = try makeClient()
    let outcome = try outcome(&client, [server: longTerm()]) { message in
      guard try message.errorCode == .unauthenticated else { return nil }
      return try Self.copy(message, without: .passwordAlgorithms) {
        try $0.append(passwordAlgorithms: [.md5])
      }
    }
    // The server's 400 is not protected, so it is as if it had never come (§9.2.5): seven times.
    #expect(outcome == .integrityViolation)
    #expect(client.drops == [.notAuthentic: 7])
  }

  // Pitfall 3.
  @Test(
    "A response that should be protected and is not, or wrongly, is not believed",
    arguments: [true, false])
  mutating func unprotected(isStripped: Bool) throws {
    var client = try makeClient()
    let outcome = try outcome(&client, [server: longTerm()]) { message in
      guard message.type.class == .successResponse else { return nil }
      return try STUNMessage.encode(message.type, transactionID: message.transactionID) { copy in
        try copy.append(xorMappedAddress: "192.0.2.66:6666")
        if !isStripped {
          try copy.appendMessageIntegritySHA256(MessageIntegrityKey(shortTermPassword: "x"))
        }
      }
    }
    #expect(outcome == .integrityViolation)
    #expect(client.drops == [.notAuthentic: 7])
  }

  @Test("Over a stream the first response without the request's protection ends the request")
  mutating func violatedStream() throws {
    var client = try makeClient(
      .shortTerm(username: "a:b", password: "secret"), over: .stream())
    let id = try client.request(at: .zero, using: &generator)
    let forged = try response(to: sent(&client), .successResponse) {
      try $0.append(xorMappedAddress: "192.0.2.66:6666")
    }
    client.received(forged.span, from: server, at: .zero, using: &generator)
    #expect(client.nextAction() == .finished(id, .integrityViolation))
    #expect(client.nextDeadline == nil)
  }

  @Test("A forged response to the first form does not count against the form that is sent next")
  mutating func violatedBefore() throws {
    var client = try makeClient()
    var binding = try longTerm()
    var codes: [ErrorCode?] = []
    // A challenge, a forged response to the answer, and then 438 with a fresh nonce.
    let id = try client.request(at: .zero, using: &generator)
    for now in [Instant.zero, .seconds(1000)] {
      let request = try sent(&client)
      if codes.count == 1 {
        let forged = try response(to: request, .successResponse) {
          try $0.append(xorMappedAddress: "192.0.2.66:6666")
        }
        client.received(forged.span, from: server, at: .zero, using: &generator)
      }
      let reply = try #require(
        try binding.reply(to: request, from: mapped, to: server, at: now))
      codes.append(try reply.message.errorCode)
      client.received(reply.bytes.span, from: server, at: .zero, using: &generator)
    }
    #expect(codes == [.unauthenticated, .staleNonce])
    #expect(client.drops == [.notAuthentic: 1])
    _ = try sent(&client)
    // Silence from here on.
    var outcome: STUNClient.Outcome?
    while outcome == nil, let deadline = client.nextDeadline {
      client.timerFired(at: deadline)
      while let action = client.nextAction() {
        if case .finished(id, let end) = action { outcome = end }
      }
    }
    #expect(outcome == .timedOut)
  }

  @Test("438: the fresh nonce is taken up without a new 401")
  mutating func staleNonce() throws {
    var client = try makeClient()
    var binding = try longTerm()
    var codes: [ErrorCode?] = []
    for now in [Instant.zero, .seconds(1000)] {
      try client.request(at: now, using: &generator)
      for _ in 0..<2 {
        let reply = try #require(
          try binding.reply(to: sent(&client), from: mapped, to: server, at: now))
        codes.append(try reply.message.errorCode)
        client.received(reply.bytes.span, from: server, at: now, using: &generator)
      }
      let action = client.nextAction()
      guard case .finished(_, .success) = action else { throw Failure(action as Any) }
    }
    #expect(codes == [.unauthenticated, nil, .staleNonce, nil])
  }

  @Test("A nonce that is always stale ends the request after two more tries")
  mutating func alwaysStale() throws {
    var client = try makeClient()
    var requests = 0
    let outcome = try outcome(&client, [server: longTerm()]) { message in
      requests += 1
      guard message.type.class == .successResponse else { return nil }
      return try STUNMessage.encode(
        .bindingErrorResponse, transactionID: message.transactionID
      ) {
        try $0.append(errorCode: .staleNonce)
        try $0.append(realm: "example.org")
        try $0.append(nonce: "stale")
      }
    }
    guard case .error(.staleNonce, _) = outcome else { throw Failure(outcome) }
    // 401, then 438 three times.
    #expect(requests == 4)
  }

  @Test("Short-term: both attributes go out, and the server's response must have one")
  mutating func shortTerm() throws {
    var binding = BindingServer(
      .init(server),
      authenticator: Authenticator(
        .shortTerm(try .init(username: .equal(to: "a:b"), password: "secret"))))
    var client = try makeClient(.shortTerm(username: "a:b", password: "secret"))
    try client.request(at: .zero, using: &generator)
    let request = try STUNMessage(sent(&client))
    #expect(request.value(of: .messageIntegrity) != nil)
    #expect(request.value(of: .messageIntegritySHA256) != nil)
    let reply = try #require(
      try binding.reply(to: request.bytes, from: mapped, to: server, at: .zero))
    client.received(reply.bytes.span, from: server, at: .zero, using: &generator)
    let action = client.nextAction()
    guard case .finished(_, .success(let message)) = action else { throw Failure(action as Any) }
    #expect(message.value(of: .messageIntegritySHA256) != nil)
  }

  @Test("300: the request goes to the server named, once")
  mutating func alternateServer() throws {
    var client = try makeClient(.none)
    let id = try client.request(at: .zero, using: &generator)
    let first = try sent(&client)
    let redirect = try response(to: first, .errorResponse) {
      try $0.append(errorCode: .tryAlternate)
      try $0.append(alternateServer: otherServer)
    }
    client.received(redirect.span, from: server, at: .zero, using: &generator)
    let second = try sent(&client, to: otherServer)
    // Pitfall 12: another request, another ID.
    #expect(try STUNMessage(first).transactionID != STUNMessage(second).transactionID)
    let back = try response(to: second, .errorResponse) {
      try $0.append(errorCode: .tryAlternate)
      try $0.append(alternateServer: server)
    }
    client.received(back.span, from: otherServer, at: .zero, using: &generator)
    #expect(
      client.nextAction() == .finished(id, .error(.tryAlternate, try STUNMessage(back))))
  }

  @Test("300: the other server is asked without the first one's realm and nonce")
  mutating func alternateServerLongTerm() throws {
    var client = try makeClient()
    var binding = try longTerm()
    try client.request(at: .zero, using: &generator)
    let challenge = try #require(
      try binding.reply(to: sent(&client), from: mapped, to: server, at: .zero))
    client.received(challenge.bytes.span, from: server, at: .zero, using: &generator)
    let key = try #require(
      MessageIntegrityKey(
        username: "user", realm: "example.org", password: "pass", algorithm: .sha256))
    let redirect = try response(to: sent(&client), .errorResponse) {
      try $0.append(errorCode: .tryAlternate)
      try $0.append(alternateServer: otherServer)
      try $0.appendMessageIntegritySHA256(key)
    }
    client.received(redirect.span, from: server, at: .zero, using: &generator)
    #expect(try STUNMessage(sent(&client, to: otherServer)).attributes.isEmpty)
  }

  @Test("Over a stream 300 says where to connect")
  mutating func alternateOverStream() throws {
    var client = STUNClient(server: server, over: .stream())
    let id = try client.request(at: .zero, using: &generator)
    let redirect = try response(to: sent(&client), .errorResponse) {
      try $0.append(errorCode: .tryAlternate)
      try $0.append(alternateServer: otherServer)
      try $0.append(alternateDomain: "stun.example.org")
    }
    client.received(redirect.span, from: server, at: .zero, using: &generator)
    #expect(
      client.nextAction()
        == .finished(id, .tryAlternate(otherServer, domain: "stun.example.org")))
  }

  @Test("A response with unknown comprehension-required attributes fails the request")
  mutating func notUnderstood() throws {
    var client = try makeClient(.none)
    let id = try client.request(at: .zero, using: &generator)
    let odd = try response(to: sent(&client)) {
      try $0.append(AttributeType(rawValue: 0x7F00), bytes: [])
    }
    client.received(odd.span, from: server, at: .zero, using: &generator)
    #expect(
      client.nextAction() == .finished(id, .notUnderstood([AttributeType(rawValue: 0x7F00)])))
  }

  @Test("A measured round trip makes the next RTO")
  mutating func rto() throws {
    var client = try makeClient(.none)
    try client.request(at: .zero, using: &generator)
    let reply = try response(to: sent(&client))
    client.received(reply.span, from: server, at: .milliseconds(100), using: &generator)
    try client.request(at: .seconds(1), using: &generator)
    #expect(client.nextDeadline == .milliseconds(1300))
  }

  @Test("A response from another address is not believed, and the true one still is")
  mutating func unexpectedSource() throws {
    var client = try makeClient(.none)
    let id = try client.request(at: .zero, using: &generator)
    let request = try sent(&client)
    let forged = try response(to: request) { try $0.append(xorMappedAddress: "192.0.2.66:6666") }
    client.received(forged.span, from: otherServer, at: .zero, using: &generator)
    #expect(client.nextAction() == nil)
    #expect(client.drops == [.unexpectedSource: 1])
    let genuine = try response(to: request) { try $0.append(xorMappedAddress: mapped) }
    client.received(genuine.span, from: server, at: .zero, using: &generator)
    #expect(client.nextAction() == .finished(id, .success(try STUNMessage(genuine))))
  }

  @Test("Requests run at once and share what one of them learns from its challenge")
  mutating func manyAtOnce() throws {
    var client = try makeClient()
    var binding = try longTerm()
    let first = try client.request(at: .zero, using: &generator)
    let second = try client.request(at: .zero, using: &generator)
    let bare = [try sent(&client), try sent(&client)]
    // The challenge of the first is taken up by the third, which then needs none of its own.
    let challenge = try #require(
      try binding.reply(to: bare[0], from: mapped, to: server, at: .zero))
    client.received(challenge.bytes.span, from: server, at: .zero, using: &generator)
    let third = try client.request(at: .zero, using: &generator)
    let protected = [try sent(&client), try sent(&client)]
    #expect(client.requestCount == 3)
    for request in [protected[1], bare[1], protected[0]] {
      let reply = try #require(
        try binding.reply(to: request, from: mapped, to: server, at: .zero))
      client.received(reply.bytes.span, from: server, at: .zero, using: &generator)
    }
    let retried = try #require(finished(&client))
    #expect(retried == [third, first])
    let reply = try #require(
      try binding.reply(to: last ?? [], from: mapped, to: server, at: .zero))
    client.received(reply.bytes.span, from: server, at: .zero, using: &generator)
    #expect(finished(&client) == [second])
    #expect(client.requestCount == 0)
  }

  /// What the client sent last while `finished` was listening.
  var last: [UInt8]?

  /// The requests that have succeeded, in order; nil if one has not.
  mutating func finished(_ client: inout STUNClient) -> [STUNClient.RequestID]? {
    var ids: [STUNClient.RequestID] = []
    while let action = client.nextAction() {
      switch action {
      case .send(let bytes, _): last = bytes
      case .finished(let id, .success): ids.append(id)
      case .finished: return nil
      }
    }
    return ids
  }

  @Test("A request that is given up has no outcome and is not sent again")
  mutating func cancel() throws {
    var client = try makeClient(.none)
    let id = try client.request(at: .zero, using: &generator)
    let request = try sent(&client)
    client.cancel(id)
    #expect(client.nextDeadline == nil)
    let late = try response(to: request)
    client.received(late.span, from: server, at: .zero, using: &generator)
    #expect(client.nextAction() == nil)
    #expect(client.drops == [.unknownTransaction: 1])
  }

  @Test("A request whose attributes do not fit is thrown back")
  mutating func cannotEncode() throws {
    var client = try makeClient(.none)
    let long = String(repeating: "x", count: 600)
    #expect {
      try client.request(at: .zero, using: &generator) {
        (message: inout STUNMessageBuilder) throws(STUNEncodingError) in
        try message.append(software: long)
      }
    } throws: { error in
      guard case TransactionError.cannotEncode(let inner) = error else { return false }
      return inner.code == .valueTooLong
    }
    #expect(client.nextAction() == nil && client.requestCount == 0)
  }

  @Test("A name or password that cannot be prepared is thrown back", arguments: Secret.allCases)
  func cannotPrepare(secret: Secret) throws {
    let credentials: Credentials =
      switch secret {
      case .none: .shortTerm(username: "\u{7}", password: "pass")
      case .shortTerm: .shortTerm(username: "user", password: "\u{7}")
      case .longTerm: .longTerm(username: "user", password: "")
      }
    let error = try refusal(of: secret == .longTerm ? "" : "\u{7}")
    #expect(throws: STUNConfigurationError.cannotPrepare(error)) {
      try STUNClient(server: server, credentials: credentials)
    }
  }

  @Test("Two clients that use one generator never make the same transaction ID")
  mutating func twoClients() throws {
    var clients = [try makeClient(.none), try makeClient(.none)]
    var ids: Set<TransactionID> = []
    for _ in 0..<100 {
      for index in clients.indices {
        try clients[index].request(at: .zero, using: &generator)
        ids.insert(try STUNMessage(sent(&clients[index])).transactionID)
      }
    }
    #expect(ids.count == 200)
  }

  @Test("The same seed makes the same bytes")
  func repeatable() throws {
    func requests(seed: UInt64) throws -> [[UInt8]] {
      var generator = SeededGenerator(seed: seed)
      var client = try makeClient(.none)
      return try (0..<3).map { _ in
        try client.request(at: .zero, using: &generator)
        return try sent(&client)
      }
    }
    #expect(try requests(seed: 1) == requests(seed: 1))
    #expect(try requests(seed: 1) != requests(seed: 2))
  }
}
