import IPPacket
import NATTable
import SansIO
import Testing
import TransportAddress

@Suite struct NATTableTests {
  @Test("An outbound packet leaves with the external address, everything else unchanged")
  func outbound() {
    var nat = NATTable(.fullCone, external: external)
    let packet = Packet(from: host, to: server, payloadLength: 20)
    let expected = Packet(from: "203.0.113.7:5000", to: server, payloadLength: 20)
    #expect(nat.outbound(packet, at: .zero) == .forward(expected))
  }

  @Test("The reply comes back to the host that asked")
  func reply() throws {
    var nat = NATTable(.symmetric, external: external)
    let verdict = nat.outbound(Packet(from: host, to: server), at: .zero)
    let translated = try #require(verdict.packet)
    let expected = Packet(from: server, to: host)
    #expect(nat.inbound(translated.reply, at: .zero) == .forward(expected))
  }

  @Test("An unsolicited packet finds no mapping, however open the filter")
  func unsolicited() {
    var nat = NATTable(.fullCone, external: external)
    let packet = Packet(from: server, to: "203.0.113.7:5000")
    #expect(nat.inbound(packet, at: .zero) == .drop(.noMapping))
  }

  @Test("A packet from outside for somebody else is not translated")
  func notForThisNAT() {
    var nat = NATTable(.fullCone, external: external)
    let packet = Packet(from: server, to: "203.0.113.8:5000")
    #expect(nat.inbound(packet, at: .zero) == .drop(.notForThisNAT))
  }

  @Test("The second packet of a flow uses the mapping of the first")
  func secondPacket() {
    var nat = NATTable(.symmetric, external: external)
    let first = nat.send(from: host, to: server)
    #expect(nat.send(from: host, to: server) == first)
    #expect(nat.count == 1)
  }

  @Test("IPv6 is translated to IPv6")
  func ipv6() {
    var nat = NATTable(.portRestrictedCone, external: "203.0.113.7", "2001:db8::7")
    #expect(nat.send(from: "[fd00::2]:5000", to: "[2001:db8:1::1]:53") == "[2001:db8::7]:5000")
    #expect(nat.receive(from: "[2001:db8:1::1]:53", to: "[2001:db8::7]:5000") == "[fd00::2]:5000")
  }

  @Test(
    "Packets that cannot be translated are dropped with their reason",
    arguments: [
      (Packet(.init(rawValue: 47), from: host, to: server), .unsupportedProtocol),
      (Packet(.tcp, from: host, to: server), .noConnection),
      (Packet(.icmpv6, from: host, to: server), .mixedFamilies),
      (Packet(from: host, to: "[2001:db8::1]:1"), .mixedFamilies),
      (Packet(from: "[2001:db8::1]:1", to: "[2001:db8::2]:1"), .noExternalAddress),
      (Packet(from: "203.0.113.7:1", to: server), .forgedSource),
    ] as [(Packet, NATTable.DropReason)])
  func outboundDrops(packet: Packet, reason: NATTable.DropReason) {
    var nat = NATTable(.fullCone, external: external)
    #expect(nat.outbound(packet, at: .zero) == .drop(reason))
    #expect(nat.count == 0)
  }

  @Test("A packet from outside that claims the NAT's own address is dropped")
  func inboundForgery() {
    var nat = NATTable(.fullCone, external: external)
    _ = nat.send(from: host, to: server)
    let packet = Packet(from: "203.0.113.7:5000", to: "203.0.113.7:5000")
    #expect(nat.inbound(packet, at: .zero) == .drop(.forgedSource))
  }

  @Test("A NAT without external addresses drops and does not crash")
  func noAddresses() {
    var nat = NATTable(external: [])
    #expect(
      nat.outbound(Packet(from: host, to: server), at: .zero) == .drop(.noExternalAddress))
    #expect(nat.inbound(Packet(from: server, to: host), at: .zero) == .drop(.notForThisNAT))
  }

  @Test("A copy keeps what the original has to say, and what the caller holds for it")
  func copiesAnswers() {
    var nat = NATTable(external: external)
    _ = nat.inbound(.tcp(.syn, from: stranger, to: "203.0.113.7:80"), at: .zero)
    var later = Packet(from: host, to: server)
    later.fragment = Fragment(identification: 1, offset: 1480, moreFollow: false)
    _ = nat.outbound(later, at: .zero)
    nat.expire(at: .seconds(60))
    var copy = nat
    let (first, second) = (copy.nextAction(), copy.nextAction())
    #expect(first != nil)
    #expect(second != nil)
    #expect(copy.nextAction() == nil)
    #expect(nat.nextAction() == first)
    #expect(nat.nextAction() == second)
    #expect(nat.nextAction() == nil)
  }

  @Test("A copy is a snapshot: the original goes on without it")
  func copies() {
    var nat = NATTable(.fullCone, external: external)
    let before = nat
    _ = nat.send(from: host, to: server)
    #expect(before.count == 0)
    #expect(nat.count == 1)
  }

  @Test("Every drop reason is a sentence with its section", arguments: NATTable.DropReason.allCases)
  func reasons(reason: NATTable.DropReason) {
    #expect(reason.description.contains("(RFC "))
    #expect(reason.description.contains(" §"))
  }
}
