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
