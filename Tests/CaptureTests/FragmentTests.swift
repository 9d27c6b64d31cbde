import Testing
import TransportAddress

@testable import Capture

@Suite struct FragmentTests {
  enum Version: CaseIterable {
    case four, six

    /// A frame with the part of this payload that begins and ends here.
    func fragment(
      _ payload: [UInt8], _ range: Range<Int>, identification: Int = 1, time: Int64 = 0
    ) -> CapturedFrame {
      let part = Array(payload[range])
      let hasMore = range.upperBound < payload.count
      switch self {
      case .four:
        return frame(
          ipv4(
            part, identification: identification,
            fragment: range.lowerBound / 8 | (hasMore ? 0x2000 : 0)), time: time)
      case .six:
        let header: [UInt8] =
          [17, 0] + bigEndian(range.lowerBound | (hasMore ? 1 : 0)) + [0, 0]
          + bigEndian(identification)
        return frame(ipv6(part, next: 44, extensions: header), time: time)
      }
    }

    func fragments(_ payload: [UInt8], of size: Int, identification: Int = 1) -> [CapturedFrame] {
      stride(from: 0, to: payload.count, by: size).map {
        fragment(payload, $0..<min($0 + size, payload.count), identification: identification)
      }
    }
  }

  let datagram = udp(response)

  @Test(
    "A datagram in fragments of any size is put together again, in whatever order they come",
    arguments: Version.allCases, [8, 16, 24, 40, 80])
  func whole(version: Version, size: Int) {
    let fragments = version.fragments(datagram, of: size)
    for order in [fragments, fragments.reversed(), fragments.shuffled()] {
      #expect(messages(order).map(\.bytes) == [response])
    }
  }

  @Test("The same fragment twice changes nothing", arguments: Version.allCases)
  func twice(version: Version) {
    let fragments = version.fragments(datagram, of: 32)
    let order = [0, 1, 0, 1] + Array(2..<fragments.count)
    #expect(messages(order.map { fragments[$0] }).count == 1)
  }

  @Test(
    "Fragments that overlap, or reach past the end, make no message", arguments: Version.allCases)
  func overlap(version: Version) {
    let bytes = datagram
    var other = bytes
    other[20] ^= 1
    let last = version.fragment(bytes, 56..<bytes.count)
    let spoilt: [[CapturedFrame]] = [
      [version.fragment(bytes, 0..<32), version.fragment(bytes, 24..<56), last],
      [version.fragment(bytes, 0..<56), version.fragment(other, 0..<56), last],
      [version.fragment(bytes, 8..<56), version.fragment(bytes, 0..<16), last],
      // As many bytes as the whole, with a gap as long as the overlap.
      [
        version.fragment(bytes, 0..<32), version.fragment(bytes, 24..<56),
        version.fragment(bytes, 64..<bytes.count),
      ],
      [last, version.fragment(bytes + bytes, 88..<96), version.fragment(bytes, 0..<56)],
    ]
    for frames in spoilt { #expect(messages(frames).isEmpty) }
  }

  @Test("Fragments of different packets are not mixed", arguments: Version.allCases)
  func identification(version: Version) {
    let first = version.fragments(datagram, of: 48)
    let second = version.fragments(datagram, of: 48, identification: 2)
    #expect(messages([first[0], second[1]]).isEmpty)
    #expect(messages([first[0], second[1], second[0], first[1]]).count == 2)
  }

  @Test("What is missing after 60 seconds does not come any more", arguments: Version.allCases)
  func late(version: Version) {
    for (seconds, count) in [(60, 1), (61, 0), (-61, 0)] as [(Int64, Int)] {
      let found = messages([
        version.fragment(datagram, 0..<48, time: 0),
        version.fragment(datagram, 48..<datagram.count, time: seconds * 1_000_000_000),
      ])
      #expect(found.count == count)
    }
  }

  @Test("Fragments that are never completed take a bounded memory")
  func memory() {
    var reassembler = FragmentReassembler()
    func receive(_ number: UInt32, byteCount: Int) {
      let key = FragmentReassembler.Key(
        source: .v4("192.0.2.1"), destination: .v4("198.51.100.1"), protocol: 17,
        identification: number)
      let bytes = [UInt8](repeating: 7, count: byteCount)
      #expect(reassembler.received(bytes, at: 0, isLast: false, of: key, time: 0) == nil)
      #expect(reassembler.heldByteCount <= FragmentReassembler.mostBytes)
    }
    for number in 0..<600 { receive(UInt32(number), byteCount: 59_992) }
    #expect(reassembler.heldByteCount > FragmentReassembler.mostBytes - 60_000)
    for number in 600..<2000 { receive(UInt32(number), byteCount: 8) }
    #expect(reassembler.heldByteCount == 8 * FragmentReassembler.mostPackets)
  }

  @Test("A packet whose fragments reach past 65 535 bytes is never made")
  func tooLong() {
    let long = [UInt8](repeating: 7, count: 70_000)
    let frames = Version.four.fragments(long, of: 32_000)
    #expect(messages(frames).isEmpty)
  }

  @Test("Of the frames of a packet that became whole none counts as unread")
  func counting() {
    var finder = MessageFinder()
    let fragments = Version.four.fragments(datagram, of: 16)
    for fragment in fragments.dropLast() { _ = finder.messages(in: fragment) }
    #expect(finder.unreadFrameCount == fragments.count - 1)
    _ = finder.messages(in: fragments[fragments.count - 1])
    #expect(finder.unreadFrameCount == 0)
    #expect(finder.frameCount == fragments.count)
  }

  @Test(
    "With any byte of a fragment changed the packet is read or not, and nothing breaks",
    arguments: Version.allCases)
  func hostile(version: Version) {
    let fragments = version.fragments(datagram, of: 32)
    for place in fragments.indices {
      let bytes = fragments[place].bytes
      for index in bytes.indices {
        for value in UInt8.min ... .max {
          var changed = bytes
          changed[index] = value
          var frames = fragments
          frames[place] = frame(changed)
          #expect(messages(frames).count <= 1)
        }
      }
    }
  }
}
