import NATTable
import Router
import STUN
import SansIO
import Simulator
import Testing
import TransportAddress

@Suite struct DrawingTests {
  @Test("A static mapping lets strangers in at its port, by UDP and by TCP")
  func staticMapping() throws {
    var net = Network(seed: 1)
    let home = net.router("home", nat: .symmetric)
    let camera = net.host("camera", behind: home, running: .echo(port: 554))
    net.run(.streamEcho(port: 80), on: camera)
    net.forward(port: 5554, of: home, to: camera, port: 554)
    net.forward(.tcp, port: 80, of: home, to: camera)
    let stranger = net.host(
      "stranger", running: .script(.init(at: .zero, send: "hello", to: "198.51.100.1:5554")))
    net.run(.stream("by TCP", to: "198.51.100.1:80"), on: stranger)
    net.run()
    #expect(net.received(by: stranger).map(\.source) == ["198.51.100.1:5554"])
    let stream = net.program(on: stranger, as: StreamScriptEndpoint.self)
    #expect(stream?.received == Array("by TCP".utf8))
    #expect(net.trace.tables[0].mappings.map(\.isStatic) == [true, true])
    #expect(net.trace.tables(at: 1)[0].mappings.count == 2)
  }

  @Test("A static mapping that cannot be is an error")
  func staticMappingErrors() throws {
    var net = Network(seed: 1)
    let home = net.router("home", nat: .symmetric)
    let camera = net.host("camera", behind: home)
    let stranger = net.host("stranger")
    try net.add(mapping: .udp, at: 7, of: home, to: camera)
    let twice = try #require(throws: DrawingError.self) {
      try net.add(mapping: .udp, at: 7, of: home, to: camera)
    }
    #expect(twice == .mapping(.endpointTaken("198.51.100.1:7")))
    let elsewhere = try #require(throws: DrawingError.self) {
      try net.add(mapping: .udp, at: 8, of: home, to: stranger)
    }
    #expect(elsewhere == .mappingElsewhere(host: "stranger", router: "home"))
  }

  @Test("A second node with a name, and one without a name, are refused")
  func names() throws {
    var net = Network(seed: 1)
    _ = try net.add(HostPlan("alice"))
    #expect(throws: DrawingError.name("alice")) { _ = try net.add(HostPlan("alice")) }
    #expect(throws: DrawingError.name("Internet")) {
      _ = try net.add(RouterPlan("Internet", nat: .symmetric))
    }
    #expect(throws: DrawingError.name("")) { _ = try net.add(HostPlan("")) }
    #expect(net.trace.nodes.map(\.name) == ["Internet", "alice"])
  }

  @Test("An address that another node has is refused, the router's own too")
  func taken() throws {
    var net = Network(seed: 1)
    let home = try net.add(RouterPlan("home", nat: .symmetric))
    var plan = HostPlan("alice")
    plan.address = "198.51.100.1"
    #expect(throws: DrawingError.addressTaken("198.51.100.1")) { _ = try net.add(plan) }
    plan.parent = home
    plan.address = "10.0.0.1"
    #expect(throws: DrawingError.addressTaken("10.0.0.1")) { _ = try net.add(plan) }
    plan.address = "10.0.0.2"
    _ = try net.add(plan)
    plan.name = "bob"
    #expect(throws: DrawingError.addressTaken("10.0.0.2")) { _ = try net.add(plan) }
  }

  @Test(
    "An address outside of the network that a host is in is refused",
    arguments: ["10.0.1.2", "10.0.0.255", "203.0.113.9"] as [IPv4Address])
  func outside(address: IPv4Address) throws {
    var net = Network(seed: 1)
    var plan = HostPlan("alice")
    plan.parent = try net.add(RouterPlan("home", nat: .symmetric))
    plan.address = address
    #expect(throws: DrawingError.addressOutside(.v4(address), network: "home")) {
      _ = try net.add(plan)
    }
  }

  @Test(
    "On the Internet no host has a private address, or one of a firewall's network",
    arguments: ["10.0.0.2", "127.0.0.1", "224.0.0.1", "198.19.0.7"] as [IPv4Address])
  func notPublic(address: IPv4Address) throws {
    var net = Network(seed: 1)
    _ = try net.add(RouterPlan("data center", nat: nil))
    var plan = HostPlan("alice")
    plan.address = address
    #expect(throws: DrawingError.addressOutside(.v4(address), network: "Internet")) {
      _ = try net.add(plan)
    }
  }

  @Test("A network with as many hosts as addresses takes no more")
  func full() throws {
    var net = Network(seed: 1)
    var plan = RouterPlan("home", nat: .symmetric)
    plan.prefixLength = 30
    var host = HostPlan("alice")
    host.parent = try net.add(plan)
    _ = try net.add(host)
    host.name = "bob"
    #expect(throws: DrawingError.noAddressLeft(network: "home")) { _ = try net.add(host) }
  }

  @Test("A router that cannot exist is refused with the router's own reason")
  func routers() throws {
    var net = Network(seed: 1)
    var plan = RouterPlan("home", nat: .symmetric)
    plan.prefixLength = 4
    #expect(throws: DrawingError.router(.network(.prefixLength(4)))) { _ = try net.add(plan) }
    plan.prefixLength = 24
    plan.gateway = "198.51.100.254"
    plan.external = ["198.51.100.7"]
    #expect(throws: DrawingError.router(.externalAddressInside("198.51.100.7"))) {
      _ = try net.add(plan)
    }
    var behind = RouterPlan("firewall", nat: nil)
    behind.parent = try net.add(RouterPlan("outer", nat: .symmetric))
    #expect(throws: DrawingError.firewallBehindRouter("firewall")) { _ = try net.add(behind) }
  }

  @Test("Two programs on a host have different ports, and each has one")
  func ports() throws {
    var net = Network(seed: 1)
    let alice = try net.add(HostPlan("alice"))
    try net.add(program: ScriptEndpoint(), to: alice)
    #expect(throws: DrawingError.port(5000, host: "alice")) {
      try net.add(program: .stunClient(of: "203.0.113.9:3478"), to: alice)
    }
    try net.add(program: .echo(port: 7), to: alice)
  }

  @Test("A link with values that cannot be is refused")
  func links() throws {
    func problem(_ change: (inout Link) -> Void) -> Link.Problem? {
      var link = Link.cable
      change(&link)
      return link.problem
    }
    #expect(problem { $0.loss = .independent(1.5) } == .probability(1.5))
    #expect(problem { $0.loss = .gilbertElliott(toBad: -1, toGood: 0) } == .probability(-1))
    #expect(problem { $0.duplication = .nan } != nil)
    #expect(problem { $0.latency = .seconds(-1) } == .time(.seconds(-1)))
    #expect(problem { $0.rate = 0 } == .rate(0))
    #expect(problem { $0.queueLimit = -1 } == .queueLimit(-1))
    #expect(problem { $0.mtu = 67 } == .mtu(67))
    #expect(problem { $0.mtu = 68 } == nil)
    var net = Network(seed: 1)
    var plan = HostPlan("alice")
    plan.link.mtu = 20
    #expect(throws: DrawingError.link(.mtu(20))) { _ = try net.add(plan) }
  }

  @Test("In a drawing a mistake stops the program")
  func trap() async {
    await #expect(processExitsWith: .failure) {
      var net = Network(seed: 1)
      net.host("alice")
      net.host("alice")
    }
  }

  @Test("Every place lets a host ask a STUN server, but the café", arguments: Place.allCases)
  func places(place: Place) throws {
    var net = Network(seed: 1)
    let router = net.place(place)
    let host = net.host("guest", behind: router, link: place.hostLink)
    net.run(
      .stunClient(of: net.endpoint("203.0.113.9:3478", asReachedFrom: host)), on: host)
    net.host("stun.example", at: "203.0.113.9", running: .stunServer)
    net.run()
    let client = try #require(net.program(on: host, as: STUNClientEndpoint.self))
    if place == .cafe {
      #expect(client.outcome == .timedOut)
      #expect(Set(net.trace.dropReasons) == [.firewall(.udpForbidden)])
    } else {
      #expect(client.mappedAddress != nil)
    }
  }
}
