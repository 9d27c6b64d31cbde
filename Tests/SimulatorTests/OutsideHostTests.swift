import IPPacket
import NATTable
import SansIO
import Simulator
import Testing
import TransportAddress

/// Hosts whose packets a driver carries.
@Suite struct OutsideHostTests {
  /// Alice is outside of the network, behind a NAT; a server is part of it.
  private static func network(
    server: some Endpoint = .echo(port: 7)
  ) -> (network: Network, home: RouterID, alice: HostID) {
    var net = Network(seed: 1)
    let home = net.router("home", nat: .portRestrictedCone)
    let alice = net.host("alice", behind: home)
    net.host("server", at: "203.0.113.9", running: server)
    net.moveOutside(alice)
    return (net, home, alice)
  }

  private static let question = Packet(
    .udp, from: "10.0.0.2:5000", to: "203.0.113.9:7"
  ).bytes(payload: Array("hello".utf8))

  @Test("What reaches the host comes out once, when its links have let it through")
  func answer() throws {
    var (net, _, alice) = Self.network()
    try net.send(Self.question, from: alice)
    let arrivalTime = Instant.milliseconds(18)
    while let deadline = net.nextDeadline, deadline < arrivalTime { net.run(until: deadline) }
    let early = net.nextArrival()
    #expect(early == nil)
    #expect(net.nextDeadline == arrivalTime)
    net.run(until: arrivalTime)
    let (first, second) = (net.nextArrival(), net.nextArrival())
    let arrival = try #require(first)
    #expect(second == nil)
    #expect(arrival.interface == alice.interface)
    let packet = try Packet(parsing: arrival.bytes.span)
    #expect(packet.source == "203.0.113.9:7")
    #expect(packet.destination == "10.0.0.2:5000")
    #expect(arrival.bytes.suffix(5) == Array("hello".utf8)[...])
  }

  @Test("The deadline of a network that waits for nothing but a mapping's end is that end")
  func deadline() throws {
    var (net, home, alice) = Self.network()
    #expect(net.nextDeadline == nil)
    try net.send(Self.question, from: alice)
    net.run(for: .seconds(1))
    let mapping = try #require(net.table(of: home)?.mappings.first)
    #expect(net.nextDeadline == mapping.expires)
    net.run(until: mapping.expires)
    #expect(net.table(of: home)?.mappings == [])
  }

  @Test("A host's link has its address, its network's prefix length and its MTU")
  func link() {
    var net = Network(seed: 1)
    let home = net.router("home", nat: .fullCone, inside: "192.168.1.1", prefixLength: 16)
    var narrow = Link.cable
    narrow.mtu = 1280
    let alice = net.host("alice", behind: home, link: narrow)
    let server = net.host("server", at: "203.0.113.9")
    let inside = net.linkConfiguration(of: alice.interface)
    #expect(inside.address == "192.168.1.2")
    #expect(inside.prefixLength == 16)
    #expect(inside.address6 == nil)
    #expect(inside.mtu == 1280)
    #expect(net.linkConfiguration(of: server.interface).prefixLength == 32)
  }

  @Test("A trace that was forgotten begins with the tables of that moment")
  func forgetting() throws {
    var (net, home, alice) = Self.network()
    try net.send(Self.question, from: alice)
    net.run(for: .seconds(1))
    let mappings = net.trace.tables.first?.mappings
    #expect(mappings?.count == 1)
    net.forgetTrace()
    #expect(net.trace.events.isEmpty)
    #expect(net.trace.tables.first?.mappings == mappings)
    #expect(net.table(of: home)?.mappings.count == 1)
  }
}
