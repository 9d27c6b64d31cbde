import Capture
import STUNCodec
import Testing
import TransportAddress

@Suite struct MessageFinderTests {
  func kinds(_ messages: [CapturedMessage]) -> [String] {
    messages.map {
      switch $0.content {
      case .message(let message): "\(message.type)"
      case .channelData(let channel, _): "channel \(channel)"
      case .lenient(let message): "\(message.type), \(message.problems.count) problems"
      case .malformed(let error): "\(error.code)"
      }
    }
  }

  @Test("STUN over UDP is found, and what is not STUN is not")
  func udpMessages() {
    let found = messages([
      frame(ipv4(udp(response))), frame(ipv4(udp([0x80, 0x60] + response))),
      frame(ipv4(udp([0, 1, 0, 0]))), frame(ipv4(udp([]))),
    ])
    #expect(kinds(found) == ["Binding success response"])
  }

  @Test("What has the cookie and is not sound is reported with what is wrong")
  func malformed() {
    #expect(
      kinds(messages([frame(ipv4(udp(Array(response.dropLast(4)))))]))
        == ["Binding success response, 2 problems"])
    #expect(kinds(messages([frame(ipv4(udp(Array(response.prefix(12)))))])) == ["headerTruncated"])
  }

  @Test("ChannelData is found after STUN on its conversation, in either direction, and opened")
  func channelData() throws {
    let data = try ChannelData.encode(response, channel: ChannelNumber(rawValue: 0x4001))
    let alone = messages([frame(ipv4(udp(data, to: 9999)))])
    #expect(alone.isEmpty)
    let found = messages([
      frame(ipv4(udp(response, to: 9999))), frame(ipv4(udp(data, to: 9999))),
    ])
    #expect(kinds(found) == ["Binding success response", "channel 0x4001"])
    #expect(kinds(found[1].nested) == ["Binding success response"])
    #expect(found[1].nested[0].transport == .nested)
  }

  @Test("ChannelData before the first STUN message is found when that comes, with its own frame")
  func channelDataFirst() throws {
    let data = try ChannelData.encode([1, 2, 3], channel: ChannelNumber(rawValue: 0x4001))
    let found = messages([
      frame(ipv4(udp(data, to: 9999)), number: 1), frame(ipv4(udp(data, to: 9999)), number: 2),
      frame(ipv4(udp(response, to: 9999)), number: 3),
    ])
    #expect(kinds(found) == ["channel 0x4001", "channel 0x4001", "Binding success response"])
    #expect(found.map(\.frameNumber) == [1, 2, 3])
  }

  @Test(
    "Without any STUN message, ChannelData is believed on a server's port or when three have come",
    arguments: [(3478, 1, 1), (5349, 1, 1), (9999, 2, 0), (9999, 3, 3), (9999, 5, 5)])
  func channelDataAlone(port: Int, count: Int, found: Int) throws {
    let data = try ChannelData.encode([1, 2, 3], channel: ChannelNumber(rawValue: 0x4001))
    let frames = (1...count).map { frame(ipv4(udp(data, to: port)), number: $0) }
    #expect(messages(frames).map(\.frameNumber) == Array(1...count).suffix(found))
    // A length that is not exact is no ChannelData.
    let other = (1...count).map { frame(ipv4(udp(data + [0, 0, 0, 0], to: port)), number: $0) }
    #expect(messages(other).isEmpty)
  }

  @Test("What a Data indication carries is opened too, but not without end")
  func nested() throws {
    var bytes = response
    for _ in 0..<10 {
      bytes = try STUNMessage.encode(
        MessageType(.indication, .data), transactionID: TransactionID(high: 1, low: 2)
      ) { message in
        try message.append(.data, bytes: bytes)
      }
    }
    var depth = 0
    var current = messages([frame(ipv4(udp(bytes)))])
    while let first = current.first {
      depth += 1
      current = first.nested
    }
    #expect(depth == 4)
  }

  /// Three messages and ChannelData as one stream, starting at this sequence number.
  func stream() throws -> [UInt8] {
    response + response
      + (try ChannelData.encode(
        [1, 2, 3], channel: ChannelNumber(rawValue: 0x4000), isPadded: true))
      + response
  }

  let streamKinds = [
    "Binding success response", "Binding success response", "channel 0x4000",
    "Binding success response",
  ]

  @Test("However TCP cuts a stream, the same messages are found", arguments: [1, 7, 20, 100, 1000])
  func tcpPieces(size: Int) throws {
    let bytes = try stream()
    // The numbers wrap in the middle.
    var sequence = UInt32.max - 50
    var frames = [frame(ipv4(tcp([], sequence: sequence &- 1, flags: 0x02), protocol: 6))]
    for start in stride(from: 0, to: bytes.count, by: size) {
      let piece = Array(bytes[start..<min(start + size, bytes.count)])
      frames.append(frame(ipv4(tcp(piece, sequence: sequence), protocol: 6)))
      sequence &+= UInt32(piece.count)
    }
    #expect(kinds(messages(frames)) == streamKinds)
  }

  @Test("Segments out of order, twice, or overlapping change nothing")
  func tcpDisorder() throws {
    let bytes = try stream()
    let pieces = [(0, 30), (60, 90), (30, 60), (30, 60), (20, 70), (90, bytes.count), (0, 30)]
    var frames = [frame(ipv4(tcp([], sequence: 99, flags: 0x02), protocol: 6))]
    for (start, end) in pieces {
      frames.append(
        frame(
          ipv4(tcp(Array(bytes[start..<end]), sequence: 100 + UInt32(start)), protocol: 6)))
    }
    #expect(kinds(messages(frames)) == streamKinds)
  }

  @Test("A stream that is not STUN is left alone, and its port may be used again for one that is")
  func otherStream() throws {
    let found = messages([
      frame(ipv4(tcp([], sequence: 0, flags: 0x02), protocol: 6)),
      frame(ipv4(tcp(Array("GET / HTTP/1.1".utf8), sequence: 1), protocol: 6)),
      frame(ipv4(tcp(response, sequence: 15), protocol: 6)),
      frame(ipv4(tcp([], sequence: 99, flags: 0x02), protocol: 6)),
      frame(ipv4(tcp(response, sequence: 100), protocol: 6)),
    ])
    #expect(kinds(found) == ["Binding success response"])
  }

  @Test("A message that an ICMP error quotes as a whole is found, and makes no transaction")
  func quoted() throws {
    let request = Array(
      try STUNMessage.encode(
        .bindingRequest, transactionID: TransactionID(high: 1, low: 2)
      ) { message in
        try message.append(software: "pathfinder")
      })
    let port: [UInt8] = [3, 3, 0, 0, 0, 0, 0, 0]
    let frames = [
      frame(ipv4(port + ipv4(udp(request)), protocol: 1)),
      frame(ipv6([1, 4, 0, 0, 0, 0, 0, 0] + ipv6(udp(request)), next: 58)),
      // An echo request, and an error that quotes eight bytes only.
      frame(ipv4([8, 0, 0, 0, 0, 0, 0, 0] + ipv4(udp(request)), protocol: 1)),
      frame(ipv4(port + ipv4(udp(request)).prefix(28), protocol: 1)),
    ]
    let found = messages(frames)
    #expect(kinds(found) == ["Binding request", "Binding request"])
    #expect(found.map(\.transport) == [.quoted, .quoted])
    #expect(found[0].source == "192.0.2.1:40000")
    #expect(found[1].destination == "[2001:db8::2]:3478")
    #expect(TransactionSummary.transactions(in: found).isEmpty)
    let data = try ChannelData.encode([1, 2], channel: ChannelNumber(rawValue: 0x4001))
    let relayed = messages([
      frame(ipv4(udp(request))), frame(ipv4(port + ipv4(udp(data)), protocol: 1)),
    ])
    #expect(kinds(relayed) == ["Binding request", "channel 0x4001"])
    #expect(relayed.last?.transport == .quoted)
  }
}
