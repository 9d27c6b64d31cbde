import Capture
import Testing
import TransportAddress

@Suite struct CapturedSegmentTests {
  static let macs = [UInt8](repeating: 2, count: 12)

  @Test(
    "Every link type leads to the same datagram",
    arguments: [
      (LinkType.ethernet, macs + [0x08, 0x00]),
      (.ethernet, macs + [0x81, 0x00, 0, 7, 0x08, 0x00]),
      (.ethernet, macs + [0x88, 0xA8, 0, 7, 0x81, 0x00, 0, 8, 0x08, 0x00]),
      (.linuxCooked, [UInt8](repeating: 0, count: 14) + [0x08, 0x00]),
      (.linuxCooked2, [0x08, 0x00] + [UInt8](repeating: 0, count: 18)),
      (.raw, []), (.rawDLT, []), (.ipv4, []),
      (.null, [2, 0, 0, 0]), (.null, [0, 0, 0, 2]), (.loop, [0, 0, 0, 2]),
    ] as [(LinkType, [UInt8])])
  func links(type: LinkType, header: [UInt8]) throws {
    let segment = try #require(CapturedSegment(frame(header + ipv4(udp([1, 2, 3])), type)))
    #expect(segment.source == "192.0.2.1:40000")
    #expect(segment.destination == "198.51.100.1:3478")
    #expect(segment.transport == .udp)
    #expect(segment.payload == [1, 2, 3])
    #expect(!segment.isCut)
  }

  @Test(
    "IPv6 is found behind every link that can carry it",
    arguments: [
      (LinkType.ethernet, macs + [0x86, 0xDD]),
      (.linuxCooked2, [0x86, 0xDD] + macs + [0, 0, 0, 0, 0, 0]),
      (.raw, []), (.ipv6, []), (.null, [10, 0, 0, 0]), (.null, [30, 0, 0, 0]),
      (.loop, [0, 0, 0, 24]),
    ] as [(LinkType, [UInt8])])
  func ipv6Links(type: LinkType, header: [UInt8]) throws {
    let segment = try #require(CapturedSegment(frame(header + ipv6(udp([1])), type)))
    #expect(segment.source == "[2001:db8::1]:40000")
    #expect(segment.payload == [1])
  }

  @Test("IPv4 options are stepped over", arguments: 0...10)
  func options(words: Int) {
    #expect(CapturedSegment(frame(ipv4(udp([7]), optionWords: words)))?.payload == [7])
  }

  @Test(
    "IPv6 extension headers are stepped over",
    arguments: [
      (0, [17, 0, 0, 0, 0, 0, 0, 0]), (60, [17, 1] + [UInt8](repeating: 0, count: 14)),
      (43, [17, 0, 0, 0, 0, 0, 0, 0]), (44, [17, 0, 0, 0, 0, 0, 0, 9]),
      (51, [17, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]),
      (0, [60, 0, 0, 0, 0, 0, 0, 0, 17, 0, 0, 0, 0, 0, 0, 0]),
    ] as [(UInt8, [UInt8])])
  func extensions(next: UInt8, bytes: [UInt8]) {
    #expect(
      CapturedSegment(frame(ipv6(udp([7]), next: next, extensions: bytes)))?.payload == [7])
  }

  @Test("A fragment is no segment, but a fragment header that cuts off nothing is stepped over")
  func fragments() {
    #expect(CapturedSegment(frame(ipv4(udp([7]), fragment: 0x2000))) == nil)
    #expect(CapturedSegment(frame(ipv4(udp([7]), fragment: 5))) == nil)
    for (offset, isFragment) in [(0, false), (1, true), (8, true)] {
      let header: [UInt8] = [17, 0, 0, UInt8(offset), 0, 0, 0, 9]
      let segment = CapturedSegment(frame(ipv6(udp([7]), next: 44, extensions: header)))
      #expect((segment == nil) == isFragment)
    }
  }

  @Test("The link's padding is not the datagram's")
  func linkPadding() {
    let bytes = Self.macs + [0x08, 0x00] + ipv4(udp([7])) + [0, 0, 0, 0, 0, 0]
    #expect(CapturedSegment(frame(bytes, .ethernet))?.payload == [7])
  }

  @Test("TCP options are stepped over, and flags read", arguments: 0...10)
  func tcpHeader(words: Int) throws {
    let segment = try #require(
      CapturedSegment(
        frame(ipv4(tcp([9], sequence: 0xFFFF_FFFF, optionWords: words), protocol: 6))))
    #expect(segment.payload == [9])
    #expect(
      segment.transport == .tcp(sequence: 0xFFFF_FFFF, isStart: false, isEnd: false))
    let start = try #require(
      CapturedSegment(frame(ipv4(tcp([], sequence: 0xFFFF_FFFF, flags: 0x02), protocol: 6))))
    #expect(start.transport == .tcp(sequence: 0, isStart: true, isEnd: false))
  }

  @Test("A frame cut anywhere, with any byte changed, is read or not, and nothing breaks")
  func hostile() {
    let frames: [(LinkType, [UInt8])] = [
      (.ethernet, Self.macs + [0x81, 0, 0, 7, 0x08, 0x00] + ipv4(udp(response), optionWords: 2)),
      (
        .raw,
        ipv6(
          udp(response), next: 0, extensions: [44, 0, 0, 0, 0, 0, 0, 0, 17, 0, 0, 1, 0, 0, 0, 9])
      ),
      (
        .linuxCooked,
        [UInt8](repeating: 0, count: 14) + [8, 0] + ipv4(tcp(response, sequence: 1), protocol: 6)
      ),
      (.raw, ipv4([3, 3, 0, 0, 0, 0, 0, 0] + ipv4(udp(response), optionWords: 1), protocol: 1)),
      (.raw, ipv6([1, 4, 0, 0, 0, 0, 0, 0] + ipv6(udp(response)), next: 58)),
    ]
    for (type, bytes) in frames {
      for count in 0...bytes.count {
        _ = messages([frame(Array(bytes.prefix(count)), type)])
      }
      for index in 0..<min(bytes.count, 90) {
        for value in UInt8.min ... .max {
          var changed = bytes
          changed[index] = value
          _ = messages([frame(changed, type)])
        }
      }
    }
  }
}
