import STUN
import STUNCodec
import SansIO
import Testing
import TransportAddress

@Suite struct STUNClientTests {
  typealias Client = STUNClient<SeededGenerator>

  /// Lets client and server talk until the client is done, each packet taking 10 ms.
  func outcome(
    _ client: inout Client, _ servers: [TransportAddress: BindingServer],
    meddling: (([UInt8]) throws -> [UInt8])? = nil
  ) throws -> Client.Outcome {
    var servers = servers
    var now = Instant.zero
    var action = client.request(at: now)
    for _ in 0..<100 {
      switch action {
      case .finished(let outcome): return outcome
      case .wait:
        now = try #require(client.nextDeadline)
        action = client.timerFired(at: now)
      case .send(let bytes, let to):
        now = now.advanced(by: .milliseconds(10))
        let answer = servers[to]?.received(bytes, from: "203.0.113.7:40000", to: to, at: now)
        guard case .reply(let reply, _, _) = answer else {
          action = .wait
          continue
        }
        action = client.received(try meddling?(reply) ?? reply, at: now)
      }
    }
    Issue.record("They talk for ever")
    return .timedOut
  }

  func longTerm(_ algorithms: [PasswordAlgorithm] = [.sha256, .md5]) -> BindingServer {
    BindingServer(
      .init(server),
      authenticator: Authenticator(
        .longTerm(
          .init(
            realm: "example.org", passwords: ["user": "pass"], secret: [1, 2, 3],
            algorithms: algorithms))))
  }

  func makeClient(
    _ credentials: Credentials = .longTerm(username: "user", password: "pass")
  ) -> Client {
    Client(server: server, credentials: credentials, generator: SeededGenerator(seed: 8489))
  }

  @Test("An open server answers at once")
  func open() throws {
    var client = makeClient(.none)
    let outcome = try outcome(&client, [server: BindingServer(.init(server))])
    guard case .success(let message) = outcome else { throw Failure(outcome) }
    #expect(try message.xorMappedAddress == "203.0.113.7:40000")
    #expect(!client.isAsking && client.nextDeadline == nil)
  }

  @Test(
    "Long-term: the 401 is answered with a sealed request, whatever the algorithms",
    arguments: [[PasswordAlgorithm.sha256, .md5], [.sha256], [.md5], []])
  func longTermExchange(algorithms: [PasswordAlgorithm]) throws {
    var client = makeClient()
    let outcome = try outcome(&client, [server: longTerm(algorithms)])
    guard case .success(let message) = outcome else { throw Failure(outcome) }
    // RFC 8489 §9.2.4: the new seal for whoever chose in the new way, else the old one.
    #expect((message.value(of: .messageIntegritySHA256) != nil) == !algorithms.isEmpty)
    #expect((message.value(of: .messageIntegrity) != nil) == algorithms.isEmpty)
  }

  @Test("Long-term: the name goes out as USERHASH where the nonce says that it is understood")
  func anonymity() throws {
    var client = makeClient()
    var seen: STUNMessage?
    var binding = longTerm()
    var action = client.request(at: .zero)
    while case .send(let bytes, _) = action {
      seen = try STUNMessage(bytes)
      guard
        case .reply(let reply, _, _) = binding.received(
          bytes, from: "203.0.113.7:40000", to: server, at: .zero)
      else { break }
      action = client.received(reply, at: .zero)
    }
    #expect(try seen?.userhash == STUNDigest.userhash(username: "user", realm: "example.org"))
    #expect(try seen?.username == nil)
    guard case .finished(.success) = action else {
      Issue.record("\(action)")
      return
    }
  }

  @Test("A wrong password is refused with 401 after one more try")
  func wrongPassword() throws {
    var client = makeClient(.longTerm(username: "user", password: "guess"))
    let outcome = try outcome(&client, [server: longTerm()])
    guard case .refused(_, .unauthenticated) = outcome else { throw Failure(outcome) }
  }

  // Pitfall 14.
  @Test("Bid-down: a 401 whose PASSWORD-ALGORITHMS was struck out is not answered")
  func bidDown() throws {
    var client = makeClient()
    let outcome = try outcome(&client, [server: longTerm()]) { reply in
      let message = try STUNMessage(reply)
      return try STUNMessage.encode(
        message.type, transactionID: message.transactionID
      ) { copy in
        for attribute in message.attributes where attribute.type != .passwordAlgorithms {
          try copy.append(attribute.type, bytes: attribute.value)
        }
      }
    }
    #expect(outcome == .timedOut)
    #expect(client.discardedCount == 7)
  }

  // Pitfall 14, the server's half.
  @Test("Bid-down: a list that comes back shortened is a bad request")
  func bidDownAtServer() throws {
    var client = makeClient()
    let outcome = try outcome(&client, [server: longTerm()]) { reply in
      let message = try STUNMessage(reply)
      guard message.type.class == .errorResponse else { return reply }
      return try STUNMessage.encode(
        message.type, transactionID: message.transactionID
      ) { copy in
        for attribute in message.attributes where attribute.type != .passwordAlgorithms {
          try copy.append(attribute.type, bytes: attribute.value)
        }
        try copy.append(passwordAlgorithms: [.md5])
      }
    }
    // The server's 400 bears no seal, so it is as if it had never come (§9.2.5).
    #expect(outcome == .timedOut)
    #expect(client.discardedCount > 0)
  }

  // Pitfall 3.
  @Test("An answer that should be sealed and is not, or wrongly, is not believed")
  func unsealed() throws {
    for strip in [true, false] {
      var client = makeClient()
      let outcome = try outcome(&client, [server: longTerm()]) { reply in
        let message = try STUNMessage(reply)
        guard message.type.class == .successResponse else { return reply }
        return try STUNMessage.encode(
          message.type, transactionID: message.transactionID
        ) { copy in
          try copy.append(xorMappedAddress: "192.0.2.66:6666")
          if !strip {
            try copy.appendMessageIntegritySHA256(MessageIntegrityKey(shortTermPassword: "x"))
          }
        }
      }
      #expect(outcome == .timedOut)
    }
  }

  @Test("438: the fresh nonce is taken up without a new 401")
  func staleNonce() throws {
    var client = makeClient()
    var binding = longTerm()
    var now = Instant.zero
    var requests = 0
    for _ in 0..<2 {
      var action = client.request(at: now)
      while case .send(let bytes, _) = action {
        requests += 1
        guard
          case .reply(let reply, _, _) = binding.received(
            bytes, from: "203.0.113.7:40000", to: server, at: now)
        else { break }
        action = client.received(reply, at: now)
      }
      guard case .finished(.success) = action else {
        Issue.record("\(action)")
        return
      }
      now = .seconds(1000)
    }
    // Bare, sealed; stale, fresh.
    #expect(requests == 4)
  }

  @Test("Short-term: both seals go out, and the server's answer must bear one")
  func shortTerm() throws {
    let credentials = Credentials.shortTerm(username: "a:b", password: "secret")
    var binding = BindingServer(
      .init(server), authenticator: Authenticator(.shortTerm(username: "a:b", password: "secret")))
    var client = makeClient(credentials)
    guard case .send(let bytes, _) = client.request(at: .zero) else {
      Issue.record("nothing sent")
      return
    }
    let request = try STUNMessage(bytes)
    #expect(request.value(of: .messageIntegrity) != nil)
    #expect(request.value(of: .messageIntegritySHA256) != nil)
    guard
      case .reply(let reply, _, _) = binding.received(
        bytes, from: "203.0.113.7:1", to: server, at: .zero)
    else {
      Issue.record("not answered")
      return
    }
    guard case .finished(.success) = client.received(reply, at: .zero) else {
      Issue.record("not believed")
      return
    }
  }

  @Test("300: the request goes to the server named, once")
  func alternateServer() throws {
    var client = makeClient(.none)
    guard case .send(let first, server) = client.request(at: .zero) else {
      Issue.record("nothing sent")
      return
    }
    let redirect = try answer(to: first, .errorResponse) {
      try $0.append(errorCode: .tryAlternate)
      try $0.append(alternateServer: otherServer)
    }
    guard case .send(let second, otherServer) = client.received(redirect, at: .zero) else {
      Issue.record("not followed")
      return
    }
    // Pitfall 12: another request, another ID.
    #expect(try STUNMessage(first).transactionID != STUNMessage(second).transactionID)
    let back = try answer(to: second, .errorResponse) {
      try $0.append(errorCode: .tryAlternate)
      try $0.append(alternateServer: server)
    }
    guard case .finished(.refused(_, .tryAlternate)) = client.received(back, at: .zero) else {
      Issue.record("sent in a circle")
      return
    }
  }

  @Test("Over a stream 300 says where to connect")
  func alternateOverStream() throws {
    var client = Client(server: server, over: .stream(), generator: SeededGenerator(seed: 8489))
    guard case .send(let request, _) = client.request(at: .zero) else { return }
    let redirect = try answer(to: request, .errorResponse) {
      try $0.append(errorCode: .tryAlternate)
      try $0.append(alternateServer: otherServer)
      try $0.append(alternateDomain: "stun.example.org")
    }
    #expect(
      client.received(redirect, at: .zero)
        == .finished(.tryAlternate(otherServer, domain: "stun.example.org")))
  }

  @Test("An answer with unknown comprehension-required attributes fails the request")
  func notUnderstood() throws {
    var client = makeClient(.none)
    guard case .send(let request, _) = client.request(at: .zero) else { return }
    let odd = try answer(to: request) { try $0.append(AttributeType(rawValue: 0x7F00), bytes: []) }
    #expect(
      client.received(odd, at: .zero)
        == .finished(.notUnderstood([AttributeType(rawValue: 0x7F00)])))
  }

  @Test("A measured round trip makes the next RTO")
  func rto() throws {
    var client = makeClient(.none)
    guard case .send(let request, _) = client.request(at: .zero) else { return }
    _ = client.received(try answer(to: request), at: .milliseconds(100))
    _ = client.request(at: .seconds(1))
    #expect(client.nextDeadline == .milliseconds(1300))
  }

  struct Failure: Error {
    let outcome: Client.Outcome
    init(_ outcome: Client.Outcome) { self.outcome = outcome }
  }
}
