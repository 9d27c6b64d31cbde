import Capture
import Testing
import TransportAddress

@Suite struct TunnelTests {
  func contents(_ bytes: [UInt8], _ type: LinkType, _ missing: Int = 0) -> (
    FrameContents?, [UnreadReason: Int]
  ) {
    var dissector = FrameDissector()
    let frame = CapturedFrame(
      number: 1, time: 0, linkType: type, bytes: bytes, originalByteCount: bytes.count + missing)
    return (dissector.contents(of: frame), dissector.unread)
  }

  @Test("Every link and tunnel leads to the datagram within", arguments: Wrapping.all)
  func whole(wrapping: Wrapping) {
    let (found, unread) = contents(wrapping.wrap(ipv4(udp([1, 2, 3]))), wrapping.linkType)
    #expect(
      found
        == .segment(
          CapturedSegment(
            source: "192.0.2.1:40000", destination: "198.51.100.1:3478", transport: .udp,
            payload: [1, 2, 3])))
    #expect(unread.isEmpty)
  }

  @Test("Cut anywhere, it is read with what is missing, or counted", arguments: Wrapping.all)
  func cut(wrapping: Wrapping) {
    let bytes = wrapping.wrap(ipv4(udp([1, 2, 3])))
    for count in 0..<bytes.count {
      let missing = bytes.count - count
      let (found, unread) = contents(Array(bytes.prefix(count)), wrapping.linkType, missing)
      switch found {
      case .segment(let segment)?:
        #expect(unread.isEmpty)
        // A tunnel whose header is not whole shows as the datagram that it is.
        #expect(segment.missingByteCount == missing)
        if segment.destination.port == 3478 {
          #expect(segment.payload == Array([1, 2, 3].prefix(max(0, 3 - missing))))
        }
      case .icmpError?: Issue.record("there is no ICMP")
      case nil: #expect(unread.values.reduce(0, +) == 1)
      }
    }
  }

  @Test("With any byte changed it is read or not, and nothing breaks", arguments: Wrapping.all)
  func hostile(wrapping: Wrapping) {
    let bytes = wrapping.wrap(wrapping.wrap(ipv4(udp([1, 2, 3]))))
    for index in bytes.indices {
      for value in UInt8.min ... .max {
        var changed = bytes
        changed[index] = value
        _ = contents(changed, wrapping.linkType)
      }
    }
  }

  @Test("IPv6 is found in 6in4, and UDP-Lite is read like UDP")
  func others() {
    let inner = ipv6(udp([9]))
    let (found, _) = contents(ipv4(inner, protocol: 41), .raw)
    guard case .segment(let segment)? = found else {
      Issue.record("not found")
      return
    }
    #expect(segment.source == "[2001:db8::1]:40000")
    #expect(segment.payload == [9])
    var lite = udp([1, 2, 3])
    // A coverage of eight bytes, where UDP has its length
    lite[5] = 8
    guard case .segment(let other)? = contents(ipv4(lite, protocol: 136), .raw).0 else {
      Issue.record("not found")
      return
    }
    #expect(other.payload == [1, 2, 3])
  }

  @Test(
    "A datagram ends where its length says, at 0 with its packet (RFC 2675 §4)",
    arguments: [(11, [1, 2, 3]), (0, [1, 2, 3, 0, 0])] as [(UInt8, [UInt8])])
  func datagramLength(length: UInt8, payload: [UInt8]) {
    var bytes = udp([1, 2, 3]) + [0, 0]
    bytes[5] = length
    guard case .segment(let segment)? = contents(ipv6(bytes), .raw).0 else {
      Issue.record("not found")
      return
    }
    #expect(segment.payload == payload)
  }

  @Test("IPv6 is found where it is announced", arguments: Wrapping.aroundIPv6)
  func aroundIPv6(wrapping: Wrapping) {
    let (found, unread) = contents(wrapping.wrap(ipv6(udp([9]))), wrapping.linkType)
    #expect(
      found
        == .segment(
          CapturedSegment(
            source: "[2001:db8::1]:40000", destination: "[2001:db8::2]:3478", transport: .udp,
            payload: [9])))
    #expect(unread.isEmpty)
  }

  @Test("What is not quite a tunnel is the datagram that it is", arguments: Wrapping.unsound)
  func unsound(payload: Unsound) {
    let (found, _) = contents(Wrapping.udpOuter(payload.payload, to: payload.port), .raw)
    guard case .segment(let segment)? = found else {
      Issue.record("not found")
      return
    }
    #expect(segment.payload == payload.payload)
  }

  @Test("STUN on a tunnel's port is no tunnel", arguments: [4789, 6081, 2152, 3544, 6635, 8472])
  func ports(port: Int) {
    let (found, _) = contents(Wrapping.udpOuter(response, to: port), .raw)
    guard case .segment(let segment)? = found else {
      Issue.record("not found")
      return
    }
    #expect(segment.payload == response)
  }

  @Test("Tunnels within each other are followed, but not without end")
  func depth() {
    var bytes = ipv4(udp([1]))
    for _ in 0..<10 { bytes = ipv4(bytes, protocol: 4) }
    #expect(contents(bytes, .raw).0 != nil)
    for _ in 0..<10 { bytes = ipv4(bytes, protocol: 4) }
    #expect(contents(bytes, .raw).1 == [.tooDeep: 1])
  }

  @Test(
    "Headers that announce their like are followed, but not without end",
    arguments: [
      (.ppp, [0x0F, 0, 0x88, 0x0B]), (.ethernet, Wrapping.macs + [0x65, 0x58]),
      (.llc, [0xAA, 0xAA, 3, 0, 0, 0, 0, 8]),
    ] as [(LinkType, [UInt8])])
  func endless(type: LinkType, header: [UInt8]) {
    // No more than a stack takes, so that a missing limit fails here and does not crash.
    let bytes = (0..<100).flatMap { _ in header }
    #expect(contents(bytes, type).1 == [.tooDeep: 1])
  }

  @Test("Authentication headers in a row are followed, but not without end")
  func endlessAuthentication() {
    let header = [51, 4] + [UInt8](repeating: 0, count: 22)
    let packet = ipv4((0..<100).flatMap { _ in header }, protocol: 51)
    #expect(contents(packet, .raw).1 == [.tooDeep: 1])
  }

  @Test("A fragmented tunnel is put together first")
  func fragmentedTunnel() {
    let gre: [UInt8] = [0, 0, 8, 0] + ipv4(udp([UInt8](1...60)))
    var dissector = FrameDissector()
    #expect(
      dissector.contents(of: frame(ipv4(Array(gre[40...]), protocol: 47, fragment: 5))) == nil)
    #expect(dissector.unread == [.fragment: 1])
    guard
      case .segment(let segment)? = dissector.contents(
        of: frame(ipv4(Array(gre[..<40]), protocol: 47, fragment: 0x2000)))
    else {
      Issue.record("not found")
      return
    }
    #expect(segment.payload == [UInt8](1...60))
    #expect(dissector.unread.isEmpty)
  }

  @Test(
    "What is not read is counted by its kind",
    arguments: [
      (.ethernet, Wrapping.macs + [8, 6, 0, 1], "ARP"),
      (.ethernet, Wrapping.macs + [0x12, 0x34], "EtherType 0x1234"),
      (.ethernet, Wrapping.macs + [0, 30, 0x42, 0x42, 3], "a network protocol other than IP"),
      (.ethernet, Wrapping.macs, "cut off within a header"),
      (LinkType(rawValue: 147), [1, 2, 3], "link type 147"),
      (
        .llc, [0xAA, 0xAA, 3, 0, 0, 1, 8, 0] + ipv4(udp([1])), "a network protocol other than IP"
      ),
      (
        .raw, ipv4([0x9C, 0x40, 0x0D, 0x96, 0, 7, 0, 0]), "a header that contradicts itself"
      ),
      (.ipv4, ipv6(udp([1])), "a header that contradicts itself"),
      (.ipv6, ipv4(udp([1])), "a header that contradicts itself"),
      (
        .nflog, [2, 0, 0, 1, 0, 3, 0, 1] + bigEndian(33) + [0, 9] + ipv4(udp([1])),
        "a header that contradicts itself"
      ),
      (
        .radiotap,
        [0, 0, 4, 0, 0x08, 1] + [UInt8](repeating: 0, count: 22) + Wrapping.snap
          + ipv4(udp([1])), "a header that contradicts itself"
      ),
      (
        .raw, ipv4([0x40, 0, 8, 0] + ipv4(udp([1])), protocol: 47),
        "a network protocol other than IP"
      ),
      (.raw, ipv4([1, 2, 3, 4], protocol: 132), "SCTP"),
      (.raw, ipv4([1, 2, 3, 4], protocol: 50), "ESP"),
      (.raw, ipv4([8, 0, 0, 0, 0, 0, 0, 0], protocol: 1), "ICMP"),
      (.raw, ipv4([3, 0, 0, 0, 0, 0, 0, 0] + ipv4([1, 2], protocol: 6), protocol: 1), "ICMP"),
      (.raw, ipv4(udp([1]), fragment: 0x2000), "fragments of packets that did not become whole"),
      (
        .raw, ipv4(tcp([], sequence: 0).map { $0 == 0x50 ? 0x40 : $0 }, protocol: 6),
        "a header that contradicts itself"
      ),
    ] as [(LinkType, [UInt8], String)])
  func unread(type: LinkType, bytes: [UInt8], name: String) {
    let (found, unread) = contents(bytes, type)
    #expect(found == nil)
    #expect(unread.map { "\($0.key)" } == [name])
    #expect(unread.values.reduce(0, +) == 1)
  }

  @Test(
    "A wireless frame that is no plain data, or not a whole one, is not opened",
    arguments: [
      // Control and flags, and the byte with the fragment's number
      ("management", 0x00, 0x01, 0), ("null data", 0x48, 0x01, 0), ("protected", 0x08, 0x41, 0),
      ("more fragments follow", 0x08, 0x05, 0), ("a later fragment", 0x08, 0x01, 1),
    ] as [(String, UInt8, UInt8, UInt8)])
  func wireless(name: String, control: UInt8, flags: UInt8, fragment: UInt8) {
    let header = [control, flags] + [UInt8](repeating: 0, count: 20) + [fragment, 0]
    let (found, unread) = contents(header + Wrapping.snap + ipv4(udp([1])), .wireless)
    #expect(found == nil)
    #expect(unread == [.wireless: 1])
  }

  @Test("A wireless frame of several frames is not opened")
  func aggregated() {
    let header = [0x88, 1] + [UInt8](repeating: 0, count: 22) + [0x80, 0]
    let (found, unread) = contents(header + Wrapping.snap + ipv4(udp([1])), .wireless)
    #expect(found == nil)
    #expect(unread == [.wireless: 1])
  }

  @Test("A packet that the network card was to cut up has no length, and is read to its end")
  func offload() {
    var packet = ipv4(tcp([5, 6], sequence: 7), protocol: 6)
    (packet[2], packet[3]) = (0, 0)
    guard case .segment(let segment)? = contents(packet, .raw, 9).0 else {
      Issue.record("not found")
      return
    }
    #expect(segment.payload == [5, 6])
    #expect(segment.missingByteCount == 9)
  }
}
