import Capture
import Testing
import TransportAddress

/// A link or tunnel around an IPv4 packet.
struct Wrapping: CustomTestStringConvertible, Sendable {
  let testDescription: String
  let linkType: LinkType
  let wrap: @Sendable ([UInt8]) -> [UInt8]

  init(
    _ name: String, _ linkType: LinkType = .raw, _ wrap: @escaping @Sendable ([UInt8]) -> [UInt8]
  ) {
    testDescription = name
    self.linkType = linkType
    self.wrap = wrap
  }

  static let macs = [UInt8](repeating: 2, count: 12)
  static let snap: [UInt8] = [0xAA, 0xAA, 3, 0, 0, 0, 8, 0]

  static let links: [Wrapping] = [
    Wrapping("LLC and SNAP", .ethernet) { macs + bigEndian($0.count + 8) + snap + $0 },
    Wrapping("LLC for IP", .ethernet) { macs + bigEndian($0.count + 3) + [6, 6, 3] + $0 },
    Wrapping("LLC alone", .llc) { snap + $0 },
    Wrapping("PPPoE", .ethernet) {
      macs + [0x88, 0x64, 0x11, 0, 0, 7] + bigEndian($0.count + 2) + [0, 0x21] + $0
    },
    Wrapping("PPPoE without Ethernet", .pppEthernet) {
      [0x11, 0, 0, 7] + bigEndian($0.count + 2) + [0, 0x21] + $0
    },
    Wrapping("PPP", .ppp) { [0x00, 0x21] + $0 },
    Wrapping("PPP with a short protocol", .ppp) { [0x21] + $0 },
    Wrapping("PPP with framing", .ppp) { [0xFF, 3, 0, 0x21] + $0 },
    Wrapping("PPP with direction", .pppWithDirection) { [1, 0xFF, 3, 0, 0x21] + $0 },
    Wrapping("Cisco HDLC", .ciscoHDLC) { [0x0F, 0, 8, 0] + $0 },
    Wrapping("Cisco HDLC on a PPP line", .pppHDLC) { [0x0F, 0, 8, 0] + $0 },
    Wrapping("MPLS", .ethernet) { macs + [0x88, 0x47, 0, 1, 0, 9, 0, 2, 1, 9] + $0 },
    Wrapping("MPLS pseudowire", .ethernet) {
      macs + [0x88, 0x47, 0, 1, 1, 9, 0, 0, 0, 0] + macs + [8, 0] + $0
    },
    Wrapping("MPLS pseudowire without control word", .ethernet) {
      macs + [0x88, 0x47, 0, 1, 1, 9] + [0xA2] + macs.dropFirst() + [8, 0] + $0
    },
    Wrapping("provider backbone", .ethernet) {
      macs + [0x88, 0xE7, 0, 0, 0, 1] + macs + [8, 0] + $0
    },
    Wrapping("802.11", .wireless) {
      [0x08, 1] + [UInt8](repeating: 0, count: 22) + snap + $0
    },
    Wrapping("802.11 with QoS between stations", .wireless) {
      [0x88, 3] + [UInt8](repeating: 0, count: 30) + snap + $0
    },
    Wrapping("radiotap", .radiotap) {
      [0, 0, 8, 0, 0, 0, 0, 0] + [0x08, 1] + [UInt8](repeating: 0, count: 22) + snap + $0
    },
    Wrapping("radiotap with a padded header", .radiotap) {
      // A time, then flags with the bit for padding; QoS makes the header 26 bytes, padded 28.
      [0, 0, 17, 0, 3, 0, 0, 0] + [UInt8](repeating: 9, count: 8) + [0x20]
        + [0x88, 1] + [UInt8](repeating: 0, count: 26) + snap + $0
    },
    Wrapping("NFLOG, lowest byte first", .nflog) {
      [2, 0, 0, 1, 8, 0, 1, 0, 0, 0, 0, 0] + [6, 0, 10, 0, 65, 0, 0, 0]
        + Order.little.half($0.count + 4) + [9, 0] + $0
    },
    Wrapping("NFLOG, highest byte first", .nflog) {
      [2, 0, 0, 1, 0, 8, 0, 1, 0, 0, 0, 0] + bigEndian($0.count + 4) + [0, 9] + $0
    },
    Wrapping("raw on OpenBSD", .rawOpenBSD) { $0 },
    Wrapping("LLC in Linux cooked", .linuxCooked) {
      [UInt8](repeating: 0, count: 14) + [0, 4] + snap + $0
    },
  ]

  static func outer(_ payload: [UInt8], protocol number: UInt8) -> [UInt8] {
    var packet = ipv4(payload, protocol: number)
    packet[15] = 77
    return packet
  }

  static func udpOuter(
    _ payload: [UInt8], from source: Int = 50000, to destination: Int
  ) -> [UInt8] {
    outer(
      bigEndian(source) + bigEndian(destination) + bigEndian(8 + payload.count) + [0, 0] + payload,
      protocol: 17)
  }

  static let tunnels: [Wrapping] = [
    Wrapping("IP in IP") { outer($0, protocol: 4) },
    Wrapping("IPv4 in IPv6") { ipv6($0, next: 4) },
    Wrapping("authentication over IPv4") {
      outer([4, 4] + [UInt8](repeating: 0, count: 22) + $0, protocol: 51)
    },
    Wrapping("GRE") { outer([0, 0, 8, 0] + $0, protocol: 47) },
    Wrapping("GRE with checksum, key and sequence") {
      outer([0xB0, 0, 8, 0] + [UInt8](repeating: 0, count: 12) + $0, protocol: 47)
    },
    Wrapping("PPTP") {
      outer(
        [0x30, 0x81, 0x88, 0x0B, 0, 1, 0, 2, 0, 0, 0, 3, 0, 0, 0, 4, 0xFF, 3, 0, 0x21] + $0,
        protocol: 47)
    },
    Wrapping("Ethernet in GRE") { outer([0, 0, 0x65, 0x58] + macs + [8, 0] + $0, protocol: 47) },
    Wrapping("ERSPAN, version 1") {
      outer([0, 0, 0x88, 0xBE] + macs + [8, 0] + $0, protocol: 47)
    },
    Wrapping("ERSPAN, version 2") {
      outer(
        [0x10, 0, 0x88, 0xBE, 0, 0, 0, 1, 0x10, 0, 0, 0, 0, 0, 0, 0] + macs + [8, 0] + $0,
        protocol: 47)
    },
    Wrapping("MPLS in GRE") { outer([0, 0, 0x88, 0x47, 0, 1, 1, 9] + $0, protocol: 47) },
    Wrapping("MPLS in IP") { outer([0, 1, 1, 9] + $0, protocol: 137) },
    Wrapping("EtherIP") { outer([0x30, 0] + macs + [8, 0] + $0, protocol: 97) },
    Wrapping("VXLAN") { udpOuter([8, 0, 0, 0, 0, 0, 7, 0] + macs + [8, 0] + $0, to: 4789) },
    Wrapping("VXLAN on Linux's port") {
      udpOuter([8, 0, 0, 0, 0, 0, 7, 0] + macs + [8, 0] + $0, to: 8472)
    },
    Wrapping("VXLAN with a protocol") { udpOuter([0x0C, 0, 0, 1, 0, 0, 7, 0] + $0, to: 4790) },
    Wrapping("GENEVE") { udpOuter([0, 0, 8, 0, 0, 0, 7, 0] + $0, to: 6081) },
    Wrapping("GENEVE with options and Ethernet") {
      udpOuter([2, 0, 0x65, 0x58, 0, 0, 7, 0] + macs.prefix(8) + macs + [8, 0] + $0, to: 6081)
    },
    Wrapping("GTP-U") {
      udpOuter([0x30, 0xFF] + bigEndian($0.count) + [0, 0, 0, 7] + $0, to: 2152)
    },
    Wrapping("GTP-U with extensions") {
      udpOuter(
        [0x34, 0xFF] + bigEndian($0.count + 12) + [0, 0, 0, 7, 0, 0, 0, 0x85, 1, 0, 0, 0x85]
          + [1, 0, 0, 0] + $0, to: 2152)
    },
    Wrapping("MPLS in UDP") { udpOuter([0x40, 1, 1, 9] + $0, to: 6635) },
    Wrapping("Teredo") { udpOuter(ipv6($0, next: 4), to: 3544) },
    Wrapping("Teredo with authentication and origin") {
      udpOuter(
        [0, 1, 0, 0] + [UInt8](repeating: 0, count: 9) + [0, 0, 1, 2, 3, 4, 5, 6]
          + ipv6($0, next: 4), from: 3544, to: 50000)
    },
  ]

  static let all = links + tunnels
}

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
    // A million headers of two kinds in turn
    let loop =
      [UInt8](repeating: 0, count: 0)
      + (0..<1_000_000).flatMap { _ in [0x0F, 0, 0x88, 0x0B] as [UInt8] }
    #expect(contents(loop, .ppp).1 == [.tooDeep: 1])
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
      (.raw, ipv4([1, 2, 3, 4], protocol: 132), "SCTP"),
      (.raw, ipv4([1, 2, 3, 4], protocol: 50), "ESP"),
      (.raw, ipv4([8, 0, 0, 0, 0, 0, 0, 0], protocol: 1), "ICMP"),
      (.raw, ipv4([3, 0, 0, 0, 0, 0, 0, 0] + ipv4([1, 2], protocol: 6), protocol: 1), "ICMP"),
      (.raw, ipv4(udp([1]), fragment: 0x2000), "fragments of packets that did not become whole"),
      (
        .raw, ipv4(tcp([], sequence: 0).map { $0 == 0x50 ? 0x40 : $0 }, protocol: 6),
        "a header that contradicts itself"
      ),
      (
        .wireless, [0x08, 0x41] + [UInt8](repeating: 0, count: 22),
        "wireless frames that are encrypted or carry no data"
      ),
    ] as [(LinkType, [UInt8], String)])
  func unread(type: LinkType, bytes: [UInt8], name: String) {
    let (found, unread) = contents(bytes, type)
    #expect(found == nil)
    #expect(unread.map { "\($0.key)" } == [name])
    #expect(unread.values.reduce(0, +) == 1)
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
