import Capture
import STUNCodec
import Testing
import TransportAddress

/// What a capture means: pairs, allocations and conclusions.
@Suite struct CaptureReportTests {
  static let client: TransportAddress = "192.0.2.1:40000"
  static let relay: TransportAddress = "198.51.100.1:3478"
  let peer: TransportAddress = "203.0.113.9:5000"
  let key = MessageIntegrityKey(shortTermPassword: "secret")

  /// Messages between client and relay, a second apart, each in a frame of its own.
  struct Script {
    var messages: [CapturedMessage] = []
    private var nextID: UInt64 = 0

    mutating func add(
      _ bytes: [UInt8], isBack: Bool = false, after seconds: Int64 = 1, nested: [UInt8]? = nil
    ) throws {
      let (client, relay) = (CaptureReportTests.client, CaptureReportTests.relay)
      let time = (messages.last?.time ?? 0) + seconds * 1_000_000_000
      let place = (messages.count + 1, time, isBack ? relay : client, isBack ? client : relay)
      func captured(
        _ bytes: [UInt8], _ transport: CapturedMessage.Transport, _ nested: [CapturedMessage]
      ) throws -> CapturedMessage {
        let content: CapturedMessage.Content =
          bytes[0] == 0x40
          ? .channelData(ChannelNumber(rawValue: 0x4000), data: Array(bytes[4...]))
          : .message(try STUNMessage(bytes))
        return CapturedMessage(
          frameNumber: place.0, time: place.1, source: place.2, destination: place.3,
          transport: transport, bytes: bytes, content: content, nested: nested)
      }
      let inner = try nested.map { [try captured($0, .nested, [])] } ?? []
      messages.append(try captured(bytes, .udp, inner))
    }

    /// A request and its response.
    mutating func ask(
      _ method: STUNMethod, error: ErrorCode? = nil, after seconds: Int64 = 1,
      _ request: (inout STUNMessageBuilder) throws(STUNEncodingError) -> Void = { _ in },
      response: (inout STUNMessageBuilder) throws(STUNEncodingError) -> Void = { _ in }
    ) throws {
      nextID += 1
      let id = TransactionID(high: 7, low: nextID)
      try add(
        try STUNMessage.encode(MessageType(.request, method), transactionID: id, request),
        after: seconds)
      try add(
        try STUNMessage.encode(
          MessageType(error == nil ? .successResponse : .errorResponse, method), transactionID: id
        ) { (message: inout STUNMessageBuilder) throws(STUNEncodingError) in
          if let error { try message.append(errorCode: error) }
          try response(&message)
        }, isBack: true, after: 0)
    }

    var report: CaptureReport {
      var tracker = TransactionTracker()
      for message in messages { tracker.observed(message) }
      tracker.captureEnded()
      return CaptureReport(tracker.transactions, tracker.runs)
    }
  }

  /// An allocation for 600 s.
  func allocated() throws -> Script {
    var script = Script()
    try script.ask(.allocate) { message throws(STUNEncodingError) in
      try message.append(requestedTransport: 17)
    } response: { message throws(STUNEncodingError) in
      try message.append(xorRelayedAddress: "198.51.100.1:50000")
      try message.append(xorMappedAddress: "192.0.2.7:40000")
      try message.append(lifetime: 600)
    }
    return script
  }

  func send(to peer: TransportAddress, _ data: [UInt8] = [1]) throws -> [UInt8] {
    try STUNMessage.encode(
      MessageType(.indication, .send), transactionID: TransactionID(high: 1, low: 9)
    ) { message in
      try message.append(xorPeerAddress: peer)
      try message.append(.data, bytes: data)
    }
  }

  @Test("An allocation is told with its addresses, lifetime, permissions, channels and data")
  func allocation() throws {
    var script = try allocated()
    try script.ask(.createPermission) { message throws(STUNEncodingError) in
      try message.append(xorPeerAddress: peer)
    }
    try script.ask(.channelBind) { message throws(STUNEncodingError) in
      try message.append(channelNumber: ChannelNumber(rawValue: 0x4000))
      try message.append(xorPeerAddress: peer)
    }
    try script.add(try send(to: peer))
    try script.add([0x40, 0, 0, 1, 5, 0, 0, 0])
    try script.add([0x40, 0, 0, 1, 5, 0, 0, 0], isBack: true)
    let allocation = try #require(script.report.allocations.first)
    #expect(allocation.relayedAddress == "198.51.100.1:50000")
    #expect(allocation.mappedAddress == "192.0.2.7:40000")
    #expect(allocation.lifetime == 600)
    #expect(allocation.permissions == [peer.address])
    #expect(allocation.channels == [ChannelNumber(rawValue: 0x4000): peer])
    #expect(allocation.sentCount == 2)
    #expect(allocation.receivedCount == 1)
    #expect(allocation.end == .open)
    #expect(script.report.conclusions.isEmpty)
    #expect(!script.report.hasFailed)
  }

  @Test(
    "A first 401 and 438 are ordinary; 401 to credentials, again and again, is a loop",
    arguments: [(1, false), (2, true), (4, true)])
  func loop(refusals: Int, isLoop: Bool) throws {
    var script = Script()
    try script.ask(.allocate, error: .unauthenticated) { _ in
    } response: { message throws(STUNEncodingError) in
      try message.append(nonce: "n")
    }
    #expect(!script.report.hasFailed)
    #expect(script.report.conclusions.isEmpty)
    for _ in 0..<refusals {
      try script.ask(.allocate, error: .unauthenticated) { message throws(STUNEncodingError) in
        try message.append(nonce: "n")
        try message.appendMessageIntegrity(key)
      }
    }
    let conclusion = try #require(script.report.conclusions.first)
    #expect(conclusion.kind == .credentialsRefused)
    #expect(conclusion.message.contains("401 loop") == isLoop)
    #expect(conclusion.frames == (0..<refusals).map { 4 + 2 * $0 })
    #expect(script.report.hasFailed)
  }

  @Test("A client that goes on with the old nonce is told of, with both frames")
  func nonceIgnored() throws {
    var script = Script()
    for nonce in ["old", "new", "old"] {
      try script.ask(
        .refresh, error: .staleNonce,
        { message throws(STUNEncodingError) in
          try message.append(nonce: "old")
          try message.appendMessageIntegrity(key)
        },
        response: { message throws(STUNEncodingError) in
          try message.append(nonce: nonce)
        })
    }
    let conclusions = script.report.conclusions
    #expect(conclusions.map(\.kind) == [.staleNonceLoop, .nonceIgnored])
    #expect(conclusions.last?.frames == [4, 5])
  }

  @Test("403 and then Send without a permission is told; with one for another peer it is not")
  func forbidden() throws {
    var script = try allocated()
    try script.ask(.createPermission, error: .forbidden) { message throws(STUNEncodingError) in
      try message.append(xorPeerAddress: peer)
    }
    try script.add(try send(to: "203.0.113.10:5000"))
    #expect(script.report.conclusions.map(\.kind) == [.refused])
    try script.add(try send(to: peer))
    #expect(script.report.conclusions.map(\.kind) == [.noPermission, .refused])
    #expect(script.report.conclusions.first?.frames == [4, 6])
  }

  @Test(
    "An allocation that is used after its lifetime has expired; a refresh in time keeps it",
    arguments: [(590, false, false), (700, false, true), (590, true, false)])
  func expiry(after seconds: Int64, refreshes: Bool, hasExpired: Bool) throws {
    var script = try allocated()
    if refreshes {
      try script.ask(.refresh, after: 500) { message throws(STUNEncodingError) in
        try message.append(lifetime: 600)
      } response: { message throws(STUNEncodingError) in
        try message.append(lifetime: 600)
      }
    }
    try script.add(try send(to: peer), after: seconds)
    #expect(script.report.conclusions.map(\.kind) == (hasExpired ? [.allocationExpired] : []))
  }

  /// A connectivity check.
  func check(
    _ script: inout Script, error: ErrorCode? = nil, after seconds: Int64 = 1,
    nominates: Bool = false
  ) throws {
    try script.ask(
      .binding, error: error, after: seconds,
      { message throws(STUNEncodingError) in
        try message.append(priority: 1)
        try message.append(iceControlling: 5)
        if nominates { try message.appendUseCandidate() }
      },
      response: { message throws(STUNEncodingError) in
        if error == nil { try message.append(xorMappedAddress: "192.0.2.7:40000") }
      })
  }

  @Test("A pair is told with its checks, round trip, nomination and last response")
  func pair() throws {
    var script = Script()
    try check(&script)
    try check(&script, nominates: true)
    let pair = try #require(script.report.pairs.first)
    #expect(pair.sentCount == 2)
    #expect(pair.answeredCount == 2)
    #expect(pair.roundTrips == 0...0)
    #expect(pair.nominatedFrame == 3)
    #expect(pair.lastResponseFrame == 4)
    #expect(pair.isCheck)
  }

  @Test("A role conflict is told, and is an ordinary step")
  func roleConflict() throws {
    var script = Script()
    try check(&script, error: .roleConflict)
    #expect(script.report.conclusions.map(\.kind) == [.roleConflict])
    #expect(script.report.conclusions.first?.message.contains("controlling") == true)
    try check(&script)
    #expect(!script.report.hasFailed)
  }

  @Test("Consent is lost 30 s after the last response, not before", arguments: [29, 30, 60])
  func consent(silence: Int64) throws {
    var script = Script()
    try check(&script)
    let lost = try STUNMessage.encode(
      .bindingRequest, transactionID: TransactionID(high: 9, low: 9)
    ) { message in
      try message.append(priority: 1)
    }
    try script.add(lost, after: silence)
    #expect(
      script.report.conclusions.map(\.kind).contains(.consentLost) == (silence >= 30))
  }

  @Test("A check inside Send and Data is a transaction of client and peer, through the relay")
  func relayedCheck() throws {
    var script = try allocated()
    let id = TransactionID(high: 3, low: 3)
    let request = try STUNMessage.encode(.bindingRequest, transactionID: id) { message in
      try message.append(priority: 1)
    }
    let response = try STUNMessage.encode(.bindingSuccessResponse, transactionID: id) { message in
      try message.append(xorMappedAddress: "198.51.100.1:50000")
    }
    let data = try STUNMessage.encode(
      MessageType(.indication, .data), transactionID: TransactionID(high: 1, low: 1)
    ) { message in
      try message.append(xorPeerAddress: peer)
      try message.append(.data, bytes: response)
    }
    try script.add(try send(to: peer, request), nested: request)
    try script.add(data, isBack: true, nested: response)
    let pair = try #require(script.report.pairs.last)
    #expect(pair.client == Self.client)
    #expect(pair.server == peer)
    #expect(pair.relay == Self.relay)
    #expect(pair.answeredCount == 1)
  }
}
