import Capture
import Testing

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
    Wrapping("LLC and SNAP of a bridge", .ethernet) {
      macs + bigEndian($0.count + 8) + [0xAA, 0xAA, 3, 0, 0, 0xF8, 8, 0] + $0
    },
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
    Wrapping("Cisco HDLC to all on a PPP line", .pppHDLC) { [0x8F, 0, 8, 0] + $0 },
    Wrapping("MPLS over PPP", .ppp) { [0x02, 0x81, 0, 1, 1, 9] + $0 },
    Wrapping("MPLS to many over PPP", .ppp) { [0x02, 0x83, 0, 1, 1, 9] + $0 },
    Wrapping("an old VLAN tag", .ethernet) { macs + [0x91, 0, 0, 7, 8, 0] + $0 },
    Wrapping("another old VLAN tag", .ethernet) { macs + [0x92, 0, 0, 7, 8, 0] + $0 },
    Wrapping("MPLS", .ethernet) { macs + [0x88, 0x47, 0, 1, 0, 9, 0, 2, 1, 9] + $0 },
    Wrapping("MPLS to many", .ethernet) { macs + [0x88, 0x48, 0, 1, 1, 9] + $0 },
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
    Wrapping("802.11 with QoS and HT control", .wireless) {
      [0x88, 0x81] + [UInt8](repeating: 0, count: 28) + snap + $0
    },
    Wrapping("radiotap", .radiotap) {
      [0, 0, 8, 0, 0, 0, 0, 0] + [0x08, 1] + [UInt8](repeating: 0, count: 22) + snap + $0
    },
    Wrapping("radiotap with a padded header", .radiotap) {
      // A time, then flags with the bit for padding; QoS makes the header 26 bytes, padded 28.
      [0, 0, 17, 0, 3, 0, 0, 0] + [UInt8](repeating: 9, count: 8) + [0x20]
        + [0x88, 1] + [UInt8](repeating: 0, count: 26) + snap + $0
    },
    Wrapping("radiotap with two words of fields", .radiotap) {
      [0, 0, 13, 0, 2, 0, 0, 0x80, 0, 0, 0, 0, 0x20]
        + [0x88, 1] + [UInt8](repeating: 0, count: 26) + snap + $0
    },
    Wrapping("radiotap with an aligned time after two words", .radiotap) {
      [0, 0, 25, 0, 3, 0, 0, 0x80] + [UInt8](repeating: 0, count: 16) + [0x20]
        + [0x88, 1] + [UInt8](repeating: 0, count: 26) + snap + $0
    },
    Wrapping("radiotap with a rate in the place of flags", .radiotap) {
      [0, 0, 17, 0, 5, 0, 0, 0] + [UInt8](repeating: 9, count: 8) + [0x20]
        + [0x88, 1] + [UInt8](repeating: 0, count: 24) + snap + $0
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
    Wrapping("GRE with a bit that only PPTP knows") { outer([0, 0x80, 8, 0] + $0, protocol: 47) },
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
    Wrapping("VXLAN with a protocol and Ethernet") {
      udpOuter([0x0C, 0, 0, 3, 0, 0, 7, 0] + macs + [8, 0] + $0, to: 4790)
    },
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
    Wrapping("Teredo with a client's name and its authentication") {
      udpOuter(
        [0, 1, 2, 3] + [UInt8](repeating: 7, count: 2 + 3 + 9) + ipv6($0, next: 4), to: 3544)
    },
    Wrapping("Teredo with authentication and origin") {
      udpOuter(
        [0, 1, 0, 0] + [UInt8](repeating: 0, count: 9) + [0, 0, 1, 2, 3, 4, 5, 6]
          + ipv6($0, next: 4), from: 3544, to: 50000)
    },
  ]

  static let all = links + tunnels

  /// Those that say that they hold IPv6.
  static let aroundIPv6: [Wrapping] = [
    Wrapping("PPP", .ppp) { [0x00, 0x57] + $0 },
    Wrapping("6in4") { outer($0, protocol: 41) },
    Wrapping("IPv6 in IPv6") { ipv6($0, next: 41) },
    Wrapping("GRE") { outer([0, 0, 0x86, 0xDD] + $0, protocol: 47) },
    Wrapping("VXLAN with a protocol") { udpOuter([0x0C, 0, 0, 2, 0, 0, 7, 0] + $0, to: 4790) },
    Wrapping("GENEVE") { udpOuter([0, 0, 0x86, 0xDD, 0, 0, 7, 0] + $0, to: 6081) },
    Wrapping("GTP-U") {
      udpOuter([0x30, 0xFF] + bigEndian($0.count) + [0, 0, 0, 7] + $0, to: 2152)
    },
    Wrapping("Teredo") { udpOuter($0, to: 3544) },
  ]

  private static let ethernet = macs + [8, 0] + ipv4(udp([1]))

  /// Payloads on a tunnel's port whose header is not quite a tunnel's.
  static let unsound: [Unsound] = [
    Unsound("VXLAN with a reserved bit", [8, 1, 0, 0, 0, 0, 7, 0] + ethernet, to: 4789),
    Unsound("VXLAN with a reserved end", [8, 0, 0, 0, 0, 0, 7, 1] + ethernet, to: 4789),
    Unsound("VXLAN with an unknown protocol", [12, 0, 0, 9, 0, 0, 7, 0] + ethernet, to: 4790),
    Unsound("GENEVE of another version", [64, 0, 8, 0, 0, 0, 7, 0] + ipv4(udp([1])), to: 6081),
    Unsound("GENEVE with a reserved flag", [0, 1, 8, 0, 0, 0, 7, 0] + ipv4(udp([1])), to: 6081),
    Unsound("GENEVE with a reserved end", [0, 0, 8, 0, 0, 0, 7, 1] + ipv4(udp([1])), to: 6081),
    Unsound("GTP of another version", [0x50, 255, 0, 29, 0, 0, 0, 7] + ipv4(udp([1])), to: 2152),
    Unsound("GTP that carries no packet", [0x30, 1, 0, 29, 0, 0, 0, 7] + ipv4(udp([1])), to: 2152),
    Unsound("GTP around something else", [0x30, 255, 0, 9, 0, 0, 0, 7] + ethernet, to: 2152),
    Unsound(
      "GTP whose flag of extensions is off",
      [0x32, 255, 0, 37, 0, 0, 0, 7, 0, 0, 0, 0x85, 1, 0, 0, 0] + ipv4(udp([1])), to: 2152),
    // A reader that takes this length goes nowhere, and has no end.
    Unsound(
      "GTP with an extension of no length",
      [0x34, 255, 0, 37, 0, 0, 0, 7, 0, 0, 0, 0x85, 0, 0, 0, 0] + ipv4(udp([1])), to: 2152),
    Unsound("Teredo around IPv4", ipv4(udp([UInt8](1...30)), identification: 0x100), to: 3544),
    Unsound("Teredo with more than its packet", ipv6(udp([9])) + [0, 0, 0], to: 3544),
    Unsound("MPLS whose first byte is a STUN message's", [0, 1, 1, 9] + ipv4(udp([1])), to: 6635),
  ]
}

/// A payload that is a datagram's own, although its port is a tunnel's.
struct Unsound: CustomTestStringConvertible, Sendable {
  let testDescription: String
  let payload: [UInt8]
  let port: Int

  init(_ name: String, _ payload: [UInt8], to port: Int) {
    testDescription = name
    self.payload = payload
    self.port = port
  }
}
