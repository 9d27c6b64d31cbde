import ICE
import NATTable
import SansIO
import Simulator
import Testing
import TransportAddress

@testable import Calls

/// Calls in a network that is drawn already, with signals that are altered on their way.
@Suite struct CallPlanTests {
  /// Two homes and a relay.
  private func call(
    refusesItself: Bool = false, firewall: Firewall.Policy = .open,
    altering alteration: CallPlan.Alteration? = nil
  ) -> Call {
    var network = Network(seed: 1)
    let servers = CallServers(
      stun: "203.0.113.9:3478", turn: "203.0.113.10:3478", turnStream: "203.0.113.10:443")
    let home = network.router("home", nat: .portRestrictedCone, firewall: firewall)
    let cabin = network.router("cabin", nat: .portRestrictedCone, firewall: firewall)
    let alice = network.host("alice", behind: home)
    let bob = network.host("bob", behind: cabin)
    network.host("stun", at: "203.0.113.9", running: .stunServer)
    network.host(
      "turn", at: "203.0.113.10",
      running: TURNServerEndpoint(
        passwords: [servers.username: servers.password], refusesItself: refusesItself))
    var plan = CallPlan(
      alice: .init(on: alice, asking: servers), bob: .init(on: bob, asking: servers))
    plan.alteration = alteration
    return Call(plan, in: network)
  }

  @Test("A plan that alters nothing makes the call that two sites make")
  func same() {
    var planned = call()
    var drawn = Call(.nat("home", .portRestrictedCone), .nat("cabin", .portRestrictedCone))
    let results = (planned.connect(), drawn.connect())
    #expect(results.0.isConnected && results.0 == results.1)
    #expect(planned.network.trace.events == drawn.network.trace.events)
  }

  @Test("A signal that is lost is not heard of, and has no time of arrival")
  func lost() {
    var call = call { sender, signal, _ in
      if sender == .bob, case .candidate = signal { nil } else { signal }
    }
    call.connect()
    #expect(!call.result.isConnected)
    let candidates = call.signalLadder.signals.filter {
      if case .candidate = $0.signal { true } else { false }
    }
    #expect(candidates.allSatisfy { ($0.arrival == nil) == ($0.sender == .bob) })
    #expect(Set(candidates.map(\.sender)) == [.alice, .bob])
    let heard = call.signals(heardBy: .alice)
    #expect(heard.contains { if case .endOfCandidates = $0 { true } else { false } })
    #expect(!heard.contains { if case .candidate = $0 { true } else { false } })
  }

  @Test("The picture of the signals has a cross where one was lost")
  func cross() throws {
    let fragment = "abcd"
    for (sender, mark) in [(Call.Party.alice, "─✗│    lost"), (.bob, "    lost    │✗─")] {
      let ladder = SignalLadder([
        SentSignal(
          sender: sender, signal: .endOfCandidates(usernameFragment: fragment), time: .zero,
          arrival: nil)
      ])
      #expect("\(ladder)".contains(mark), "\(ladder)")
    }
  }

  @Test("An alteration is given what was sent before, and what it returns is heard")
  func altered() {
    var call = call { sender, signal, sent in
      guard sender == .bob, case .answer(let number, _) = signal else { return signal }
      guard case .offer(_, let description)? = sent.first?.signal else { return nil }
      return .answer(number, description)
    }
    call.run(for: .milliseconds(200))
    guard case .answer(_, let heard)? = call.signals(heardBy: .alice).first else {
      Issue.record("alice has heard no answer")
      return
    }
    #expect(heard.credentials == call.endpoint(of: .alice).agent.credentials)
  }

  @Test("Two who have the relay alone cannot meet there if it refuses itself as a peer")
  func refusal() {
    var meeting = call(firewall: .webOnly)
    meeting.connect()
    #expect(meeting.result.route == .relayed)
    var refused = call(refusesItself: true, firewall: .webOnly)
    refused.connect()
    #expect(!refused.result.isConnected)
  }

  @Test("Bytes that are no text are data, too")
  func bytes() {
    var call = call()
    call.connect()
    let isSent = call.send([0x80, 0, 0xFF], from: .alice)
    #expect(isSent)
    call.run(for: .seconds(1))
    #expect(call.endpoint(of: .bob).received.map(\.data) == [[0x80, 0, 0xFF]])
  }
}
