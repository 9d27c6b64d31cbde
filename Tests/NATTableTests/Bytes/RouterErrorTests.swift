import IPPacket
import NATTable
import SansIO
import TestSupport
import Testing
import TransportAddress

/// What a NAT says and does as the router that it is: errors of its own, and links that take less.
@Suite struct RouterErrorTests {
  static let v4 = Packet(from: host, to: server)
  static let v6 = Packet(from: "[fd00::2]:5000", to: "[2001:db8:1::1]:53")

  private func write(
    _ message: ICMPErrorMessage, about packet: [UInt8], from reporter: IPAddress, room: Int = 1500
  ) -> [UInt8]? {
    var buffer = [UInt8](repeating: 0xEE, count: room)
    var output = buffer.mutableSpan
    return message.write(about: packet.span, from: reporter, into: &output).map {
      Array(buffer.prefix($0))
    }
  }

  private func payload(_ count: Int) -> [UInt8] { Array(repeating: 0xAB, count: count) }

  /// The bytes of an IPv4 packet with the DF bit.
  private func whole(_ count: Int) -> [UInt8] {
    var bytes = Self.v4.bytes(payload: payload(count))
    bytes[6] |= 0x40
    return withChecksums(bytes)
  }

  @Test("RFC 4787 REQ-13: what is too long and has DF=1 is answered with fragmentation needed")
  func fragmentationNeeded() throws {
    #expect(LinkFit(whole(1400 - 28).span, mtu: 1400) == .fits)
    let long = whole(1401 - 28)
    guard case .tooBig(let message) = LinkFit(long.span, mtu: 1400) else {
      Issue.record("the packet fits")
      return
    }
    let error = try #require(write(message, about: long, from: "10.0.0.1"))
    #expect(wrongChecksums(of: error) == [])
    #expect(error[20...21] == [3, 4])
    // RFC 1191 §4: the MTU of the next link
    #expect(error[24...27] == [0, 0, 5, 120])
    // RFC 1812 §4.3.2.3: as much of the packet as 576 bytes hold, as its sender knows it
    #expect(error.count == 576)
    #expect(error[28...] == long.prefix(548))
    let parsed = try Packet(parsing: error.span)
    #expect(parsed.destination.address == host.address)
    #expect(parsed.content == .error(ICMPError(.fragmentationNeeded, about: Self.v4)))
  }

  @Test("RFC 4787 REQ-13a: what is too long and has DF=0 is cut up, in order")
  func cutUp() throws {
    let long = Self.v4.bytes(payload: (0..<3000).map { UInt8($0 & 255) })
    guard case .fragment(let cutting) = LinkFit(long.span, mtu: 1400) else {
      Issue.record("the packet fits")
      return
    }
    // The NAT translates fragments like any, so that cutting can come first.
    var nat = NATTable(external: external)
    var body: [UInt8] = []
    for var fragment in cutting.fragments(of: long.span) {
      #expect(fragment.count <= 1400)
      var span = fragment.mutableSpan
      #expect(nat.outbound(&span, at: .zero) == .forward)
      let offset = (Int(fragment[6] & 0x1F) << 8 | Int(fragment[7])) * 8
      #expect(offset == body.count)
      body += fragment[20...]
    }
    var together = Packet(from: "203.0.113.7:5000", to: server).bytes()
    together.replaceSubrange(20..., with: body)
    together[2...3] = [UInt8(together.count >> 8), UInt8(together.count & 255)]
    #expect(wrongChecksums(of: withChecksums(together)) == [])
  }

  @Test("RFC 8200 §5: in IPv6 no router cuts up; the sender is told that the packet is too big")
  func packetTooBig() throws {
    let long = Self.v6.bytes(payload: payload(1400))
    guard case .tooBig(let message) = LinkFit(long.span, mtu: 1400) else {
      Issue.record("the packet fits")
      return
    }
    let error = try #require(write(message, about: long, from: "fd00::1"))
    #expect(wrongChecksums(of: error) == [])
    #expect(error[40...41] == [2, 0])
    #expect(error[44...47] == [0, 0, 5, 120])
    #expect(error.count == 1280)
    #expect(LinkFit(Self.v6.bytes(payload: payload(1352)).span, mtu: 1400) == .fits)
  }

  @Test("Padding behind a packet does not make it long, and nonsense fits")
  func padding() {
    #expect(LinkFit((whole(10) + payload(100)).span, mtu: 50) == .fits)
    #expect(LinkFit(payload(10).span, mtu: 5) == .fits)
    #expect(LinkFit([UInt8]().span, mtu: 0) == .fits)
  }

  @Test("RFC 1122 §3.2.2, RFC 4443 §2.4: no error about errors, later fragments, and groups")
  func silence() {
    let tooBig = ICMPErrorMessage.tooBig(mtu: 576, isV6: false)
    var later = Self.v4
    later.fragment = Fragment(identification: 1, offset: 1480, moreFollow: false)
    let group = Packet(from: host, to: "224.0.0.251:5353")
    let nobody = Packet(from: "0.0.0.0:68", to: "255.255.255.255:67")
    let error = Packet.error(.timeExceeded, from: "10.0.0.254", about: Self.v4)
    for packet in [later, group, nobody, error] {
      #expect(write(tooBig, about: packet.bytes(payload: [1, 2]), from: "10.0.0.1") == nil)
    }
    let ping = Packet.query(from: host.address, identifier: 1, to: server.address)
    #expect(write(tooBig, about: ping.bytes(), from: "10.0.0.1") != nil)
    let error6 = Packet.error(
      ICMPError.Kind(type: 3, code: 0), from: "fd00::fe", about: Self.v6)
    #expect(write(.timeExceeded(isV6: true), about: error6.bytes(), from: "fd00::1") == nil)
    let ping6 = Packet.query(from: "fd00::2", identifier: 1, to: "2001:db8:1::1")
    #expect(write(.timeExceeded(isV6: true), about: ping6.bytes(), from: "fd00::1") != nil)
  }

  @Test("A reporter of the other family and a short buffer give nothing")
  func refused() {
    #expect(
      write(.timeExceeded(isV6: false), about: Self.v4.bytes(), from: "fd00::1") == nil)
    for room in 0..<56 {
      #expect(
        write(.timeExceeded(isV6: false), about: Self.v4.bytes(), from: "10.0.0.1", room: room)
          == nil)
    }
  }
}
