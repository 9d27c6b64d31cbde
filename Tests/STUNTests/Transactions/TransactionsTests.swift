import STUN
import STUNCodec
import SansIO
import Testing
import TransportAddress

@Suite struct TransactionsTests {
  typealias Requests = Transactions<Int>
  var generator = SeededGenerator(seed: 8489)

  /// Begins a Binding request and gives what is sent.
  mutating func begin(
    _ requests: inout Requests, tag: Int = 0, to target: TransportAddress = server,
    at now: Instant = .zero
  ) throws -> [UInt8] {
    try requests.begin(tag: tag, to: target, at: now, using: &generator) { _ in }
    let action = requests.nextAction()
    guard case .send(let bytes, target, tag) = action else { throw Failure(action as Any) }
    return bytes
  }

  func received(
    _ bytes: [UInt8], by requests: inout Requests, from source: TransportAddress = server,
    at now: Instant = .zero
  ) throws -> Requests.Response? {
    let message = try STUNMessage(bytes)
    return requests.received(message.view, from: source, at: now)
  }

  func matched(
    _ bytes: [UInt8], by requests: inout Requests, from source: TransportAddress
  ) throws -> Requests.Response? {
    let message = try STUNMessage(bytes)
    return requests.match(message.view, from: source)
  }

  /// Every action that there is.
  func drain(_ requests: inout Requests) -> [Requests.Action] {
    var actions: [Requests.Action] = []
    while let action = requests.nextAction() { actions.append(action) }
    return actions
  }

  // MARK: - Many at once

  /// A network that loses, doubles and reorders packets, and a server that answers those that come.
  private struct Lossy {
    enum Event: Hashable {
      case request(Int)
      case response(Int)
    }
    var queue = DeadlineQueue<Int>()
    var events: [(event: Event, bytes: [UInt8])] = []

    mutating func send(
      _ event: Event, _ bytes: [UInt8], at now: Instant, using generator: inout SeededGenerator
    ) -> (lost: Int, doubled: Int) {
      // One of ten is lost, two of ten come twice; each copy takes 1 to 400 ms.
      let roll = Int.random(in: 0..<10, using: &generator)
      let copies = roll == 0 ? 0 : roll < 3 ? 2 : 1
      for _ in 0..<copies {
        let delay = Duration.milliseconds(Int.random(in: 1...400, using: &generator))
        queue.set(events.count, at: now.advanced(by: delay))
        events.append((event, bytes))
      }
      return (copies == 0 ? 1 : 0, copies == 2 ? 1 : 0)
    }
  }

  @Test(
    "A hundred requests at once, with loss, duplication and reordering: each gets its own response",
    arguments: [1, 2, 3, 4, 5] as [UInt64])
  func hundredAtOnce(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    var requests = try Requests()
    var network = Lossy()
    var lost = 0
    var doubled = 0
    var responses: [Int: UInt16] = [:]
    var arrivals: [Int] = []
    var timedOut: Set<Int> = []
    for tag in 0..<100 {
      try requests.begin(tag: tag, to: server, at: .zero, using: &generator) { _ in }
    }
    #expect(requests.count == 100)
    var now = Instant.zero
    for _ in 0..<100_000 {
      while let action = requests.nextAction() {
        switch action {
        case .send(let bytes, _, let tag):
          let fate = network.send(.request(tag), bytes, at: now, using: &generator)
          lost += fate.lost
          doubled += fate.doubled
        case .timedOut(_, _, let tag): timedOut.insert(tag)
        }
      }
      guard let next = [network.queue.nextDeadline, requests.nextDeadline].compactMap(\.self).min()
      else { break }
      now = next
      requests.timerFired(at: now)
      while let (index, _) = network.queue.popDue(at: now) {
        let (event, bytes) = network.events[index]
        switch event {
        case .request(let tag):
          // The response says which request the server has seen.
          let reply = try response(to: bytes) {
            try $0.append(xorMappedAddress: TransportAddress("192.0.2.1", port: UInt16(tag)))
          }
          let fate = network.send(.response(tag), reply, at: now, using: &generator)
          lost += fate.lost
          doubled += fate.doubled
        case .response:
          let message = try STUNMessage(bytes)
          guard let response = requests.received(message.view, from: server, at: now) else {
            continue
          }
          #expect(responses[response.tag] == nil, "a request has one response")
          responses[response.tag] = try message.xorMappedAddress?.port
          arrivals.append(response.tag)
        }
      }
    }
    #expect(requests.count == 0 && requests.nextDeadline == nil)
    #expect(timedOut.isDisjoint(with: responses.keys))
    #expect(timedOut.count + responses.count == 100)
    // Of seven sends at least one comes through both ways, with these seeds.
    #expect(timedOut.isEmpty)
    #expect(responses.allSatisfy { $0.key == Int($0.value) })
    // The network has done what it is there for.
    #expect(lost > 0 && doubled > 0 && arrivals != arrivals.sorted())
    #expect(requests.drops[.unknownTransaction] > 0)
  }

  @Test("Requests from one generator have different IDs")
  mutating func ids() throws {
    var requests = [try Requests(), try Requests()]
    var ids: Set<TransactionID> = []
    for _ in 0..<1000 {
      for index in requests.indices {
        ids.insert(
          try requests[index].begin(tag: 0, to: server, at: .zero, using: &generator) { _ in })
      }
    }
    #expect(ids.count == 2000)
  }

  @Test("A generator that repeats itself does not make two requests with one ID")
  func repeatingGenerator() throws {
    /// Says each number four times: an ID takes two.
    struct Stutter: RandomNumberGenerator {
      var count: UInt64 = 0
      mutating func next() -> UInt64 {
        defer { count += 1 }
        return count / 4 &* 0x9E37_79B9_7F4A_7C15
      }
    }
    var generator = Stutter()
    var requests = try Requests()
    let ids = try (0..<10).map {
      try requests.begin(tag: $0, to: server, at: .zero, using: &generator) { _ in }
    }
    #expect(Set(ids).count == 10)
  }

  // MARK: - The source

  @Test("A response from another address than the one asked is reported with that address")
  mutating func source() throws {
    var requests = try Requests()
    let request = try begin(&requests, tag: 7)
    let reply = try #require(
      try received(response(to: request), by: &requests, from: otherServer))
    #expect(reply.tag == 7)
    #expect(reply.server == server && reply.source == otherServer && !reply.isSymmetric)
  }

  @Test("A forged response from another address can be told, and the true one is still taken")
  mutating func forged() throws {
    var requests = try Requests()
    let request = try begin(&requests)
    let bytes = try response(to: request)
    let forged = try #require(try matched(bytes, by: &requests, from: otherServer))
    #expect(forged.source == otherServer && !forged.isSymmetric)
    #expect(requests.contains(forged.id))
    let genuine = try #require(
      try received(bytes, by: &requests, at: .milliseconds(20)))
    #expect(genuine.source == server && genuine.isSymmetric)
    #expect(!requests.contains(genuine.id))
  }

  @Test("What is no response to a request is dropped and counted", arguments: Stray.allCases)
  mutating func strays(stray: Stray) throws {
    var requests = try Requests()
    let request = try begin(&requests)
    let id = try STUNMessage(request).transactionID
    #expect(try received(stray.bytes(id), by: &requests) == nil)
    #expect(requests.drops == [stray.reason: 1])
    #expect(requests.count == 1)
  }

  enum Stray: CaseIterable {
    case request, indication, otherMethod, otherID, damaged

    var reason: ResponseDropReason {
      switch self {
      case .request, .indication: .notAResponse
      case .otherMethod, .otherID: .unknownTransaction
      case .damaged: .wrongFingerprint
      }
    }

    func bytes(_ id: TransactionID) throws -> [UInt8] {
      switch self {
      case .request: return STUNMessage.encode(.bindingRequest, transactionID: id)
      case .indication: return STUNMessage.encode(.bindingIndication, transactionID: id)
      case .otherMethod:
        return STUNMessage.encode(MessageType(.successResponse, .allocate), transactionID: id)
      case .otherID:
        return STUNMessage.encode(
          .bindingSuccessResponse, transactionID: TransactionID(high: 0, low: 0))
      case .damaged:
        var bytes = try STUNMessage.encode(.bindingSuccessResponse, transactionID: id) {
          try $0.appendFingerprint()
        }
        bytes[bytes.count - 1] ^= 1
        return bytes
      }
    }
  }

  // MARK: - Time

  @Test("Unanswered, each request is sent seven times and then reported, in its order")
  mutating func timeouts() throws {
    var requests = try Requests()
    for tag in 0..<3 { _ = try begin(&requests, tag: tag) }
    var sends = [1, 1, 1]
    var timedOut: [Int] = []
    while let deadline = requests.nextDeadline {
      requests.timerFired(at: deadline)
      for action in drain(&requests) {
        switch action {
        case .send(_, _, let tag): sends[tag] += 1
        case .timedOut(_, let asked, let tag):
          #expect(deadline == .milliseconds(39_500) && asked == server)
          timedOut.append(tag)
        }
      }
    }
    #expect(sends == [7, 7, 7])
    #expect(timedOut == [0, 1, 2])
    #expect(requests.count == 0)
  }

  @Test("Round-trip times are measured for each server by itself")
  mutating func perServer() throws {
    var requests = try Requests()
    let near = try begin(&requests)
    _ = try received(response(to: near), by: &requests, at: .milliseconds(100))
    // R + 4 × R/2.
    _ = try begin(&requests, at: .seconds(1))
    #expect(requests.nextDeadline == .milliseconds(1300))
    var other = requests
    _ = drain(&other)
    _ = try begin(&requests, to: otherServer, at: .seconds(1))
    #expect(requests.estimate(for: otherServer) == RoundTripEstimate())
    requests.timerFired(at: .milliseconds(1300))
    // The other server's first wait ends after 500 ms, the first one's second one after 600.
    #expect(requests.nextDeadline == .milliseconds(1500))
  }

  @Test("No more than 256 servers' round-trip times are kept, the latest ones")
  mutating func manyServers() throws {
    var requests = try Requests()
    for number in 0..<300 {
      let target = TransportAddress("192.0.2.1", port: UInt16(number + 1))
      let now = Instant.milliseconds(Int64(number))
      let request = try begin(&requests, to: target, at: now)
      _ = try received(
        response(to: request), by: &requests, from: target,
        at: now.advanced(by: .milliseconds(10)))
    }
    let kept = (0..<300).filter {
      requests.estimate(for: TransportAddress("192.0.2.1", port: UInt16($0 + 1))).smoothed != nil
    }
    #expect(kept == Array(44..<300))
  }

  @Test("A request can bring its own schedule, as ICE's checks do")
  mutating func ownSchedule() throws {
    var requests = try Requests()
    try requests.begin(
      tag: 0, to: server, schedule: RetransmissionSchedule(rto: .seconds(2)), at: .zero,
      using: &generator
    ) { _ in }
    #expect(requests.nextDeadline == .seconds(2))
  }

  @Test("An RTO that was measured is no longer than the longest that can be given")
  mutating func longestRTO() throws {
    var requests = try Requests(over: .datagrams(RetransmissionSchedule(rto: .seconds(60))))
    let slow = try begin(&requests)
    _ = try received(response(to: slow), by: &requests, at: .seconds(50))
    #expect(requests.estimate(for: server).rto(at: .seconds(50)) == .seconds(150))
    _ = try begin(&requests, at: .seconds(50))
    #expect(requests.nextDeadline == .seconds(110))
  }

  @Test("With pacing, new requests go out every Ta, and those sent again keep their own time")
  mutating func pacing() throws {
    var requests = try Requests(pacing: .milliseconds(50))
    for tag in 0..<12 {
      try requests.begin(tag: tag, to: server, at: .zero, using: &generator) { _ in }
    }
    var sends: [(tag: Int, at: Instant)] = []
    var now = Instant.zero
    while now < .milliseconds(600) {
      for case .send(_, _, let tag) in drain(&requests) { sends.append((tag, now)) }
      now = try #require(requests.nextDeadline)
      requests.timerFired(at: now)
    }
    let first = (0..<12).map { tag in sends.first { $0.tag == tag }?.at }
    #expect(first == (0..<12).map { .milliseconds(50 * $0) })
    let again = sends.filter { send in send.at > first[send.tag] ?? .zero }
    #expect(again.map(\.tag) == [0, 1])
    #expect(again.map(\.at) == [.milliseconds(500), .milliseconds(550)])
  }

  @Test("A paced request that is cancelled before it is sent gives its turn to the next")
  mutating func cancelQueued() throws {
    var requests = try Requests(pacing: .milliseconds(50))
    let ids = try (0..<3).map {
      try requests.begin(tag: $0, to: server, at: .zero, using: &generator) { _ in }
    }
    _ = drain(&requests)
    #expect(requests.cancel(ids[1]) == 1)
    requests.timerFired(at: .milliseconds(50))
    guard case .send(_, _, tag: 2) = requests.nextAction() else { throw Failure("not sent") }
    #expect(requests.cancel(ids[1]) == nil)
    // Nothing is queued any more: what remains is the first one's RTO.
    #expect(requests.nextDeadline == .milliseconds(500))
  }

  @Test("Cancelled all at once, no request is sent, no response is taken, and there is room again")
  mutating func cancelAll() throws {
    var requests = try Requests(pacing: .milliseconds(50), capacity: 2)
    let request = try begin(&requests)
    try requests.begin(tag: 1, to: server, at: .zero, using: &generator) { _ in }
    requests.cancelAll()
    #expect(requests.count == 0 && requests.nextDeadline == nil)
    #expect(try received(response(to: request), by: &requests) == nil)
    requests.timerFired(at: .seconds(100))
    #expect(drain(&requests).isEmpty)
    _ = try begin(&requests, at: .seconds(100))
  }

  @Test("A cancelled request is not sent again, and its response is dropped")
  mutating func cancel() throws {
    var requests = try Requests()
    let request = try begin(&requests, tag: 5)
    #expect(requests.cancel(try STUNMessage(request).transactionID) == 5)
    #expect(requests.nextDeadline == nil && requests.count == 0)
    #expect(try received(response(to: request), by: &requests) == nil)
    #expect(requests.drops == [.unknownTransaction: 1])
  }

  @Test("A request that is not to be sent again still takes its response, until its time is over")
  mutating func stopRetransmitting() throws {
    var requests = try Requests()
    let request = try begin(&requests, tag: 3)
    let silent = try begin(&requests, tag: 4)
    for bytes in [request, silent] {
      requests.stopRetransmitting(try STUNMessage(bytes).transactionID)
    }
    #expect(requests.nextDeadline == .milliseconds(39_500))
    #expect(
      try received(response(to: request), by: &requests, at: .seconds(30))?.tag == 3)
    requests.timerFired(at: .milliseconds(39_500))
    #expect(drain(&requests) == [])
    #expect(requests.count == 0)
  }

  // MARK: - Misuse

  @Test("More requests than fit, and requests that are none, are thrown back")
  mutating func misuse() throws {
    var requests = try Requests(capacity: 1)
    let indication = STUNMessage.encode(
      .bindingIndication, transactionID: TransactionID(high: 0, low: 0))
    #expect(throws: TransactionError.notARequest(.bindingIndication)) {
      try requests.begin(indication, tag: 0, to: server, at: .zero)
    }
    #expect {
      try requests.begin([0x80], tag: 0, to: server, at: .zero)
    } throws: { error in
      if case TransactionError.notAMessage = error { true } else { false }
    }
    let request = try begin(&requests)
    #expect(throws: TransactionError.tooMany(1)) {
      try requests.begin(request, tag: 0, to: server, at: .zero)
    }
    #expect(requests.count == 1 && requests.nextAction() == nil)
  }

  @Test("Where no more requests fit, none is written")
  mutating func full() throws {
    var requests = try Requests(capacity: 1)
    _ = try begin(&requests)
    #expect(throws: TransactionError.tooMany(1)) {
      try requests.begin(tag: 1, to: server, at: .zero, using: &generator) { _ in
        Issue.record("it is written")
      }
    }
  }

  @Test("A request whose ID waits already is thrown back")
  mutating func inUse() throws {
    var requests = try Requests()
    let request = try begin(&requests)
    let id = try STUNMessage(request).transactionID
    #expect(throws: TransactionError.inUse(id)) {
      try requests.begin(request, tag: 1, to: server, at: .zero)
    }
  }

  @Test("Numbers that make no sense are thrown back")
  func configuration() {
    #expect(throws: STUNConfigurationError.capacityOutOfRange(0)) { try Requests(capacity: 0) }
    #expect(throws: STUNConfigurationError.pacingOutOfRange(.zero)) {
      try Requests(pacing: .zero)
    }
    #expect(throws: STUNConfigurationError.streamTimeoutOutOfRange(.zero)) {
      try Requests(over: .stream(timeout: .zero))
    }
  }

  @Test("The least numbers that make sense are taken")
  func leastConfiguration() {
    #expect(throws: Never.self) {
      try Requests(over: .stream(timeout: .nanoseconds(1)), pacing: .nanoseconds(1), capacity: 1)
    }
  }
}
