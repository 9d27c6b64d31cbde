import IPPacket
import NATTable
import SansIO
import Testing
import TransportAddress

@Suite struct NATTableDescriptionTests {
  @Test("An empty table says so")
  func empty() {
    #expect(NATTable(external: external).description == "(no mappings)")
  }

  @Test("The table prints aligned, sorted, with the time that is left")
  func table() {
    var nat = NATTable(.portRestrictedCone, external: external)
    _ = nat.send(from: "10.0.0.10:5000", to: server, at: .zero)
    _ = nat.send(from: "10.0.0.2:5000", to: server, at: .seconds(60))
    _ = nat.send(from: "10.0.0.2:5000", to: "192.0.2.9:53", at: .milliseconds(100_500))
    #expect(
      nat.description == """
        protocol  inside          outside           to   from                         expires in
        UDP       10.0.0.2:5000   203.0.113.7:5002  any  192.0.2.9:53                 300 s
                                                         198.51.100.1:3478 (259.5 s)
        UDP       10.0.0.10:5000  203.0.113.7:5000  any  198.51.100.1:3478            199.5 s
        """)
  }

  @Test("A symmetric NAT shows which destination each mapping is for")
  func symmetric() {
    var nat = NATTable(.symmetric, external: external)
    _ = nat.send(from: host, to: server)
    _ = nat.send(from: host, to: stranger)
    #expect(
      nat.description == """
        protocol  inside         outside           to                 from               expires in
        UDP       10.0.0.2:5000  203.0.113.7:5002  192.0.2.9:3478     192.0.2.9:3478     300 s
        UDP       10.0.0.2:5000  203.0.113.7:5000  198.51.100.1:3478  198.51.100.1:3478  300 s
        """)
  }

  @Test("Packets and verdicts print as one reads them")
  func verdicts() {
    let packet = Packet(from: host, to: server)
    #expect(packet.description == "UDP 10.0.0.2:5000 → 198.51.100.1:3478")
    #expect(
      NATTable.Verdict.forward(packet).description
        == "forward UDP 10.0.0.2:5000 → 198.51.100.1:3478")
    #expect(
      NATTable.Verdict.drop(.noMapping).description
        == "drop: no mapping has this outside port (RFC 4787 §4.1)")
  }

  @Test("A mapping is found by its outside endpoint")
  func lookup() {
    var nat = NATTable(.fullCone, external: external)
    _ = nat.send(from: host, to: server)
    let mapping = nat.mapping(at: "203.0.113.7:5000")
    #expect(mapping?.inside == host)
    #expect(mapping?.scope == .any)
    #expect(mapping?.expires == .seconds(300))
    #expect(mapping?.filters.map(\.scope) == [.any])
    #expect(nat.mapping(at: "203.0.113.7:5001") == nil)
    #expect(nat.mapping(at: "203.0.113.7:5000", .tcp) == nil)
  }
}
