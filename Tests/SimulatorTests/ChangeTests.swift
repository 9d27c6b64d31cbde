import NATTable
import SansIO
import Simulator
import Testing
import TransportAddress

/// A program that asks a STUN server again at each new address, and keeps all that it has learned.
private struct Roamer: Endpoint {
  private var client = STUNClientEndpoint(of: "203.0.113.9:3478")
  private(set) var told: [IPAddress?] = []
  private(set) var mapped: [TransportAddress] = []

  var ports: [UInt16] { client.ports }
  var nextDeadline: Instant? { client.nextDeadline }

  mutating func started(
    at address: IPAddress, now: Instant, using generator: inout SeededGenerator
  ) {
    client.started(at: address, now: now, using: &generator)
  }

  mutating func addressChanged(
    to address: IPAddress?, at now: Instant, using generator: inout SeededGenerator
  ) {
    told.append(address)
    guard let address else { return }
    client = STUNClientEndpoint(of: "203.0.113.9:3478")
    client.started(at: address, now: now, using: &generator)
  }

  mutating func received(
    _ payload: Span<UInt8>, from source: TransportAddress, to local: TransportAddress,
    at now: Instant, using generator: inout SeededGenerator
  ) {
    client.received(payload, from: source, to: local, at: now, using: &generator)
  }

  mutating func timerFired(at now: Instant, using generator: inout SeededGenerator) {
    client.timerFired(at: now, using: &generator)
  }

  mutating func nextAction() -> EndpointAction? {
    let wasKnown = client.mappedAddress != nil
    let action = client.nextAction()
    if !wasKnown, let address = client.mappedAddress { mapped.append(address) }
    return action
  }
}

@Suite struct ChangeTests {
  @Test("A host that goes from home to a cell is told of it, and is seen at another address")
  func roaming() throws {
    var net = Network(seed: 1)
    let home = net.router("home", nat: .portRestrictedCone)
    let cell = net.place(.mobile, "cell")
    let phone = net.host("phone", behind: home, running: Roamer())
    net.host("stun.example", at: "203.0.113.9", running: .stunServer)
    net.run()
    net.disconnect(phone)
    #expect(net.address(of: phone) == nil)
    net.connect(phone, behind: cell)
    #expect(net.address(of: phone) == "100.64.0.2")
    net.run()
    let roamer = try #require(net.program(on: phone, as: Roamer.self))
    #expect(roamer.told == [nil, "100.64.0.2"])
    #expect(roamer.mapped.map(\.address) == ["198.51.100.1", "198.51.100.2"])
    let reports = net.trace.events(at: phone.node).compactMap { event -> String? in
      if case .report(let text) = event.kind { text } else { nil }
    }
    #expect(
      reports.contains("off the network of home")
        && reports.contains("100.64.0.2 in the network of cell"))
  }

  @Test("What is on its way to a host that goes is lost, and so is what it sends without a network")
  func onTheWay() {
    var net = Network(seed: 1)
    let alice = net.host(
      "alice", link: Link(latency: .milliseconds(10)), running: ScriptEndpoint())
    let bob = net.host("bob", running: ScriptEndpoint())
    net.tell(bob, ScriptEndpoint.self) { bob, _, _ in bob.send([1], to: "198.51.100.1:5000") }
    net.run(for: .milliseconds(5))
    net.disconnect(alice)
    net.tell(alice, ScriptEndpoint.self) { alice, _, _ in
      alice.send([2], to: "198.51.100.2:5000")
    }
    net.run()
    #expect(net.trace.lossCount(.linkGone) == 2)
    #expect(net.received(by: alice).isEmpty && net.received(by: bob).isEmpty)
    // To an address that is nobody's no packet goes.
    net.tell(bob, ScriptEndpoint.self) { bob, _, _ in bob.send([3], to: "198.51.100.1:5000") }
    net.run()
    #expect(net.trace.dropReasons == [.noHost])
    net.connect(alice, at: "198.51.100.1")
    net.tell(bob, ScriptEndpoint.self) { bob, _, _ in bob.send([4], to: "198.51.100.1:5000") }
    net.run()
    #expect(net.received(by: alice).map(\.payload) == [[4]])
  }

  @Test("The mapping of a host that has gone still leads to its address, which is nobody's")
  func oldMapping() {
    var net = Network(seed: 1)
    let home = net.router("home", nat: .fullCone)
    let alice = net.host(
      "alice", behind: home, running: .script(.init(at: .zero, send: "a", to: "203.0.113.9:7")))
    let server = net.host("server", at: "203.0.113.9", running: ScriptEndpoint(port: 7))
    net.run()
    net.disconnect(alice)
    net.tell(server, ScriptEndpoint.self) { server, _, _ in
      server.send([1], to: "198.51.100.1:5000")
    }
    net.run()
    #expect(net.trace.dropReasons == [.noHost])
    #expect(net.trace.drops[0].node == home.node)
  }

  @Test("The connections of a host that goes end there, and on the other side by a timeout")
  func streams() {
    var net = Network(seed: 1)
    let opening = StreamScriptEndpoint.Opening(
      to: "203.0.113.9:80", send: Array("hello".utf8), closes: false)
    let alice = net.host("alice", running: StreamScriptEndpoint([opening]))
    let server = net.host("server", at: "203.0.113.9", running: .streamEcho(port: 80))
    net.run()
    net.disconnect(alice)
    let ends = net.program(on: alice, as: StreamScriptEndpoint.self)?.happenings.map(\.event)
    #expect(ends == [.opened, .closed(.addressGone)])
    let serverEvents = net.program(on: server, as: StreamScriptEndpoint.self)?.happenings
    #expect(serverEvents?.map(\.event) == [.opened])
  }

  @Test("A host that comes back before its lease ends has its address again, and later another")
  func leases() {
    var net = Network(seed: 1)
    var plan = RouterPlan("home", nat: .portRestrictedCone)
    plan.leaseTime = .seconds(100)
    guard let home = try? net.add(plan) else { preconditionFailure("it can be drawn") }
    let alice = net.host("alice", behind: home)
    #expect(net.leaseEnd(of: "10.0.0.2", behind: home) == .seconds(100))
    net.run(until: .seconds(70))
    // It was renewed at 50 seconds.
    #expect(net.leaseEnd(of: "10.0.0.2", behind: home) == .seconds(150))
    net.disconnect(alice)
    net.run(until: .seconds(149))
    // Nobody else gets it before.
    let bob = net.host("bob", behind: home)
    #expect(net.address(of: bob) == "10.0.0.3")
    net.connect(alice, behind: home)
    #expect(net.address(of: alice) == "10.0.0.2")
    net.disconnect(alice)
    #expect(net.leaseEnd(of: "10.0.0.2", behind: home) == .seconds(249))
    net.run(until: .seconds(249))
    #expect(net.leaseEnd(of: "10.0.0.2", behind: home) == nil)
    let carol = net.host("carol", behind: home, at: "10.0.0.2")
    net.connect(alice, behind: home)
    #expect(net.address(of: carol) == "10.0.0.2")
    #expect(net.address(of: alice) == "10.0.0.4")
  }

  @Test("A host stays where it is if it cannot come to where it should")
  func impossible() throws {
    var net = Network(seed: 1)
    let home = net.router("home", nat: .portRestrictedCone)
    let alice = net.host("alice", behind: home)
    let error = try #require(throws: DrawingError.self) {
      try net.tryConnecting(alice, behind: home, at: "192.0.2.1", link: .cable)
    }
    #expect(error == .addressOutside("192.0.2.1", network: "home"))
    #expect(net.address(of: alice) == "10.0.0.2")
  }
}
