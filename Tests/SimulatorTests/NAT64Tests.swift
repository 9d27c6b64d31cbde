import IPPacket
import NATTable
import Router
import SansIO
import Simulator
import Testing
import TransportAddress

/// Hosts with IPv6 alone, behind a NAT64, and hosts with both families.
@Suite struct NAT64Tests {
  private static let server: TransportAddress = "203.0.113.9:3478"

  /// A phone behind a NAT64, and an echo server with both families on the Internet.
  private struct World {
    var net = Network(seed: 1)
    let mobile: RouterID
    let phone: HostID
    let server: HostID

    init(phoneLink: Link = .cable) {
      mobile = net.nat64("mobile")
      phone = net.host(
        "phone", behind: mobile, link: phoneLink, running: ScriptEndpoint(port: 5000))
      server = net.host(
        "server", at: "203.0.113.9", ipv6: "2001:db8::9",
        running: ScriptEndpoint(port: 7, echoes: true))
    }

    mutating func send(_ text: String, from host: HostID, to destination: TransportAddress) {
      net.tell(host, ScriptEndpoint.self) { script, _, _ in
        script.send(Array(text.utf8), to: destination)
      }
      net.run()
    }

    func script(_ host: HostID) -> ScriptEndpoint {
      net.program(on: host, as: ScriptEndpoint.self)!
    }
  }

  private static var question: Trace {
    var net = Network(seed: 1)
    let mobile = net.nat64("mobile")
    let phone = net.host("phone", behind: mobile)
    net.host("stun.example", at: "203.0.113.9", running: .stunServer)
    net.run(.stunClient(of: net.endpoint(server, asReachedFrom: phone)), on: phone)
    net.run()
    return net.trace
  }

  // MARK: - Through the NAT64

  @Test("A phone with IPv6 alone asks an IPv4 STUN server, and the ladder shows both families")
  func ladder() {
    let expected = """
                    phone                      mobile                    stun.example
                2001:db8:1::2               198.51.100.1                  203.0.113.9
                      │                    Binding request                     │
         0.0 ms       ├───────────────────────────╋───────────────────────────▶│
           from       │      [2001:db8:1::2]:5000 ┃ 198.51.100.1:5000          │
             to       [64:ff9b::203.0.113.9]:3478 ┃ 203.0.113.9:3478           │
                      │           Binding success 198.51.100.1:5000            │
         9.0 ms       │◀──────────────────────────╂────────────────────────────┤
           from       [64:ff9b::203.0.113.9]:3478 ┃ 203.0.113.9:3478           │
             to       │      [2001:db8:1::2]:5000 ┃ 198.51.100.1:5000          │
        18.0 ms       ● the STUN server sees 198.51.100.1:5000                 │
                 ┃ NAT   ╋ a new mapping   ╂ a mapping in use
      """
    #expect(Ladder(Self.question).text() == expected)
  }

  @Test("The IPv4 server sees the NAT64's address, and its answer comes back as IPv6")
  func echo() {
    var world = World()
    world.send("hello", from: world.phone, to: "[64:ff9b::203.0.113.9]:7")
    #expect(world.script(world.server).received.map(\.source.address) == ["198.51.100.1"])
    let answers = world.script(world.phone).received
    #expect(answers.map(\.source) == ["[64:ff9b::203.0.113.9]:7"])
    #expect(answers.map { String(decoding: $0.payload, as: UTF8.self) } == ["hello"])
    #expect(world.net.trace.drops.isEmpty)
  }

  @Test("An endpoint is reached by the prefix from IPv6 alone, and as it is from elsewhere")
  func synthesis() {
    let world = World()
    let fromPhone = world.net.endpoint(Self.server, asReachedFrom: world.phone)
    #expect(fromPhone == "[64:ff9b::203.0.113.9]:3478")
    #expect(world.net.endpoint(Self.server, asReachedFrom: world.server) == Self.server)
    #expect(
      world.net.endpoint("[2001:db8::9]:7", asReachedFrom: world.phone) == "[2001:db8::9]:7")
  }

  @Test("The table has IPv6 inside and IPv4 outside, and a mapping that is not used goes")
  func table() {
    var world = World()
    world.send("hello", from: world.phone, to: "[64:ff9b::203.0.113.9]:7")
    let mapping = world.net.trace.tables[0].mappings.first
    #expect(mapping?.inside == "[2001:db8:1::2]:5000")
    #expect(mapping?.outside == "198.51.100.1:5000")
    #expect(mapping?.filters.map(\.scope) == [.address("203.0.113.9")])
    world.net.run(for: .seconds(301))
    #expect(world.net.trace.tables[0].mappings.isEmpty)
  }

  @Test("Nobody in IPv4 reaches a phone that has sent nothing")
  func unsolicited() {
    var world = World()
    world.send("hello", from: world.server, to: "198.51.100.1:5000")
    #expect(world.script(world.phone).received.isEmpty)
    #expect(
      world.net.trace.dropReasons.map(\.description)
        == ["no mapping has this outside port (RFC 4787 §4.1)"])
  }

  @Test("A stream goes through a NAT64 and back")
  func stream() {
    var net = Network(seed: 1)
    let mobile = net.nat64("mobile")
    let text = String(repeating: "GET / HTTP/1.1\n", count: 400)
    let phone = net.host(
      "phone", behind: mobile, running: .stream(text, to: "[64:ff9b::203.0.113.9]:80"))
    net.host("server", at: "203.0.113.9", running: .streamEcho(port: 80))
    net.run()
    let received = net.program(on: phone, as: StreamScriptEndpoint.self)?.received ?? []
    #expect(String(decoding: received, as: UTF8.self) == text)
    #expect(net.trace.drops.isEmpty)
  }

  @Test("An error about a closed port comes back through the NAT64 in the sender's family")
  func closedPort() {
    var world = World()
    world.send("hello", from: world.phone, to: "[64:ff9b::203.0.113.9]:9")
    let error = world.script(world.phone).errors.first
    #expect(error?.embedded.destination == "[64:ff9b::203.0.113.9]:9")
    #expect(error?.kind == ICMPError.Kind(type: 1, code: 4))
  }

  @Test("Between IPv6 hosts an error has the names of ICMPv6")
  func closedPortInIPv6() {
    var world = World()
    world.send("hello", from: world.phone, to: "[2001:db8::9]:9")
    #expect(world.script(world.phone).errors.map(\.kind) == [ICMPError.Kind(type: 1, code: 4)])
    #expect(
      Ladder(world.net.trace).words().contains(
        "server sends ICMPv6 port unreachable from 2001:db8::9 to 2001:db8:1::2"))
  }

  @Test("What is larger in IPv6 than the phone's link takes comes back as an ICMP error")
  func tooLarge() {
    var world = World()
    world.send("hello", from: world.phone, to: "[64:ff9b::203.0.113.9]:7")
    world.send(
      String(repeating: "x", count: 1472), from: world.server, to: "198.51.100.1:5000")
    #expect(world.script(world.server).errors.map(\.kind) == [.fragmentationNeeded])
    world.send(
      String(repeating: "x", count: 1452), from: world.server, to: "198.51.100.1:5000")
    #expect(world.script(world.phone).received.last?.payload.count == 1452)
  }

  @Test("An interface's capture has IPv6 inside and IPv4 outside")
  func captures() {
    let trace = Self.question
    let mobile = trace.node(named: "mobile")!
    // The first packet begins behind the headers of the file and of the packet.
    #expect(trace.pcap(of: mobile, .inside).dropFirst(40).first.map { $0 >> 4 } == 6)
    #expect(trace.pcap(of: mobile, .outside).dropFirst(40).first.map { $0 >> 4 } == 4)
  }

  @Test("The well-known prefix is for global addresses, and another for all that are public here")
  func prefixes() {
    let local = EmbeddedIPv4Prefix("64:ff9b:1::", length: 96)!
    for (prefix, isReached) in [(.wellKnown, false), (local, true)] {
      var net = Network(seed: 1)
      let center = net.firewall("center", .open)
      let server = net.host("server", behind: center, running: ScriptEndpoint(port: 7))
      let mobile = net.nat64("mobile", prefix: prefix)
      let phone = net.host("phone", behind: mobile)
      let address = TransportAddress(.v4(net.address(of: server)!), port: 7)
      let destination = net.endpoint(address, asReachedFrom: phone)
      net.run(.script(.init(at: .zero, send: "hello", to: destination)), on: phone)
      net.run()
      #expect(net.received(by: server).isEmpty != isReached)
    }
  }

  // MARK: - IPv6 without a NAT

  @Test("IPv6 goes through the NAT64's router as it is, and makes no mapping")
  func untranslated() {
    var world = World()
    world.send("hello", from: world.phone, to: "[2001:db8::9]:7")
    #expect(world.script(world.server).received.map(\.source) == ["[2001:db8:1::2]:5000"])
    #expect(world.script(world.phone).received.map(\.source) == ["[2001:db8::9]:7"])
    #expect(world.net.trace.tables[0].mappings.isEmpty)
  }

  @Test("A host with both families sends from the address of the destination's")
  func dualStack() {
    var net = Network(seed: 1)
    let lines: [ScriptEndpoint.Line] = [
      .init(at: .zero, send: "4", to: "203.0.113.9:7"),
      .init(at: .milliseconds(1), send: "6", to: "[2001:db8::9]:7"),
    ]
    net.host("alice", at: "203.0.113.1", ipv6: "2001:db8::11", running: ScriptEndpoint(lines))
    let server = net.host(
      "server", at: "203.0.113.9", ipv6: "2001:db8::9", running: ScriptEndpoint(port: 7))
    net.run()
    #expect(
      net.received(by: server).map(\.source) == ["203.0.113.1:5000", "[2001:db8::11]:5000"])
  }

  @Test("A host without an address of the destination's family says so, and sends nothing")
  func noSource() {
    var net = Network(seed: 1)
    net.host(
      "alice", at: "203.0.113.1",
      running: .script(.init(at: .zero, send: "6", to: "[2001:db8::9]:7")))
    net.run()
    #expect(net.packetCount == 0)
    #expect(Ladder(net.trace).words().contains("no address of its own from which to send"))
  }

  @Test("IPv6 to an address that no host has ends on the Internet")
  func noHost() {
    var world = World()
    world.send("hello", from: world.phone, to: "[2001:db8::77]:7")
    #expect(world.net.trace.dropReasons == [.noHost])
    world.send("hello", from: world.phone, to: "[fd00::1]:7")
    #expect(world.net.trace.dropReasons == [.noHost, .notRouted])
  }

  // MARK: - Drawing and changing

  @Test("Behind a NAT64 there is no IPv4, and no second NAT")
  func drawing() {
    var net = Network(seed: 1)
    let mobile = net.nat64("mobile")
    let error = DrawingError.ipv6Only("x", network: "mobile")
    var host = HostPlan("x")
    host.parent = mobile
    host.address = "10.0.0.2"
    #expect(throws: error) { _ = try net.add(host) }
    var router = RouterPlan("x", nat: .portRestrictedCone)
    router.parent = mobile
    #expect(throws: error) { _ = try net.add(router) }
    router.nat64 = .wellKnown
    #expect(throws: DrawingError.firewallBehindRouter("x")) { _ = try net.add(router) }
    host.address = nil
    host.address6 = "2001:db8:2::2"
    #expect(throws: DrawingError.addressOutside("2001:db8:2::2", network: "mobile")) {
      _ = try net.add(host)
    }
    host.address6 = "2001:db8:1::1"
    #expect(throws: DrawingError.addressTaken("2001:db8:1::1")) { _ = try net.add(host) }
  }

  @Test("A host that comes from home to a cell with IPv6 alone has another family")
  func roaming() {
    var world = World()
    let home = world.net.router("home", nat: .portRestrictedCone)
    world.net.connect(world.phone, behind: home)
    #expect(world.net.address(of: world.phone) == "10.0.1.2")
    #expect(world.net.address6(of: world.phone) == nil)
    world.net.connect(world.phone, behind: world.mobile)
    #expect(world.net.address(of: world.phone) == nil)
    #expect(world.net.address6(of: world.phone) == "2001:db8:1::3")
    world.send("hello", from: world.phone, to: "[64:ff9b::203.0.113.9]:7")
    #expect(world.script(world.phone).received.count == 1)
  }

  @Test("The topology names the NAT64 and has all addresses")
  func topology() {
    let expected = """
      Internet
      ├─ mobile    NAT64     198.51.100.1 ┃ 2001:db8:1::1
      │  │         mapping: endpoint-independent
      │  │         filtering: address-dependent
      │  └─ phone  host      2001:db8:1::2
      └─ server    host      203.0.113.9 2001:db8::9
      """
    #expect(Topology(World().net.trace).text() == expected)
  }
}
