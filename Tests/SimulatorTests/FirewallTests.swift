import IPPacket
import NATTable
import SansIO
import Simulator
import Testing
import TransportAddress

@Suite struct FirewallTests {
  /// A server behind a firewall, and a client on the Internet.
  private func network(
    _ policy: Firewall.Policy, insideSends: [ScriptEndpoint.Line] = [],
    outsideSends: [ScriptEndpoint.Line] = []
  ) -> (Network, inside: HostID, outside: HostID) {
    var net = Network(seed: 1)
    let wall = net.firewall("wall", policy)
    let inside = net.host(
      "inside", behind: wall, at: "198.19.0.9", running: ScriptEndpoint(insideSends))
    let outside = net.host(
      "outside", at: "203.0.113.9", running: ScriptEndpoint(port: 443, outsideSends))
    net.run()
    return (net, inside, outside)
  }

  private let toInside = ScriptEndpoint.Line(
    at: .seconds(1), send: "hello", to: "198.19.0.9:5000")
  private let toOutside = ScriptEndpoint.Line(at: .zero, send: "hi", to: "203.0.113.9:443")

  @Test("Only answers come in: what answers nothing is dropped")
  func unsolicited() {
    let (net, inside, _) = network(.answersOnly, outsideSends: [toInside])
    #expect(net.received(by: inside).isEmpty)
    #expect(net.trace.dropReasons == [.firewall(.unsolicited)])
  }

  @Test("What answers a packet from the inside comes in, with both addresses as they are")
  func answers() {
    let (net, inside, outside) = network(
      .answersOnly, insideSends: [toOutside], outsideSends: [toInside])
    #expect(net.received(by: inside).map(\.source) == ["203.0.113.9:443"])
    #expect(net.received(by: outside).map(\.source) == ["198.19.0.9:5000"])
  }

  @Test("An answer that comes after the flow was forgotten is dropped")
  func forgotten() {
    var policy = Firewall.Policy.answersOnly
    policy.timeout = .milliseconds(900)
    let (net, inside, _) = network(policy, insideSends: [toOutside], outsideSends: [toInside])
    #expect(net.received(by: inside).isEmpty)
  }

  @Test("A port that is open to all admits strangers")
  func openPort() {
    var policy = Firewall.Policy.answersOnly
    policy.inbound = .only([5000])
    let (net, inside, _) = network(policy, outsideSends: [toInside])
    #expect(net.texts(receivedBy: inside) == ["hello"])
  }

  @Test("Where UDP is forbidden none leaves, and none comes in")
  func noUDP() {
    let (net, inside, outside) = network(
      .noUDP, insideSends: [toOutside], outsideSends: [toInside])
    #expect(net.received(by: inside).isEmpty)
    #expect(net.received(by: outside).isEmpty)
    #expect(net.trace.dropReasons == [.firewall(.udpForbidden), .firewall(.unsolicited)])
  }

  @Test("A rule for some ports admits these and no others")
  func somePorts() {
    var policy = Firewall.Policy.answersOnly
    policy.udp = .only([443])
    let other = ScriptEndpoint.Line(at: .zero, send: "other", to: "203.0.113.9:444")
    let (net, _, outside) = network(policy, insideSends: [toOutside, other])
    #expect(net.texts(receivedBy: outside) == ["hi"])
    #expect(net.trace.dropReasons == [.firewall(.udpForbidden)])
  }

  @Test("An ICMP error comes in if it is about a packet of a known flow")
  func errors() throws {
    let closed = ScriptEndpoint.Line(at: .zero, send: "other", to: "203.0.113.9:444")
    let (net, inside, _) = network(.answersOnly, insideSends: [closed])
    let script = try #require(net.program(on: inside, as: ScriptEndpoint.self))
    #expect(script.errors.map(\.kind) == [.portUnreachable])

    // One about a packet that the inside has not sent.
    var other = network(.answersOnly)
    let stray = Packet.error(
      .portUnreachable, from: "203.0.113.9",
      about: Packet(from: "198.19.0.9:5000", to: "203.0.113.9:444"))
    try other.0.send(stray.bytes(), from: other.outside)
    other.0.run()
    #expect(other.0.trace.dropReasons == [.firewall(.unsolicited)])
  }

  @Test("On a router with a NAT the firewall sees the inside addresses")
  func withNAT() throws {
    var net = Network(seed: 1)
    let office = net.router("office", nat: .fullCone, firewall: .answersOnly)
    let alice = net.host(
      "alice", behind: office, running: ScriptEndpoint([toOutside]))
    net.host("server", at: "203.0.113.9", running: .echo(port: 443))
    net.host(
      "stranger",
      running: .script(.init(at: .seconds(1), send: "let me in", to: "198.51.100.1:5000")))
    net.run()
    // The NAT lets everyone in to the mapping, and the firewall does not.
    #expect(net.texts(receivedBy: alice) == ["hi"])
    #expect(net.trace.dropReasons == [.firewall(.unsolicited)])
  }
}
