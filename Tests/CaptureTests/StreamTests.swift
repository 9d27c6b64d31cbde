import Capture
import STUNCodec
import Testing
import TransportAddress

/// Messages in TCP streams: framing, gaps, and streams that are seen from the middle.
@Suite struct StreamTests {
  /// What was found, one word each.
  func words(_ frames: [CapturedFrame]) -> [String] {
    events(frames).map { event in
      switch event {
      case .gap(let gap): "gap \(gap.missingByteCount)+\(gap.skippedByteCount)"
      case .icmpError(let error): error.meaning
      case .message(let message):
        switch message.content {
        case .channelData(let channel, let data):
          "\(channel) \(data.count)" + (message.missingByteCount > 0 ? " cut" : "")
        case .message: message.framing == .rfc4571 ? "framed" : "plain"
        case .lenient: "cut \(message.missingByteCount)"
        case .malformed: "malformed"
        }
      }
    }
  }

  let framed = bigEndian(response.count) + response

  /// A SYN before sequence number 100, then these segments.
  func connection(_ segments: [(UInt32, [UInt8])]) -> [CapturedFrame] {
    [frame(ipv4(tcp([], sequence: 99, flags: 0x02), protocol: 6))]
      + segments.enumerated().map {
        frame(ipv4(tcp($1.1, sequence: $1.0), protocol: 6), number: $0 + 2)
      }
  }

  @Test("RFC 4571 framing is found however TCP cuts it", arguments: [1, 3, 21, 90, 1000])
  func rfc4571(size: Int) {
    let bytes = framed + bigEndian(4) + [0x80, 0, 0, 1] + framed
    let segments = stride(from: 0, to: bytes.count, by: size).map {
      (100 + UInt32($0), Array(bytes[$0..<min($0 + size, bytes.count)]))
    }
    #expect(words(connection(segments)) == ["framed", "framed"])
  }

  @Test("After a gap the next message is found, and what is missing is told")
  func gap() {
    let count = UInt32(response.count)
    #expect(
      words(connection([(100, response), (100 + 2 * count, response)]))
        == ["plain", "gap 80+0", "plain"])
    // The second one's first 30 bytes are missing, so its rest is passed over.
    #expect(
      words(
        connection([
          (100, response), (130 + count, Array(response[30...])), (100 + 2 * count, response),
        ])) == ["plain", "gap 30+50", "plain"])
    let framedCount = UInt32(framed.count)
    #expect(
      words(connection([(100, framed), (100 + 2 * framedCount, framed)]))
        == ["framed", "gap 82+0", "framed"])
  }

  @Test("A message of which the capture misses a part is shown as cut, and the stream goes on")
  func cutMessage() {
    let count = UInt32(response.count)
    #expect(
      words(connection([(100, Array(response[..<40])), (100 + count, response)]))
        == ["cut 40", "plain"])
    // What is missing lies in its middle.
    #expect(
      words(
        connection([
          (100, Array(response[..<40])), (150, Array(response[50...])), (100 + count, response),
        ])) == ["cut 40", "plain"])
    #expect(words(connection([(100, Array(response[..<40]))])) == ["cut 40"])
  }

  @Test("A stream seen from the middle of a message on is read from the next one on")
  func middle() {
    let frames = [
      frame(ipv4(tcp(Array(response[33...]), sequence: 1000), protocol: 6)),
      frame(ipv4(tcp(response, sequence: 1047), protocol: 6)),
    ]
    #expect(words(frames) == ["gap 0+47", "plain"])
  }

  @Test("A stream that begins with ChannelData is read: a call that was under way")
  func channelData() throws {
    let data = try ChannelData.encode(
      [1, 2, 3], channel: ChannelNumber(rawValue: 0x4000), isPadded: true)
    let frames = [
      frame(ipv4(tcp(data, sequence: 1000), protocol: 6)),
      frame(ipv4(tcp(data + response, sequence: 1008), protocol: 6)),
    ]
    #expect(words(frames) == ["0x4000 3", "0x4000 3", "plain"])
  }

  @Test("Framed ICE and plain TURN stand beside each other on two connections")
  func both() {
    let plain = [frame(ipv4(tcp(response, sequence: 1), protocol: 6))]
    let other = [frame(ipv4(tcp(framed, sequence: 1), protocol: 6, back: true))]
    #expect(words(plain + other) == ["plain", "framed"])
  }

  @Test("A stream without STUN is looked through for 64 KiB and not further")
  func longStream() {
    let noise = [UInt8](repeating: 0x80, count: 1000)
    for (count, found) in [(60, 1), (70, 0)] {
      let frames = (0..<count).map {
        frame(ipv4(tcp(noise, sequence: 1000 * UInt32($0)), protocol: 6))
      }
      let last = frame(ipv4(tcp(response, sequence: 1000 * UInt32(count)), protocol: 6))
      #expect(words(frames + [last]).count { $0 == "plain" } == found)
    }
  }
}
