import NATTable
import Router
import SansIO
import Simulator
import Testing
import TransportAddress

/// A program that keeps what it is told of its host's addresses.
private struct AddressBook: Endpoint {
  private(set) var primaries: [IPAddress?] = []
  private(set) var all: [[IPAddress]] = []

  var ports: [UInt16] { [9] }

  mutating func started(
    at address: IPAddress, now: Instant, using generator: inout SeededGenerator
  ) {
    primaries.append(address)
  }

  mutating func addressChanged(
    to address: IPAddress?, at now: Instant, using generator: inout SeededGenerator
  ) {
    primaries.append(address)
  }

  mutating func addressesChanged(
    to addresses: [IPAddress], at now: Instant, using generator: inout SeededGenerator
  ) {
    all.append(addresses)
  }

  mutating func received(
    _ payload: Span<UInt8>, from source: TransportAddress, to local: TransportAddress,
    at now: Instant, using generator: inout SeededGenerator
  ) {}

  mutating func nextAction() -> EndpointAction? { nil }
}

/// Hosts with several interfaces.
@Suite struct InterfaceTests {
  /// A phone at home and in a cell at once, and a server that echoes.
  private struct World {
    var net = Network(seed: 1)
    let home: RouterID
    let cell: RouterID
    let phone: HostID
    let radio: InterfaceID
    let server: HostID

    init() {
      home = net.router("home", nat: .portRestrictedCone)
      cell = net.router("cell", nat: .symmetric, inside: "100.64.0.1")
      phone = net.host("phone", behind: home, running: ScriptEndpoint(port: 5000))
      radio = net.interface("cell", of: phone, behind: cell)
      server = net.host("server", at: "203.0.113.9", running: .echo(port: 7))
    }

    mutating func send(
      _ text: String, from host: HostID, to destination: TransportAddress = "203.0.113.9:7",
      boundTo source: IPAddress? = nil
    ) {
      net.tell(host, ScriptEndpoint.self) { script, _, _ in
        script.send(Array(text.utf8), to: destination, from: source)
      }
      net.run()
    }

    /// The addresses from which something has come to the server.
    var seen: [IPAddress] { net.received(by: server).map(\.source.address) }

    /// What the phone has got at its interfaces.
    func deliveries(at node: NodeID) -> Int { net.trace.deliveryCount(at: node) }
  }

  // MARK: - Sending

  @Test("Each interface has its own address, behind its own router")
  func addresses() {
    let world = World()
    #expect(world.net.address(of: world.phone.interface) == "10.0.0.2")
    #expect(world.net.address(of: world.radio) == "100.64.0.2")
    #expect(world.net.address(of: world.phone) == "10.0.0.2")
    #expect(world.net.interfaces(of: world.phone) == [world.phone.interface, world.radio])
    #expect(world.net.interface(named: "cell", of: world.phone) == world.radio)
    #expect(world.net.node(named: "phone/cell") == world.radio.node)
  }

  @Test("An unbound socket sends by the default route, and the answer comes back there")
  func unbound() {
    var world = World()
    world.send("hello", from: world.phone)
    #expect(world.seen == ["198.51.100.1"])
    #expect(world.deliveries(at: world.phone.node) == 1)
    #expect(world.deliveries(at: world.radio.node) == 0)
    #expect(world.net.texts(receivedBy: world.phone) == ["hello"])
  }

  @Test("A socket that is bound to an address sends by the interface that has it")
  func bound() {
    var world = World()
    world.send("hello", from: world.phone, boundTo: "100.64.0.2")
    #expect(world.seen == ["198.51.100.2"])
    #expect(world.deliveries(at: world.radio.node) == 1)
    #expect(world.net.texts(receivedBy: world.phone) == ["hello"])
    world.send("again", from: world.phone, boundTo: "10.0.0.2")
    #expect(world.seen == ["198.51.100.2", "198.51.100.1"])
  }

  @Test("A destination in the network of an interface is reached by that one")
  func neighbor() {
    var world = World()
    let tower = world.net.host("tower", behind: world.cell, running: ScriptEndpoint(port: 7))
    world.send("hello", from: world.phone, to: "100.64.0.3:7")
    #expect(world.net.received(by: tower).map(\.source) == ["100.64.0.2:5000"])
  }

  @Test("A server answers from the address that it was asked at")
  func answering() {
    var net = Network(seed: 1)
    let server = net.host("server", at: "203.0.113.9", running: .echo(port: 7))
    net.run(.stunServer, on: server)
    net.interface("b", of: server, at: "203.0.113.10")
    let alice = net.host(
      "alice", at: "203.0.113.1",
      running: .script(.init(at: .zero, send: "hello", to: "203.0.113.10:7")))
    let bob = net.host(
      "bob", at: "203.0.113.2", running: .stunClient(of: "203.0.113.10:3478"))
    net.run()
    #expect(net.received(by: alice).map(\.source) == ["203.0.113.10:7"])
    #expect(net.program(on: bob, as: STUNClientEndpoint.self)?.mappedAddress == "203.0.113.2:5000")
  }

  @Test("A socket that is bound to no address of the host's sends nothing, and it is told")
  func wrongAddress() {
    var world = World()
    let before = world.net.packetCount
    world.send("hello", from: world.phone, boundTo: "10.0.0.9")
    #expect(world.net.packetCount == before)
    #expect(Ladder(world.net.trace).words().contains("no address of its own from which to send"))
  }

  @Test("TCP connections go by the interface of their local address, and end with it")
  func streams() {
    var net = Network(seed: 1)
    let home = net.router("home", nat: .portRestrictedCone)
    let phone = net.host("phone", behind: home)
    let radio = net.interface("cell", of: phone, at: "203.0.113.1")
    let server = net.host("server", at: "203.0.113.9", running: .streamEcho(port: 80))
    let opening = StreamScriptEndpoint.Opening(
      to: "203.0.113.9:80", send: Array("hello".utf8), closes: false)
    net.run(StreamScriptEndpoint([opening]), on: phone)
    net.run()
    net.disconnect(radio)
    net.run()
    let ends = net.program(on: phone, as: StreamScriptEndpoint.self)?.happenings.map(\.event)
    #expect(ends?.contains(.closed(.addressGone)) == false)
    net.disconnect(phone)
    let after = net.program(on: phone, as: StreamScriptEndpoint.self)?.happenings.map(\.event)
    #expect(after?.last == .closed(.addressGone))
    #expect(net.program(on: server, as: StreamScriptEndpoint.self)?.happenings.isEmpty == false)
  }

  @Test("A segment fits the narrowest link of the host")
  func segments() {
    var net = Network(seed: 1)
    let phone = net.host("phone", at: "203.0.113.1")
    var narrow = Link.cable
    narrow.mtu = 600
    net.interface("cell", of: phone, at: "203.0.113.2", link: narrow)
    let text = String(repeating: "x", count: 3000)
    net.host("server", at: "203.0.113.9", running: .streamEcho(port: 80))
    net.run(.stream(text, to: "203.0.113.9:80"), on: phone)
    net.run()
    #expect(net.packets(sentBy: "phone").map(\.count).max() == 600)
    #expect(net.program(on: phone, as: StreamScriptEndpoint.self)?.received.count == 3000)
  }

  // MARK: - Changing

  @Test("When the interface of the default route goes, the other is the default route")
  func handover() {
    var world = World()
    world.net.disconnect(world.phone)
    #expect(world.net.isConnected(world.phone))
    #expect(world.net.address(of: world.phone) == "100.64.0.2")
    world.send("hello", from: world.phone)
    #expect(world.seen == ["198.51.100.2"])
    world.net.connect(world.phone, behind: world.home)
    world.send("home", from: world.phone)
    #expect(world.seen == ["198.51.100.2", "198.51.100.1"])
  }

  @Test("A program is told each change of addresses, and only those of the first that matter to it")
  func telling() throws {
    var world = World()
    world.net.run(AddressBook(), on: world.phone)
    world.net.run()
    world.net.disconnect(world.radio)
    world.net.connect(world.radio, behind: world.cell)
    world.net.disconnect(world.phone)
    world.net.disconnect(world.radio)
    world.net.connect(world.phone)
    let book = try #require(world.net.program(on: world.phone, as: AddressBook.self))
    #expect(book.primaries == ["10.0.0.2", "100.64.0.2", nil, "198.51.100.3"])
    #expect(
      book.all == [
        ["10.0.0.2", "100.64.0.2"], ["10.0.0.2"], ["10.0.0.2", "100.64.0.2"], ["100.64.0.2"], [],
        ["198.51.100.3"],
      ])
  }

  @Test("An interface that is drawn while programs run is told to them")
  func newInterface() throws {
    var net = Network(seed: 1)
    let phone = net.host("phone", at: "203.0.113.1", running: AddressBook())
    net.run()
    net.interface("cell", of: phone, at: "203.0.113.2")
    let book = try #require(net.program(on: phone, as: AddressBook.self))
    #expect(book.all == [["203.0.113.1"], ["203.0.113.1", "203.0.113.2"]])
    #expect(book.primaries == ["203.0.113.1"])
  }

  @Test("An interface leaves its lease behind, and gets its address again when it comes back")
  func lease() {
    var world = World()
    world.net.disconnect(world.radio)
    #expect(world.net.address(of: world.radio) == nil)
    let other = world.net.host("other", behind: world.cell)
    #expect(world.net.address(of: other) == "100.64.0.3")
    world.net.connect(world.radio, behind: world.cell)
    #expect(world.net.address(of: world.radio) == "100.64.0.2")
  }

  @Test("A port is forwarded to a host by the interface that is behind the NAT")
  func forwarding() {
    var world = World()
    world.net.forward(port: 80, of: world.cell, to: world.phone, port: 5000)
    #expect(world.net.table(of: world.cell)?.mappings.map(\.inside) == ["100.64.0.2:5000"])
  }

  // MARK: - Drawing

  @Test("An interface needs a name of its own, and an address of its network")
  func drawing() {
    var world = World()
    #expect(throws: DrawingError.name("phone/cell")) {
      _ = try world.net.add(HostPlan("cell"), to: world.phone)
    }
    #expect(throws: DrawingError.name("")) { _ = try world.net.add(HostPlan(""), to: world.phone) }
    var plan = HostPlan("cable")
    plan.parent = world.home
    plan.address = "192.0.2.1"
    #expect(throws: DrawingError.addressOutside("192.0.2.1", network: "home")) {
      _ = try world.net.add(plan, to: world.phone)
    }
    #expect(world.net.interfaces(of: world.phone).count == 2)
  }

  @Test("Topology, ladder and JSON have each interface where it is")
  func pictures() {
    var world = World()
    world.send("hello", from: world.phone, boundTo: "100.64.0.2")
    let expected = """
      Internet
      ├─ home           NAT       198.51.100.1 ┃ 10.0.0.1
      │  └─ phone       host      10.0.0.2
      ├─ cell           NAT       198.51.100.2 ┃ 100.64.0.1
      │  └─ phone/cell  host      100.64.0.2
      └─ server         host      203.0.113.9
      """
    let topology = Topology(world.net.trace)
    #expect(topology.text(showingBehavior: false) == expected)
    #expect(topology.words().contains("phone/cell is an interface of phone behind cell at 100.64"))
    #expect(world.net.trace.json.contains(#""name":"phone/cell","kind":"host","parent":"cell""#))
    #expect(world.net.trace.json.contains(#""host":"phone"}"#))
    #expect(Ladder(world.net.trace).words().hasPrefix("0.0 ms: phone/cell sends \"hello\""))
  }

  @Test("Each interface of a world has a capture with a name of its own")
  func capturePoints() {
    var world = World()
    world.net.host("phone-cell")
    let points = world.net.trace.capturePoints
    #expect(
      points.map(\.fileName) == [
        "home-outside.pcap", "home-inside.pcap", "cell-outside.pcap", "cell-inside.pcap",
        "phone.pcap", "phone-cell.pcap", "server.pcap", "phone-cell-2.pcap",
      ])
    #expect(points[5].node == world.radio.node && points[5].side == .outside)
    #expect(points[1].node == world.home.node && points[1].side == .inside)
  }

  @Test("A capture of an interface has its packets, and no others")
  func captures() {
    var world = World()
    world.send("hello", from: world.phone, boundTo: "100.64.0.2")
    #expect(world.net.trace.pcap(of: world.phone.node).count == 24)
    #expect(world.net.trace.pcap(of: world.radio.node).count == 24 + 2 * (16 + 33))
  }
}
