import IPPacket
import NATTable
import Router
import SansIO
import Simulator
import Testing
import TransportAddress

@Suite struct NetworkTests {
  @Test("A host behind a NAT learns its address from a STUN server")
  func drawing() throws {
    var net = Network(seed: 1)
    let home = net.router("home", nat: .portRestrictedCone)
    let alice = net.host("alice", behind: home)
    net.host("stun.example", at: "203.0.113.9", running: .stunServer)
    net.run(.stunClient(of: "203.0.113.9:3478"), on: alice)
    let isQuiet = net.run()
    #expect(isQuiet)
    let client = try #require(net.program(on: alice, as: STUNClientEndpoint.self))
    #expect(client.mappedAddress == "198.51.100.1:5000")
    // Half a millisecond at home, eight to the Internet, half to the server; and back.
    #expect(net.time == .milliseconds(18))
  }

  @Test("A STUN request gets through two NATs, and the server sees the outer one's address")
  func nested() throws {
    var net = Network(seed: 1)
    let cgn = net.router("cgn", nat: .cgn, inside: "100.64.0.1", prefixLength: 10)
    let home = net.router("home", nat: .portRestrictedCone, behind: cgn)
    let alice = net.host("alice", behind: home, running: .stunClient(of: "203.0.113.9:3478"))
    net.host("stun.example", at: "203.0.113.9", running: .stunServer)
    net.run()
    let client = try #require(net.program(on: alice, as: STUNClientEndpoint.self))
    let mapped = try #require(client.mappedAddress)
    #expect(mapped.address == "198.51.100.1")
    let tables = net.trace.tables
    #expect(tables.map(\.node) == [cgn.node, home.node])
    #expect(tables[1].mappings.map(\.outside) == ["100.64.0.2:5000"])
    #expect(tables[0].mappings.map(\.inside) == ["100.64.0.2:5000"])
    #expect(tables[0].mappings.map(\.outside) == [mapped])
  }

  @Test("Two hosts behind one NAT reach each other by its outside address")
  func hairpin() {
    var net = Network(seed: 1)
    let home = net.router("home", nat: .fullCone)
    let alice = net.host(
      "alice", behind: home,
      running: .script(.init(at: .zero, send: "open", to: "203.0.113.9:7")))
    net.host(
      "bob", behind: home,
      running: ScriptEndpoint(
        port: 6000, [.init(at: .seconds(1), send: "hello", to: "198.51.100.1:5000")]))
    net.host("server", at: "203.0.113.9", running: ScriptEndpoint(port: 7))
    net.run()
    #expect(net.texts(receivedBy: alice) == ["hello"])
    #expect(net.received(by: alice).map(\.source) == ["198.51.100.1:6000"])
    // Bob's mapping is one that his packet made, though it never left.
    #expect(net.trace.tables[0].mappings.map(\.inside) == ["10.0.0.2:5000", "10.0.0.3:6000"])
  }

  @Test("Hosts of one network reach each other without a mapping")
  func neighbours() {
    var net = Network(seed: 1)
    let home = net.router("home", nat: .symmetric)
    net.host(
      "alice", behind: home,
      running: .script(.init(at: .zero, send: "hello", to: "10.0.0.3:5000")))
    let bob = net.host("bob", behind: home, running: ScriptEndpoint())
    net.run()
    #expect(net.texts(receivedBy: bob) == ["hello"])
    #expect(net.trace.tables[0].mappings.isEmpty)
  }

  @Test("A packet that a filter drops is in the trace with the filter's reason")
  func filtered() {
    var net = Network(seed: 1)
    let home = net.router("home", nat: .portRestrictedCone)
    let alice = net.host(
      "alice", behind: home,
      running: .script(.init(at: .zero, send: "open", to: "203.0.113.9:7")))
    net.host("server", at: "203.0.113.9", running: ScriptEndpoint(port: 7))
    net.host(
      "stranger",
      running: .script(.init(at: .seconds(1), send: "let me in", to: "198.51.100.1:5000")))
    net.run()
    #expect(net.received(by: alice).isEmpty)
    #expect(net.trace.dropReasons == [.router(.table(.filtered))])
    #expect(net.trace.drops[0].node == home.node)
  }

  @Test("A packet that is larger than a link on its way comes back as an ICMP error, translated")
  func tooBig() throws {
    var net = Network(seed: 1)
    let home = net.router("home", nat: .portRestrictedCone)
    let alice = net.host(
      "alice", behind: home,
      running: .script(
        .init(
          at: .zero, send: [UInt8](repeating: 1, count: 1400), to: "203.0.113.9:7")))
    var narrow = Link.cable
    narrow.mtu = 1280
    let server = net.host(
      "server", at: "203.0.113.9", link: narrow, running: ScriptEndpoint(port: 7))
    net.run()
    #expect(net.received(by: server).isEmpty)
    #expect(net.trace.dropReasons == [.tooLarge])
    let errors = try #require(net.program(on: alice, as: ScriptEndpoint.self)).errors
    #expect(errors.map(\.kind) == [.fragmentationNeeded])
    // The host sees its own packet in it, not the translated one.
    #expect(errors.map(\.embedded.source) == ["10.0.0.2:5000"])
    #expect(errors.map(\.embedded.destination) == ["203.0.113.9:7"])
  }

  @Test("A router tells a host what does not fit its own line, before it is translated")
  func tooBigForLine() throws {
    var net = Network(seed: 1)
    var line = Link.line
    line.mtu = 1280
    let home = net.router("home", nat: .portRestrictedCone, link: line)
    let alice = net.host(
      "alice", behind: home,
      running: .script(
        .init(
          at: .zero, send: [UInt8](repeating: 1, count: 1400), to: "203.0.113.9:7")))
    net.run()
    #expect(net.trace.dropReasons == [.router(.tooLarge)])
    let errors = try #require(net.program(on: alice, as: ScriptEndpoint.self)).errors
    #expect(errors.map(\.kind) == [.fragmentationNeeded])
    #expect(net.trace.tables[0].mappings.isEmpty)
  }

  @Test("A packet from the outside that a host's narrow link cannot take is reported to its sender")
  func tooBigForHost() throws {
    var net = Network(seed: 1)
    let home = net.router("home", nat: .fullCone)
    var narrow = Link.cable
    narrow.mtu = 600
    let alice = net.host(
      "alice", behind: home, link: narrow,
      running: .script(.init(at: .zero, send: "open", to: "203.0.113.9:5000")))
    let big = [UInt8](repeating: 1, count: 1000)
    let server = net.host(
      "server", at: "203.0.113.9",
      running: .script(.init(at: .seconds(1), send: big, to: "198.51.100.1:5000")))
    net.run()
    #expect(net.received(by: alice).isEmpty)
    #expect(net.trace.dropReasons == [.router(.tooLarge)])
    let errors = try #require(net.program(on: server, as: ScriptEndpoint.self)).errors
    #expect(errors.map(\.kind) == [.fragmentationNeeded])
  }

  @Test("A datagram to a port without a program is answered with port unreachable")
  func closedPort() throws {
    var net = Network(seed: 1)
    let home = net.router("home", nat: .portRestrictedCone)
    let alice = net.host(
      "alice", behind: home,
      running: .script(.init(at: .zero, send: "hello", to: "203.0.113.9:7")))
    net.host("server", at: "203.0.113.9")
    net.run()
    let errors = try #require(net.program(on: alice, as: ScriptEndpoint.self)).errors
    #expect(errors.map(\.kind) == [.portUnreachable])
    #expect(net.trace.dropReasons == [.closedPort])
  }

  @Test(
    "What no host has, and what no route leads to, is dropped on the Internet",
    arguments: [
      ("203.0.113.200:7", DropReason.noHost), ("192.168.7.7:7", .notRouted),
    ] as [(TransportAddress, DropReason)])
  func nowhere(destination: TransportAddress, reason: DropReason) {
    var net = Network(seed: 1)
    net.host("alice", running: .script(.init(at: .zero, send: "hello", to: destination)))
    net.run()
    #expect(net.trace.dropReasons == [reason])
    #expect(net.trace.drops[0].node == .internet)
  }

  @Test("A packet whose time to live ends on the way is reported by the router where it ends")
  func timeExceeded() throws {
    var net = Network(seed: 1)
    let home = net.router("home", nat: .portRestrictedCone)
    let alice = net.host("alice", behind: home, running: ScriptEndpoint())
    net.host("server", at: "203.0.113.9")
    for timeToLive in 1...2 as ClosedRange<UInt8> {
      let packet = Packet(from: "10.0.0.2:5000", to: "203.0.113.9:7")
      try net.send(packet.bytes(timeToLive: timeToLive), from: alice)
      net.run()
    }
    #expect(net.trace.dropReasons == [.router(.timeExceeded), .timeExceeded])
    #expect(net.trace.drops.map(\.node) == [home.node, .internet])
    let errors = try #require(net.program(on: alice, as: ScriptEndpoint.self)).errors
    #expect(errors.map(\.kind) == [.timeExceeded, .timeExceeded])
  }

  @Test("A ping from behind a NAT is answered")
  func ping() throws {
    var net = Network(seed: 1)
    let home = net.router("home", nat: .portRestrictedCone)
    let alice = net.host("alice", behind: home)
    net.host("server", at: "203.0.113.9")
    let query = Packet.query(from: "10.0.0.2", identifier: 7, to: "203.0.113.9")
    try net.send(query.bytes(), from: alice)
    net.run()
    #expect(net.trace.deliveryCount(at: alice.node) == 1)
    #expect(net.trace.dropReasons.isEmpty)
  }

  @Test("A packet with a source that is not the host's is dropped by the NAT as forged")
  func forgedSource() throws {
    var net = Network(seed: 1)
    let home = net.router("home", nat: .portRestrictedCone)
    let mallory = net.host("mallory", at: "203.0.113.66")
    let forged = Packet(from: "10.0.0.9:5000", to: "198.51.100.1:5000")
    try net.send(forged.bytes(), from: mallory)
    net.run()
    #expect(net.trace.dropReasons == [.router(.martian(.insideSource))])
    #expect(net.trace.drops[0].node == home.node)
  }

  @Test("Bytes that are no packet are not sent")
  func notAPacket() {
    var net = Network(seed: 1)
    let alice = net.host("alice")
    #expect(throws: PacketError.self) { try net.send([1, 2, 3], from: alice) }
    let v6 = Packet(from: "[2001:db8::1]:1", to: "[2001:db8::2]:1").bytes()
    #expect(throws: PacketError.self) { try net.send(v6.dropLast(), from: alice) }
    #expect(net.packetCount == 0)
  }

  @Test("A mapping is gone from the table when its time is over, and the trace says when")
  func expiry() throws {
    var net = Network(seed: 1)
    let home = net.router("home", nat: .portRestrictedCone)
    net.host("alice", behind: home, running: .stunClient(of: "203.0.113.9:3478"))
    net.host("stun.example", at: "203.0.113.9", running: .stunServer)
    net.run(until: .seconds(600))
    #expect(net.trace.tables[0].mappings.isEmpty)
    let index = try #require(
      net.trace.events.firstIndex {
        if case .table(.removed) = $0.kind { true } else { false }
      })
    // Five minutes (RFC 4787 REQ-5) from when the request came to the router.
    #expect(net.trace.events[index].time == .milliseconds(300_000).advanced(by: .microseconds(500)))
    #expect(net.trace.tables(at: index - 1)[0].mappings.count == 1)
    #expect(net.time == .seconds(600))
  }

  @Test("A program can be told what does not come through the network")
  func telling() {
    var net = Network(seed: 1)
    let alice = net.host("alice", running: ScriptEndpoint())
    let bob = net.host("bob", running: ScriptEndpoint())
    net.run(for: .seconds(5))
    net.tell(alice, ScriptEndpoint.self) { script, _, _ in
      script.send(Array("now".utf8), to: "198.51.100.2:5000")
    }
    net.run()
    #expect(net.received(by: bob).map(\.time) == [.milliseconds(5001)])
  }

  @Test("A copy of a network is another world, with the same future")
  func copies() {
    let (net, _, _) = busyNetwork(seed: 3, link: badLink, packets: 50)
    var first = net
    first.run(until: .milliseconds(20))
    var second = first
    first.run()
    let end = second.trace.events.count
    #expect(end < first.trace.events.count)
    second.run()
    #expect(first.trace == second.trace)
  }

  @Test("Without a trace the same packets arrive")
  func untraced() {
    let (net, alice, server) = busyNetwork(seed: 5, link: badLink, packets: 200)
    var traced = net
    var untraced = net
    untraced.isTracing = false
    traced.run()
    untraced.run()
    #expect(untraced.trace.events.isEmpty)
    #expect(untraced.received(by: server) == traced.received(by: server))
    #expect(untraced.received(by: alice) == traced.received(by: alice))
    #expect(!traced.received(by: alice).isEmpty)
  }
}
