import IPPacket
import NATTable
import Router
import SansIO
import Simulator
import Testing
import TransportAddress

/// Networks with IPv6 that no router translates.
@Suite struct IPv6Tests {
  /// A home with both families, and a server that echoes in both.
  private struct World {
    var net = Network(seed: 1)
    let home: RouterID
    let alice: HostID
    let server: HostID

    init(_ policy: Firewall.Policy = .answersOnly) {
      home = net.router("home", nat: .portRestrictedCone, ipv6: policy)
      alice = net.host("alice", behind: home, running: ScriptEndpoint(port: 5000))
      server = net.host(
        "server", at: "203.0.113.9", ipv6: "2001:db8::9",
        running: ScriptEndpoint(port: 7, echoes: true))
    }

    mutating func send(
      from host: HostID, to destination: TransportAddress, bytes: Int = 5
    ) {
      net.tell(host, ScriptEndpoint.self) { script, _, _ in
        script.send(Array(repeating: 65, count: bytes), to: destination)
      }
      net.run()
    }

    func sources(at host: HostID) -> [TransportAddress] { net.received(by: host).map(\.source) }
  }

  // MARK: - Routers with both families

  @Test("A host behind a router with IPv6 has both families, and IPv6 is not translated")
  func dualStack() {
    var world = World()
    #expect(world.net.address(of: world.alice) == "10.0.0.2")
    #expect(world.net.address6(of: world.alice) == "2001:db8:1::2")
    world.send(from: world.alice, to: "203.0.113.9:7")
    world.send(from: world.alice, to: "[2001:db8::9]:7")
    #expect(world.sources(at: world.server) == ["198.51.100.1:5000", "[2001:db8:1::2]:5000"])
    #expect(world.sources(at: world.alice) == ["203.0.113.9:7", "[2001:db8::9]:7"])
    #expect(world.net.trace.tables[0].mappings.count == 1)
  }

  @Test("The firewall of IPv6 lets in answers alone, or what its policy says")
  func firewall() {
    var closed = World()
    closed.send(from: closed.server, to: "[2001:db8:1::2]:5000")
    #expect(closed.net.trace.dropReasons == [.firewall(.unsolicited)])
    #expect(closed.net.trace.drops[0].node == closed.home.node)
    var open = World(.open)
    open.send(from: open.server, to: "[2001:db8:1::2]:5000")
    #expect(open.sources(at: open.alice) == ["[2001:db8::9]:7"])
    var noUDP = World(.noUDP)
    noUDP.send(from: noUDP.alice, to: "[2001:db8::9]:7")
    #expect(noUDP.net.trace.dropReasons == [.firewall(.udpForbidden)])
    // The policy is IPv6's own: IPv4 has the NAT.
    noUDP.send(from: noUDP.alice, to: "203.0.113.9:7")
    #expect(noUDP.sources(at: noUDP.alice).count == 1)
  }

  @Test("Two firewalls of IPv6 are opened from both sides, as two NATs are, and no address changes")
  func punching() {
    var world = World()
    let cabin = world.net.router("cabin", nat: .symmetric, ipv6: .answersOnly)
    let bob = world.net.host("bob", behind: cabin, running: ScriptEndpoint(port: 5000))
    world.send(from: world.alice, to: "[2001:db8:2::2]:5000")
    #expect(world.sources(at: bob).isEmpty)
    world.send(from: bob, to: "[2001:db8:1::2]:5000")
    world.send(from: world.alice, to: "[2001:db8:2::2]:5000")
    #expect(world.sources(at: world.alice) == ["[2001:db8:2::2]:5000"])
    #expect(world.sources(at: bob) == ["[2001:db8:1::2]:5000"])
  }

  @Test("Hosts of one network reach each other without the router's firewall")
  func neighbors() {
    var world = World()
    let printer = world.net.host(
      "printer", behind: world.home, running: ScriptEndpoint(port: 9))
    world.send(from: printer, to: "[2001:db8:1::2]:5000")
    #expect(world.sources(at: world.alice) == ["[2001:db8:1::3]:9"])
  }

  @Test("A router behind a router gets an IPv6 network of its own, to which both know the way")
  func nested() {
    var world = World()
    let inner = world.net.router(
      "inner", nat: .symmetric, behind: world.home, ipv6: .answersOnly)
    let bob = world.net.host("bob", behind: inner, running: ScriptEndpoint(port: 5000))
    #expect(world.net.address6(of: bob) == "2001:db8:2::2")
    world.send(from: bob, to: "[2001:db8::9]:7")
    #expect(world.sources(at: world.server) == ["[2001:db8:2::2]:5000"])
    #expect(world.sources(at: bob) == ["[2001:db8::9]:7"])
    world.send(from: bob, to: "[2001:db8:1::2]:5000")
    #expect(world.sources(at: world.alice) == ["[2001:db8:2::2]:5000"])
  }

  @Test("A router answers echo requests to its own IPv6 address, and nothing else")
  func router() throws {
    var world = World()
    let echo = Packet.query(from: "2001:db8:1::2", identifier: 7, to: "2001:db8:1::1")
    try world.net.send(echo.bytes(payload: []), from: world.alice)
    world.net.run()
    #expect(world.net.trace.deliveryCount(at: world.alice.node) == 1)
    world.send(from: world.alice, to: "[2001:db8:1::1]:7")
    #expect(world.net.trace.dropReasons == [.router(.forTheRouter)])
  }

  @Test("What is too large for a link comes back as an ICMPv6 error with the link's MTU")
  func tooLarge() {
    var net = Network(seed: 1)
    var narrow = Link.line
    narrow.mtu = 1280
    let home = net.router("home", nat: .fullCone, ipv6: .open, link: narrow)
    let alice = net.host("alice", behind: home, running: ScriptEndpoint(port: 5000))
    net.host("server", ipv6: "2001:db8::9", running: .echo(port: 7))
    net.tell(alice, ScriptEndpoint.self) { script, _, _ in
      script.send(Array(repeating: 0, count: 1300), to: "[2001:db8::9]:7")
    }
    net.run()
    let errors = net.program(on: alice, as: ScriptEndpoint.self)?.errors ?? []
    #expect(errors.map(\.kind) == [ICMPError.Kind(type: 2, code: 0)])
  }

  @Test("A router without IPv6 drops what comes to it in IPv6")
  func noIPv6() throws {
    var net = Network(seed: 1)
    let home = net.router("home", nat: .fullCone)
    let alice = net.host("alice", behind: home)
    let packet = Packet(.udp, from: "[2001:db8:1::2]:1", to: "[2001:db8::9]:7")
    try net.send(packet.bytes(payload: [1]), from: alice)
    net.run()
    #expect(net.trace.dropReasons == [.noIPv6])
  }

  // MARK: - Families

  @Test("A host may have one family alone, anywhere that there are both")
  func families() {
    var world = World()
    let old = world.net.host("old", behind: world.home, families: [.ipv4])
    let new = world.net.host("new", behind: world.home, families: [.ipv6])
    let far = world.net.host("far", families: [.ipv6], running: ScriptEndpoint(port: 7))
    let both = world.net.host("both", families: [.ipv4, .ipv6])
    #expect(world.net.address6(of: old) == nil && world.net.address(of: old) != nil)
    #expect(world.net.address(of: new) == nil && world.net.address6(of: new) == "2001:db8:1::3")
    #expect(world.net.address6(of: far) == "2001:db8::2")
    #expect(world.net.address(of: both) != nil && world.net.address6(of: both) == "2001:db8::3")
    world.send(from: world.alice, to: "[2001:db8::2]:7")
    #expect(world.sources(at: far) == ["[2001:db8:1::2]:5000"])
  }

  @Test("A host that comes elsewhere has the families that it was drawn with")
  func roaming() throws {
    var world = World()
    let old = world.net.host("old", behind: world.home, families: [.ipv4])
    let cabin = world.net.router("cabin", nat: .symmetric, ipv6: .answersOnly)
    world.net.connect(old, behind: cabin)
    #expect(world.net.address6(of: old) == nil && world.net.address(of: old) == "10.0.1.2")
    world.net.connect(world.alice, behind: cabin)
    #expect(world.net.address6(of: world.alice) == "2001:db8:2::2")
    let mobile = world.net.nat64("mobile")
    #expect(throws: DrawingError.ipv6Only("old", network: "mobile")) {
      var plan = HostPlan("")
      plan.parent = mobile
      try world.net.tryConnecting(old.interface, as: plan)
    }
  }

  @Test("A firewall has hosts of both families, and one policy for each")
  func firewallNetwork() {
    var net = Network(seed: 1)
    let office = net.firewall("office", .answersOnly, ipv6: .open)
    let desk = net.host("desk", behind: office, running: ScriptEndpoint(port: 5000))
    let far = net.host(
      "far", at: "203.0.113.9", ipv6: "2001:db8::9", running: ScriptEndpoint(port: 7))
    for destination: TransportAddress in ["198.19.0.2:5000", "[2001:db8:1::2]:5000"] {
      net.tell(far, ScriptEndpoint.self) { script, _, _ in script.send([1], to: destination) }
    }
    net.run()
    #expect(net.received(by: desk).map(\.source) == ["[2001:db8::9]:7"])
    #expect(net.trace.dropReasons == [.firewall(.unsolicited)])
  }

  @Test("A STUN server with both families answers in each, from where it was asked")
  func stun() {
    var world = World()
    world.net.run(.stunServer, on: world.server)
    world.net.run(STUNClientEndpoint(of: "[2001:db8::9]:3478", port: 6000), on: world.alice)
    world.net.run()
    let client = world.net.program(on: world.alice, as: STUNClientEndpoint.self)
    #expect(client?.mappedAddress == "[2001:db8:1::2]:6000")
  }

  // MARK: - Drawing

  @Test("A router chooses its IPv6 network, or is told of one that no other has")
  func networks() throws {
    var net = Network(seed: 1)
    var plan = RouterPlan("a", nat: .fullCone)
    plan.ipv6 = .open
    plan.gateway6 = "2001:db8:2::1"
    _ = try net.add(plan)
    plan.name = "b"
    #expect(throws: DrawingError.addressTaken("2001:db8:2::1")) { _ = try net.add(plan) }
    plan.gateway6 = "fd00::1"
    #expect(throws: DrawingError.addressOutside("fd00::1", network: "Internet")) {
      _ = try net.add(plan)
    }
    plan.gateway6 = nil
    let b = try net.add(plan)
    let bob = net.host("bob", behind: b)
    #expect(net.address6(of: bob) == "2001:db8:3::2")
  }

  @Test("IPv6 needs a router with IPv6, and an address its family")
  func errors() {
    var net = Network(seed: 1)
    let home = net.router("home", nat: .fullCone)
    var host = HostPlan("x")
    host.parent = home
    host.families = [.ipv4, .ipv6]
    #expect(throws: DrawingError.noIPv6("x", network: "home")) { _ = try net.add(host) }
    var router = RouterPlan("x", nat: .fullCone)
    router.parent = home
    router.ipv6 = .open
    #expect(throws: DrawingError.noIPv6("x", network: "home")) { _ = try net.add(router) }
    host.parent = nil
    host.families = [.ipv6]
    host.address = "203.0.113.1"
    #expect(throws: DrawingError.families("x")) { _ = try net.add(host) }
    host.families = []
    host.address = nil
    #expect(throws: DrawingError.families("x")) { _ = try net.add(host) }
  }

  @Test("Topology and JSON have both addresses of a router's inside")
  func pictures() {
    let expected = """
      Internet
      ├─ home      NAT       198.51.100.1 ┃ 10.0.0.1 2001:db8:1::1
      │  └─ alice  host      10.0.0.2 2001:db8:1::2
      └─ server    host      203.0.113.9 2001:db8::9
      """
    let trace = World().net.trace
    #expect(Topology(trace).text(showingBehavior: false) == expected)
    #expect(
      Topology(trace).words(showingBehavior: false).hasPrefix(
        "home is a NAT on the Internet at 198.51.100.1, with IPv6 from 2001:db8:1::1.\n"))
    #expect(trace.json.contains(#""gateway":"10.0.0.1","gateway6":"2001:db8:1::1""#))
  }
}
