import STUN
import STUNCodec
import SansIO
import Testing
import TransportAddress

@testable import TURN

/// What a server does before it knows who asks (RFC 8489 §9.2 and §16.1.2).
@Suite struct ChallengeTests {
  func bareAllocate(_ low: UInt64 = 1) throws -> [UInt8] {
    try STUNMessage.encode(
      MessageType(.request, .allocate), transactionID: TransactionID(high: 1, low: low)
    ) { try $0.append(requestedTransport: 17) }
  }

  // Pitfall 27, field report T12.
  @Test("Ten thousand unauthenticated Allocates from as many sources leave nothing behind")
  func noState() throws {
    var server = try TestServer()
    let request = try bareAllocate()
    for source in 0..<10_000 as Range<UInt32> {
      let tuple = FiveTuple(
        .udp, local: serverAddress,
        remote: TransportAddress(.v4(IPv4Address(rawValue: 0x2D00_0000 + source)), port: 99))
      _ = server.server.received(request.span, on: tuple, at: .zero, using: &server.generator)
      while let action = server.server.nextAction() {
        guard case .send = action else { throw Failure(action) }
      }
    }
    #expect(server.server.allocationCount == 0 && server.server.nextDeadline == nil)
  }

  @Test("A challenge has REALM, NONCE and PASSWORD-ALGORITHMS, and not a byte that is not needed")
  func shortest() throws {
    var server = try TestServer()
    let request = try bareAllocate()
    let response = try #require(try server.response(to: request, on: alice))
    #expect(try response.errorCode == .unauthenticated)
    #expect(
      response.attributes.map(\.type) == [.errorCode, .realm, .nonce, .passwordAlgorithms])
    // The letter wants these attributes, so it cannot be as short as the request; with the headers
    // of UDP and IPv4 it is less than three times as long.
    #expect(response.bytes.count == 116 && request.count == 28)
    #expect((response.bytes.count + 28) < 3 * (request.count + 28))
  }

  @Test("One source gets 40 challenges at once and 20 a second then; others are not held up")
  func limited() throws {
    var server = try TestServer()
    var answered = 0
    for low in 0..<1000 as Range<UInt64> {
      if try server.response(to: bareAllocate(low), on: alice) != nil { answered += 1 }
    }
    #expect(answered == 40)
    #expect(server.server.drops == [.tooManyUnproven: 960])
    #expect(try server.response(to: bareAllocate(), on: bob) != nil)
    server.now = .seconds(1)
    answered = 0
    for low in 0..<1000 as Range<UInt64> {
      if try server.response(to: bareAllocate(low), on: alice) != nil { answered += 1 }
    }
    #expect(answered == 20)
  }

  // Field report T12.
  @Test("When all sources have had too many, a challenge is paid for with the bytes of requests")
  func paidFor() throws {
    var server = try TestServer()
    let request = try bareAllocate()
    var answered = 0
    for source in 0..<20_000 as Range<UInt32> {
      let tuple = FiveTuple(
        .udp, local: serverAddress,
        remote: TransportAddress(.v4(IPv4Address(rawValue: 0x2D00_0000 + source)), port: 99))
      answered += try server.receive(request, on: tuple).sent.count
    }
    // The stock pays 95 bytes of 144 to each of so many; the others get one for three requests.
    #expect((16_100...17_600).contains(answered), "\(answered)")
    #expect(server.server.drops == [.tooManyUnproven: 20_000 - answered])
    // A client repeats its request, and pays for nothing once it has a nonce. A stream needs no limit.
    var tries = 1
    while try server.response(to: bareAllocate(UInt64(tries)), on: alice) == nil { tries += 1 }
    #expect(tries <= 3)
    #expect(try server.response(to: bareAllocate(), on: aliceOverTCP) != nil)
  }

  @Test("In a flood a new client is challenged with one of its seven requests, in 94 cases of 100")
  func newClientsInAFlood() {
    // 28 bytes ask, 116 answer; 20 000 forged requests a second.
    var budget = ChallengeBudget()
    let schedule = RetransmissionSchedule()
    let clients = 0..<400
    var generator = SeededGenerator(seed: 1)
    var sends: [(client: Int, number: Int, time: Instant)] = []
    for client in clients {
      let start = Int64.random(in: 2_000_000_000..<3_000_000_000, using: &generator)
      for number in 1...schedule.sendCount {
        let offset = schedule.offset(ofSend: number)
        sends.append((client, number, Instant(nanoseconds: start).advanced(by: offset)))
      }
    }
    sends.sort { $0.time > $1.time }
    var answers: [Int: Int] = [:]
    var now = Instant.zero
    while let send = sends.last {
      now.nanoseconds += 50_000
      _ = budget.admits(challengeOf: 116, to: 28, at: now)
      guard send.time <= now else { continue }
      sends.removeLast()
      if answers[send.client] == nil, budget.admits(challengeOf: 116, to: 28, at: now) {
        answers[send.client] = send.number
      }
    }
    func share(within count: Int) -> Double {
      Double(answers.values.count { $0 <= count }) / Double(clients.count)
    }
    #expect((0.28...0.45).contains(share(within: 1)), "\(share(within: 1))")
    #expect((0.75...0.90).contains(share(within: 4)), "\(share(within: 4))")
    #expect(share(within: 7) > 0.92, "\(share(within: 7))")
  }

  @Test("Who has proven who he is has no limit, nor has a stream")
  func unlimited() throws {
    var server = try TestServer()
    var client = try RawClient()
    try client.allocate(&server)
    for _ in 0..<200 { #expect(try client.refusal(&server, .refresh) == nil) }
    for low in 0..<200 as Range<UInt64> {
      #expect(try server.response(to: bareAllocate(low), on: aliceOverTCP) != nil)
    }
  }

  @Test("A wrong password, an unknown user and a missing NONCE are told apart by 401 and 400")
  func wrong() throws {
    var server = try TestServer()
    for (user, password) in [("alice", "word"), ("carol", "pass")] {
      var client = try RawClient(user: user, password: password)
      #expect(try client.refusal(&server, .allocate) == .unauthenticated)
    }
    let key = MessageIntegrityKey(username: "alice", realm: "example.org", password: "pass")
    let request = try STUNMessage.encode(
      MessageType(.request, .allocate), transactionID: TransactionID(high: 1, low: 1)
    ) {
      try $0.append(username: "alice")
      try $0.append(realm: "example.org")
      try $0.appendMessageIntegrity(key)
    }
    #expect(try server.response(to: request, on: alice)?.errorCode == .badRequest)
  }

  @Test("A nonce serves one address, and for ten minutes")
  func nonce() throws {
    var server = try TestServer()
    var client = try RawClient()
    try client.allocate(&server)
    let request = try client.request(.refresh)
    #expect(try server.response(to: request, on: bob)?.errorCode == .staleNonce)
    server.now = .seconds(601)
    #expect(try server.response(to: request, on: alice)?.errorCode == .staleNonce)
  }

  // Pitfall 29.
  @Test("A request whose integrity is wrong changes nothing")
  func forged() throws {
    var server = try TestServer()
    var client = try RawClient()
    let relayed = try client.allocate(&server)
    for method in [STUNMethod.refresh, .createPermission, .channelBind] {
      var request = try client.request(method) {
        if method == .refresh { try $0.append(lifetime: 0) }
        if method == .channelBind { try $0.append(channelNumber: .init(rawValue: 0x4000)) }
        if method != .refresh { try $0.append(xorPeerAddress: peer) }
      }
      request[request.count - 1] ^= 1
      #expect(try server.response(to: request, on: alice)?.errorCode == .unauthenticated)
    }
    let status = try #require(server.server.allocation(of: alice, at: server.now))
    #expect(status.permissions.isEmpty && status.channels.isEmpty)
    #expect(status.relayed == [relayed: .seconds(600)])
  }

  @Test("An allocation is its maker's: another user's request on the 5-tuple gets 441")
  func wrongCredentials() throws {
    var server = try TestServer()
    var client = try RawClient()
    try client.allocate(&server)
    var other = try RawClient(alice, user: "bob", password: "word")
    for method in [STUNMethod.refresh, .createPermission, .channelBind] {
      #expect(try other.refusal(&server, method) == .wrongCredentials)
    }
  }

  // Pitfall 22, field report T2.
  @Test("Without an allocation everything gets 437, a ChannelBind too")
  func mismatch() throws {
    var server = try TestServer()
    var client = try RawClient()
    for method in [STUNMethod.refresh, .createPermission, .channelBind] {
      #expect(try client.refusal(&server, method) == .allocationMismatch)
    }
  }

  @Test("A Binding request is answered without proof, as by every STUN server")
  func binding() throws {
    var server = try TestServer()
    let request = try STUNMessage.encode(
      .bindingRequest, transactionID: TransactionID(high: 1, low: 1)
    ) { try $0.appendFingerprint() }
    let response = try #require(try server.response(to: request, on: alice))
    #expect(try response.xorMappedAddress == clientAddress)
    #expect(response.verifyFingerprint() == .verified)
  }

  @Test("A Binding request of classic STUN is answered by UDP, as libnice needs it")
  func classicBinding() throws {
    var server = try TestServer()
    let request: [UInt8] = [0, 1, 0, 0] + Array(0x40...0x4F)
    let (verdict, sent) = try server.receive(request, on: alice)
    #expect(verdict == .taken)
    #expect(sent.map(\.tuple) == [alice])
    let response = ClassicBinding.response(to: request.span, from: clientAddress)
    #expect(sent.first?.bytes == response)
    var stream = alice
    stream.protocol = .tcp
    #expect(try server.receive(request, on: stream).verdict == .drop(.notSTUN))
    #expect(server.server.drops == [.notSTUN: 1])
  }

  @Test(
    "What is no request of a client is met with silence and counted", arguments: Silence.allCases)
  func silence(kind: Silence) throws {
    var server = try TestServer()
    let result = try server.receive(kind.bytes, on: alice)
    #expect(result.verdict == .drop(kind.reason) && result.sent.isEmpty)
    #expect(server.server.drops == [kind.reason: 1])
  }

  enum Silence: CaseIterable {
    case nothing, rtp, damaged, response, dataIndication, connect, channelWithoutAllocation,
      shortChannelData, sendWithoutAllocation

    var reason: TURNServer.DropReason {
      switch self {
      case .nothing, .rtp, .shortChannelData: .notSTUN
      case .damaged: .wrongFingerprint
      case .response, .dataIndication: .notForServers
      case .connect: .unknownMethod
      case .channelWithoutAllocation, .sendWithoutAllocation: .noAllocation
      }
    }

    var bytes: [UInt8] {
      get throws {
        let id = TransactionID(high: 1, low: 1)
        switch self {
        case .nothing: return []
        case .rtp: return [0x80, 0, 0, 0]
        case .damaged:
          var bytes = try STUNMessage.encode(.bindingRequest, transactionID: id) {
            try $0.appendFingerprint()
          }
          bytes[bytes.count - 1] ^= 1
          return bytes
        case .response:
          return STUNMessage.encode(MessageType(.successResponse, .allocate), transactionID: id)
        case .dataIndication:
          return STUNMessage.encode(MessageType(.indication, .data), transactionID: id)
        case .connect:
          return STUNMessage.encode(MessageType(.request, .connect), transactionID: id)
        case .channelWithoutAllocation: return [0x40, 0, 0, 1, 7]
        case .shortChannelData: return [0x40, 0, 0, 2, 7]
        case .sendWithoutAllocation:
          return STUNMessage.encode(MessageType(.indication, .send), transactionID: id)
        }
      }
    }
  }
}
