import Calls
import ICE
import NATTable
import SansIO
import Simulator
import Testing
import TransportAddress

/// Two agents in a simulated network, with servers and a path for their signals.
@Suite struct CallTests {
  private let cone = CallSite.nat("EIM/APDF", .portRestrictedCone)
  private let symmetric = CallSite.nat("APDM/APDF", .symmetric)

  private func expectData(_ call: inout Call, _ text: String) {
    let before = Call.Party.allCases.map { call.endpoint(of: $0).received.count }
    let isSent = [call.send(text + " a", from: .alice), call.send(text + " b", from: .bob)]
    #expect(isSent == [true, true])
    call.run(for: .milliseconds(200))
    let (alice, bob) = (call.endpoint(of: .alice).received, call.endpoint(of: .bob).received)
    #expect(alice.dropFirst(before[0]).map(\.data) == [Array((text + " b").utf8)])
    #expect(bob.dropFirst(before[1]).map(\.data) == [Array((text + " a").utf8)])
  }

  @Test("Two cones meet by the addresses that the STUN server saw, and data goes both ways")
  func cones() throws {
    var call = Call(cone, cone)
    let result = call.connect()
    #expect(result.alice.letters == "SS" && result.bob.letters == "SS")
    #expect(result.route == .serverReflexive)
    expectData(&call, "hello")
  }

  @Test("Two symmetric NATs meet by a relay, and data goes both ways")
  func symmetricNATs() throws {
    var call = Call(symmetric, symmetric)
    let result = call.connect()
    #expect(result.route == .relayed)
    expectData(&call, "hello")
    // Until a channel is bound, and after.
    call.run(for: .seconds(2))
    expectData(&call, "again")
  }

  @Test(
    "From a café, which lets no UDP out, the relay is reached over TCP",
    arguments: [CallSite.place(.home), .place(.cafe), .nat("APDM/APDF", .symmetric)])
  func overTCP(other: CallSite) throws {
    var call = Call(.place(.cafe), other)
    let result = call.connect()
    #expect(result.route == .relayed && result.alice.types?.local == .relayed)
    // The UDP servers are waited for first, and not for long.
    #expect(try #require(result.time) < .seconds(5))
    expectData(&call, "hello")
    // Until a channel is bound, and after: its data are padded in a stream.
    call.run(for: .seconds(2))
    expectData(&call, "again")
    call.run(for: .seconds(1200))
    expectData(&call, "and again")
  }

  @Test("Without any relay a café reaches nobody")
  func cafeAlone() throws {
    var call = Call(.place(.cafe), .place(.home), hasRelay: false)
    #expect(!call.connect().isConnected)
  }

  @Test("Without a relay two symmetric NATs fail, and say why")
  func noRelay() throws {
    var call = Call(symmetric, symmetric, hasRelay: false)
    let result = call.connect()
    #expect(!result.isConnected && result.route == .none)
    #expect(result.alice == .failed(.noPairSucceeded) && result.bob == .failed(.noPairSucceeded))
    let isSent = call.send("hello", from: .alice)
    #expect(!isSent)
  }

  @Test("What the relay's server refuses has failed at once, and nobody waits for it")
  func refused() throws {
    var call = Call(symmetric, symmetric)
    call.run(for: .milliseconds(700))
    let agent = call.endpoint(of: .alice).agent
    let list = agent.checklists.checklists[0]
    let pairs = list.order.filter {
      list[$0]?.local.type == .relayed && list[$0]?.remote.type == .host
    }
    #expect(!pairs.isEmpty)
    for id in pairs { #expect(agent.explanation(of: id) == .failed(.unreachable)) }
  }

  @Test("A call lives on for half an hour: allocations, permissions, channels, consent")
  func long() throws {
    var call = Call(symmetric, symmetric)
    call.isTracing = false
    call.connect()
    for _ in 0..<6 {
      call.run(for: .seconds(300))
      expectData(&call, "still there")
    }
  }

  @Test(
    "Whoever comes to another network, a restart recovers the call",
    arguments: Call.Party.allCases)
  func restart(_ party: Call.Party) throws {
    for site in [cone, symmetric, .place(.mobile), .place(.dataCenter)] {
      var call = Call(cone, cone)
      call.isTracing = false
      let before = call.connect()
      #expect(before.isConnected)
      expectData(&call, "before")
      call.move(party, to: site)
      let after = call.connect()
      #expect(after.isConnected, "\(site)")
      #expect(Call.Party.allCases.allSatisfy { call.endpoint(of: $0).agent.generation == 1 })
      expectData(&call, "after")
    }
  }

  @Test(
    "Signals that are lost and late only make it later", arguments: 1...8 as ClosedRange<UInt64>)
  func lossySignals(seed: UInt64) throws {
    var path = SignalingPath(latency: .milliseconds(30))
    path.loss = 0.3
    path.jitter = .milliseconds(50)
    var call = Call(cone, symmetric, seed: seed, signaling: path)
    call.isTracing = false
    let result = call.connect()
    #expect(result.route == .relayed)
    expectData(&call, "hello")
  }

  @Test("Each candidate that is not trickled makes the call wait for gathering, and no more")
  func trickling() throws {
    let sites: [(CallSite, CallSite)] = [
      (cone, cone), (symmetric, symmetric), (.place(.home), .place(.mobile)),
    ]
    for (first, second) in sites {
      let results = Trickling.allCases.map { trickling in
        var call = Call(first, second, trickling: trickling)
        call.isTracing = false
        return call.connect()
      }
      #expect(Set(results.map(\.route)).count == 1, "\(first), \(second): \(results)")
      let times = try results.map { try #require($0.time) }
      #expect(times[0] < times[1] && times[1] < times[2], "\(first), \(second): \(times)")
    }
  }

  @Test("Without trickle the offer waits for the slowest server, and still connects")
  func slowGathering() throws {
    for trickling in Trickling.allCases {
      // The café's relay is asked over TCP, after two seconds without any answer.
      var call = Call(.place(.cafe), .place(.home), trickling: trickling)
      call.isTracing = false
      let result = call.connect()
      #expect(result.route == .relayed)
      expectData(&call, "hello")
    }
  }

  /// What a side has signaled, message by message.
  private func signals(of name: String, in call: Call) throws -> [String] {
    let trace = call.network.trace
    return trace.events(at: try #require(trace.node(named: name))).compactMap { event in
      guard case .report(let text) = event.kind, text.hasPrefix("signals ") else { return nil }
      return text
    }
  }

  @Test("A whole offer is one message with all candidates and their end")
  func wholeOffer() throws {
    var call = Call(cone, cone, trickling: .half)
    call.connect()
    let own = try signals(of: "alice", in: call)
    #expect(own.count == 1)
    #expect(
      own.first?.hasPrefix("signals offer 0, host 10.0.0.2:5000, srflx ") == true
        && own.first?.hasSuffix(", end of candidates") == true)
    // Bob trickles all the same.
    #expect(try signals(of: "bob", in: call).count > 3)
  }

  @Test(
    "Whoever comes to another network, a restart without trickle recovers the call",
    arguments: Call.Party.allCases, [Trickling.half, .none])
  func restartWithoutTrickle(_ party: Call.Party, trickling: Trickling) throws {
    var call = Call(cone, cone, trickling: trickling)
    call.isTracing = false
    call.connect()
    call.move(party, to: symmetric)
    #expect(call.connect().isConnected)
    #expect(Call.Party.allCases.allSatisfy { call.endpoint(of: $0).agent.generation == 1 })
    expectData(&call, "after")
  }

  @Test("The same seed gives the same trace, another seed another one")
  func seeds() throws {
    func trace(_ seed: UInt64) -> Trace {
      var call = Call(cone, symmetric, seed: seed)
      call.connect()
      return call.network.trace
    }
    #expect(trace(3) == trace(3))
    #expect(trace(3) != trace(4))
  }
}
