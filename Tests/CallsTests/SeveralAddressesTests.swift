import ICE
import NATTable
import SansIO
import Simulator
import Testing
import TransportAddress

@testable import Calls

/// Agents on hosts with several interfaces, and on such whose addresses change.
@Suite struct SeveralAddressesTests {
  /// Alice at home and in a radio cell at once, and Bob in his cabin.
  private struct World {
    var call: Call
    let home: RouterID
    let tower: RouterID
    let alice: HostID
    let radio: InterfaceID
    let cabin: RouterID

    init(
      radioIsOn: Bool = true, trickling: Trickling = .full, restartsWhenLost: Bool = false,
      hasIPv6: Bool = false
    ) {
      var net = Network(seed: 1)
      let servers = CallServers(stun: "203.0.113.9:3478", turn: "203.0.113.10:3478")
      let ipv6: Firewall.Policy? = hasIPv6 ? .answersOnly : nil
      home = net.router("home", nat: .portRestrictedCone, ipv6: ipv6)
      tower = net.router("tower", nat: .cgn, inside: "100.64.0.1")
      alice = net.host("alice", behind: home)
      radio = net.interface("cell", of: alice, behind: tower)
      if !radioIsOn { net.disconnect(radio) }
      cabin = net.router("cabin", nat: .portRestrictedCone, ipv6: ipv6)
      let bob = net.host("bob", behind: cabin)
      net.host("stun", at: "203.0.113.9", running: .stunServer)
      net.host("turn", at: "203.0.113.10", running: .turnServer(for: servers))
      var plan = CallPlan(
        alice: .init(on: alice, asking: servers), bob: .init(on: bob, asking: servers))
      plan.trickling = trickling
      plan.restartsWhenLost = restartsWhenLost
      call = Call(plan, in: net)
    }

    var agent: ICEAgent { call.endpoint(of: .alice).agent }

    /// The address of the interface that Alice's data leaves by.
    var base: IPAddress? { agent.pair()?.base.address }

    func types(from base: IPAddress) -> Set<CandidateType> {
      Set(agent.localCandidates.filter { $0.base.address == base }.map(\.type))
    }

    /// Alice's own messages to Bob that begin so.
    func signals(beginning prefix: String) -> [String] {
      let trace = call.network.trace
      return trace.events(at: alice.node).compactMap { event in
        guard case .report(let text) = event.kind, text.hasPrefix("signals \(prefix)") else {
          return nil
        }
        return text
      }
    }

    mutating func disconnectHome() {
      let alice = alice
      call.changeNetwork { $0.disconnect(alice) }
    }

    mutating func disconnectRadio() {
      let radio = radio
      call.changeNetwork { $0.disconnect(radio) }
    }

    mutating func connectRadio() {
      let (radio, tower) = (radio, tower)
      call.changeNetwork { $0.connect(radio, behind: tower) }
    }

    mutating func expectData(_ text: String) {
      let before = Call.Party.allCases.map { call.endpoint(of: $0).received.count }
      let isSent = [call.send(text + " a", from: .alice), call.send(text + " b", from: .bob)]
      #expect(isSent == [true, true])
      call.run(for: .milliseconds(300))
      let (alice, bob) = (call.endpoint(of: .alice).received, call.endpoint(of: .bob).received)
      #expect(alice.dropFirst(before[0]).map(\.data) == [Array((text + " b").utf8)])
      #expect(bob.dropFirst(before[1]).map(\.data) == [Array((text + " a").utf8)])
    }
  }

  private static let homeAddress: IPAddress = "10.0.0.2"
  private static let radioAddress: IPAddress = "100.64.0.2"

  // MARK: - Gathering

  @Test("A host with two interfaces gathers on both, and prefers that of the default route")
  func both() throws {
    var world = World()
    #expect(world.call.connect().isConnected)
    #expect(world.types(from: Self.homeAddress) == [.host, .serverReflexive])
    #expect(world.types(from: Self.radioAddress) == [.host, .serverReflexive])
    let relayed = world.agent.localCandidates.filter { $0.type == .relayed }
    // Each is seen by the relay as what its own NAT has made of it.
    #expect(
      Set(relayed.compactMap(\.relatedAddress?.address)) == ["198.51.100.1", "198.51.100.2"])
    let hosts = world.agent.localCandidates.filter { $0.type == .host }
    let preferences = try [Self.homeAddress, Self.radioAddress].map { address in
      try #require(hosts.first { $0.base.address == address }).localPreference
    }
    #expect(preferences[0] > preferences[1])
    #expect(world.base == Self.homeAddress)
    world.expectData("hello")
  }

  @Test("However many addresses it gathers on, their end is signaled once, and last")
  func end() {
    var world = World()
    world.call.connect()
    #expect(world.signals(beginning: "end of candidates").count == 1)
    let signals = world.signals(beginning: "")
    #expect(signals.last?.hasPrefix("signals end of candidates") == true)
    #expect(signals.count == 2 + world.agent.localCandidates.count { $0.type != .peerReflexive })
  }

  @Test("Without trickle one message has the candidates of both interfaces")
  func whole() throws {
    var world = World(trickling: .none)
    #expect(world.call.connect().isConnected)
    let offers = world.signals(beginning: "offer")
    #expect(offers.count == 1)
    let offer = try #require(offers.first)
    #expect(offer.contains("host 10.0.0.2:5000") && offer.contains("host 100.64.0.2:5000"))
    #expect(offer.hasSuffix(", end of candidates"))
    world.expectData("hello")
  }

  @Test("The servers are asked from one interface after the other, a Ta apart (RFC 8445 §14.2)")
  func pacing() throws {
    var world = World()
    world.call.run(for: .milliseconds(400))
    let trace = world.call.network.trace
    let servers: Set<IPAddress> = ["203.0.113.9", "203.0.113.10"]
    func firstTimes(_ node: NodeID) -> [Instant] {
      var seen: Set<IPAddress> = []
      return trace.events(at: node).compactMap { event in
        guard case .sent(_, let bytes, _) = event.kind else { return nil }
        let address = IPAddress.v4(IPv4Address(bytes[16], bytes[17], bytes[18], bytes[19]))
        return servers.contains(address) && seen.insert(address).inserted ? event.time : nil
      }
    }
    let times = (firstTimes(world.alice.node) + firstTimes(world.radio.node)).sorted()
    #expect(times.count == 4)
    for (one, next) in zip(times, times.dropFirst()) {
      #expect(one.duration(to: next) >= .milliseconds(50))
    }
  }

  @Test("Two hosts with IPv6 gather that as well, and meet by it without any NAT")
  func ipv6() throws {
    var world = World(hasIPv6: true)
    let result = world.call.connect()
    #expect(
      world.agent.localCandidates.contains {
        $0.type == .host && $0.address.address.family == .ipv6
      })
    #expect(result.isConnected)
    #expect(world.base?.family == .ipv4 || result.alice.types?.local == .host)
    world.expectData("hello")
  }

  // MARK: - Changes

  @Test("When the interface of the pair in use goes, a restart moves the call to the other")
  func failover() {
    var world = World()
    world.call.connect()
    #expect(world.base == Self.homeAddress)
    world.expectData("before")
    world.disconnectHome()
    #expect(world.call.connect().isConnected)
    #expect(world.agent.generation == 1 && world.base == Self.radioAddress)
    #expect(world.types(from: Self.homeAddress).isEmpty)
    world.expectData("after")
  }

  @Test("When an interface goes that the pair in use does not need, the call goes on as it is")
  func unneeded() {
    var world = World()
    world.call.connect()
    world.disconnectRadio()
    world.expectData("at once")
    world.call.run(for: .seconds(60))
    #expect(world.agent.generation == 0 && world.base == Self.homeAddress)
    world.expectData("a minute later")
  }

  @Test("An interface that comes to a call is gathered on by a restart, and data goes on meanwhile")
  func comes() {
    var world = World(radioIsOn: false)
    world.call.connect()
    #expect(world.types(from: Self.radioAddress).isEmpty)
    world.connectRadio()
    world.expectData("meanwhile")
    #expect(world.call.connect().isConnected)
    #expect(world.agent.generation == 1)
    #expect(world.types(from: Self.radioAddress).contains(.host))
    world.expectData("after")
  }

  @Test(
    "An interface that comes while candidates are gathered needs no restart",
    arguments: [Trickling.full, .none])
  func comesEarly(trickling: Trickling) {
    var world = World(radioIsOn: false, trickling: trickling)
    world.call.run(for: .milliseconds(5))
    world.connectRadio()
    #expect(world.call.connect().isConnected)
    #expect(world.agent.generation == 0)
    #expect(world.types(from: Self.radioAddress).isSuperset(of: [.host, .serverReflexive]))
    #expect(world.signals(beginning: "offer").count == 1)
  }

  @Test(
    "An interface that goes while candidates are gathered or checked leaves the other's pairs",
    arguments: [5, 30, 70, 120, 170], [Trickling.full, .none])
  func goesEarly(milliseconds: Int64, trickling: Trickling) {
    var world = World(trickling: trickling)
    world.call.run(for: .milliseconds(milliseconds))
    world.disconnectHome()
    #expect(world.call.connect().isConnected)
    #expect(world.base == Self.radioAddress)
    world.expectData("after")
  }

  @Test("A host that has lost all its interfaces restarts when it has one again")
  func allGone() {
    var world = World()
    world.call.connect()
    world.disconnectHome()
    world.disconnectRadio()
    world.call.run(for: .seconds(1))
    let isSent = world.call.send("nowhere", from: .alice)
    #expect(isSent)
    world.connectRadio()
    #expect(world.call.connect().isConnected)
    #expect(world.base == Self.radioAddress)
    world.expectData("after")
  }

  // MARK: - Consent

  @Test(
    "When both NATs are renumbered, consent expires; who restarts then, recovers the call",
    arguments: [true, false])
  func renumbered(restartsWhenLost: Bool) throws {
    var world = World(radioIsOn: false, restartsWhenLost: restartsWhenLost)
    world.call.connect()
    let (home, cabin) = (world.home, world.cabin)
    try world.call.changeNetwork { net in
      try net.renumber(home, to: ["198.51.100.11"])
      try net.renumber(cabin, to: ["198.51.100.12"])
    }
    world.call.run(for: .seconds(90))
    #expect(world.call.result.isConnected == restartsWhenLost)
    #expect((world.agent.generation > 0) == restartsWhenLost)
    if restartsWhenLost {
      #expect(
        Call.Party.allCases.map { world.call.endpoint(of: $0).agent.generation }
          == [world.agent.generation, world.agent.generation])
      world.expectData("after")
    }
  }
}
