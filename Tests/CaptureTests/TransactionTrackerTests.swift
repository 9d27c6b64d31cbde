import Capture
import STUNCodec
import Testing
import TransportAddress

/// What is claimed of transactions, and what is not.
@Suite struct TransactionTrackerTests {
  let client: TransportAddress = "192.0.2.1:40000"
  let server: TransportAddress = "198.51.100.1:3478"
  let other: TransportAddress = "198.51.100.2:3478"

  /// A Binding message with this ID, recorded at so many microseconds.
  func message(
    _ type: MessageType, id: UInt64 = 1, at microseconds: Int64, frame: Int, from: TransportAddress,
    to: TransportAddress, interface: Int = 0
  ) throws -> CapturedMessage {
    let bytes = STUNMessage.encode(type, transactionID: TransactionID(high: 1, low: id))
    return CapturedMessage(
      frameNumber: frame, time: microseconds * 1000, interface: interface, source: from,
      destination: to, transport: .udp, bytes: bytes, content: .message(try STUNMessage(bytes)))
  }

  func request(
    id: UInt64 = 1, at microseconds: Int64, frame: Int, to: TransportAddress? = nil,
    interface: Int = 0
  ) throws -> CapturedMessage {
    try message(
      .bindingRequest, id: id, at: microseconds, frame: frame, from: client, to: to ?? server,
      interface: interface)
  }

  func success(
    at microseconds: Int64, frame: Int, from: TransportAddress? = nil
  ) throws -> CapturedMessage {
    try message(
      .bindingSuccessResponse, at: microseconds, frame: frame, from: from ?? server, to: client)
  }

  /// The transactions of a capture that goes on until so many microseconds.
  func transactions(
    _ messages: [CapturedMessage], until end: Int64 = 0
  ) -> [TransactionSummary] {
    var tracker = TransactionTracker()
    for message in messages { tracker.observed(message) }
    tracker.frameObserved(at: end * 1000)
    tracker.captureEnded()
    return tracker.transactions
  }

  @Test(
    "Only a request that had 500 ms for its answer is unanswered",
    arguments: [(0, true), (499_999, true), (500_000, false), (9_000_000, false)])
  func lastMoment(end: Int64, isCutOff: Bool) throws {
    let found = transactions([try request(at: 0, frame: 1)], until: end)
    #expect(found.map(\.endsWithCapture) == [isCutOff])
  }

  @Test(
    "The same request within 5 ms is a second recording, later a retransmission",
    arguments: [(20, 0), (4_999, 0), (5_000, 1), (500_000, 1)])
  func duplicate(after: Int64, retransmissions: Int) throws {
    let found = transactions([
      try request(at: 0, frame: 1), try request(at: after, frame: 2),
      try success(at: 600_000, frame: 3),
    ])
    #expect(found.map(\.retransmissionCount) == [retransmissions])
    #expect(found.map(\.duplicateFrames) == [retransmissions == 0 ? [2] : []])
    #expect(found.map { $0.roundTripTime == nil } == [retransmissions > 0])
  }

  @Test("What another interface records again is no retransmission, however late its clock is")
  func interfaces() throws {
    let found = transactions([
      try request(at: 0, frame: 1, interface: 0), try request(at: 30_000, frame: 2, interface: 1),
      try request(at: 500_000, frame: 3, interface: 0),
      try request(at: 530_000, frame: 4, interface: 1),
    ])
    #expect(found.map(\.requestFrames) == [[1, 3]])
    #expect(found.map(\.duplicateFrames) == [[2, 4]])
  }

  @Test("A response without a captured request is shown, and gets its request if that comes later")
  func orphan() throws {
    let alone = transactions([try success(at: 0, frame: 1)])
    #expect(alone.map(\.isWithoutRequest) == [true])
    #expect(alone.map(\.responseFrame) == [1])
    #expect(alone.map(\.client) == [client])
    let swapped = transactions([
      try success(at: 100, frame: 1), try request(at: 120, frame: 2),
    ])
    #expect(swapped.map(\.isOutOfOrder) == [true])
    #expect(swapped.map(\.roundTripTime) == [nil])
    #expect(swapped.map(\.requestFrames) == [[2]])
  }

  @Test(
    "Of two servers that are asked with the same bytes, the silent one is not credited",
    arguments: [0, 1])
  func twoServers(answering: Int) throws {
    let servers = [server, other]
    let found = transactions(
      [
        try request(at: 0, frame: 1), try request(at: 20_000, frame: 2, to: other),
        try success(at: 40_000, frame: 3, from: servers[answering]),
      ], until: 1_000_000)
    #expect(found.map(\.server) == servers)
    #expect(found.map(\.responseFrame) == (answering == 0 ? [3, nil] : [nil, 3]))
    #expect(found.map(\.responseSource) == [nil, nil])
  }

  @Test("An answer from an address that was not asked is told as that")
  func asymmetric() throws {
    let found = transactions([
      try request(at: 0, frame: 1), try success(at: 20_000, frame: 2, from: other),
    ])
    #expect(found.map(\.responseSource) == [other])
    #expect(found.map(\.isAsymmetric) == [true])
    let report = CaptureReport(found)
    #expect(report.conclusions.map(\.kind) == [.asymmetricResponse])
    #expect(report.hasFailed)
    // The right one comes after all.
    let both = transactions([
      try request(at: 0, frame: 1), try success(at: 20_000, frame: 2, from: other),
      try success(at: 30_000, frame: 3),
    ])
    #expect(both.map(\.responseSource) == [nil])
    #expect(both.map(\.responseFrame) == [3])
  }

  @Test("A message that the capture cuts makes a transaction, and is no fault of the sender")
  func cut() throws {
    let bytes = try STUNMessage.encode(
      .bindingRequest, transactionID: TransactionID(high: 1, low: 1)
    ) { message in
      try message.append(username: "evtj:h6vY")
    }
    let datagram = ipv4(udp(bytes))
    let cut = CapturedFrame(
      number: 1, time: 0, linkType: .raw, bytes: Array(datagram.dropLast(6)),
      originalByteCount: datagram.count)
    let found = messages([cut])
    #expect(found.map(\.missingByteCount) == [6])
    guard case .lenient(let message) = found.first?.content else {
      Issue.record("not lenient")
      return
    }
    #expect(message.isCutByCapture)
    #expect(message.problems.isEmpty)
    #expect(transactions(found).map(\.requestFrames) == [[1]])
  }

  @Test("An ICMP error belongs to the request that it is about, quoted whole or by its ports alone")
  func icmp() throws {
    let bytes = STUNMessage.encode(
      .bindingRequest, transactionID: TransactionID(high: 1, low: 1))
    let later = STUNMessage.encode(
      .bindingRequest, transactionID: TransactionID(high: 1, low: 2))
    let port: [UInt8] = [3, 3, 0, 0, 0, 0, 0, 0]
    var tracker = TransactionTracker()
    for event in events([
      frame(ipv4(udp(bytes)), number: 1), frame(ipv4(udp(later)), number: 2),
      frame(ipv4(port + ipv4(udp(bytes)), protocol: 1, back: true), number: 3),
      frame(ipv4(port + ipv4(udp(later)).prefix(28), protocol: 1, back: true), number: 4),
    ]) {
      switch event {
      case .message(let message): tracker.observed(message)
      case .icmpError(let error): tracker.observed(error)
      case .gap: Issue.record("no stream is here")
      }
    }
    tracker.captureEnded()
    #expect(tracker.transactions.map { $0.icmpErrors.map(\.frame) } == [[3], [4]])
    #expect(tracker.transactions.map { $0.icmpErrors.map(\.meaning) }.last == ["port unreachable"])
    #expect(CaptureReport(tracker.transactions).conclusions.map(\.kind) == [.icmpError])
  }
}
