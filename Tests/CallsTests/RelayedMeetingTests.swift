import Calls
import NATTable
import SansIO
import Simulator
import TURN
import Testing
import TransportAddress

/// Two who send over a relay when they are told.
@Suite struct RelayedMeetingTests {
  private func reports(in trace: Trace) -> [String] {
    trace.events.compactMap { event in
      if case .report(let text) = event.kind { text } else { nil }
    }
  }

  @Test("Two who cannot meet hear each other over a relay that one of them rents")
  func oneRents() {
    var call = RelayedMeeting(home: .symmetric, cabin: .portRestrictedCone)
    call.say("Hello, Alice!", from: .bob, to: call.alice)
    call.say("Hello, Bob!", from: .alice, to: call.bob, after: .seconds(1))
    call.run()
    #expect(call.heard(by: .alice).map(\.words) == ["Hello, Alice!"])
    #expect(call.heard(by: .alice).map(\.source) == [call.bob])
    #expect(call.heard(by: .bob).map(\.words) == ["Hello, Bob!"])
    #expect(call.heard(by: .bob).map(\.source) == [call.alice])
    #expect(call.alice.address == RelayedMeeting.server.address)
  }

  @Test("Before Bob has sent to the relay, his box drops what comes from there")
  func punching() {
    var call = RelayedMeeting(home: .symmetric, cabin: .portRestrictedCone)
    call.say("Hello, Bob!", from: .alice, to: call.bob)
    call.run()
    #expect(call.heard(by: .bob).isEmpty)
  }

  @Test("Two symmetric boxes hear each other at relayed addresses if both rent")
  func bothRent() {
    var call = RelayedMeeting(home: .symmetric, cabin: .symmetric, renters: .both)
    call.say("Hello, Alice!", from: .bob, to: call.alice)
    call.say("Hello, Bob!", from: .alice, to: call.bob)
    call.run()
    #expect(call.heard(by: .alice).map(\.source) == [call.bob])
    #expect(call.heard(by: .bob).map(\.source) == [call.alice])
    #expect(call.alice != call.bob)
    #expect(call.bob.address == RelayedMeeting.server.address)
  }

  @Test("The relay notes why it drops a stranger's packet")
  func stranger() {
    var call = RelayedMeeting(home: .symmetric, cabin: .portRestrictedCone)
    let trace = call.stranger(at: "192.0.2.66", saying: "Buy!")
    #expect(call.heard(by: .alice).isEmpty)
    #expect(reports(in: trace) == ["dropped: the peer has no permission (RFC 8656 §9)"])
  }

  @Test("A ladder shows what is in the envelopes and behind a channel number")
  func envelopes() {
    var call = RelayedMeeting(
      home: .symmetric, cabin: .fullCone, options: .init(bindsChannels: true))
    for words in ["one", "two"] {
      call.say(words, from: .alice, to: call.bob)
      call.run()
      call.say("and " + words, from: .bob, to: call.alice)
      let before = Ladder(call.trace).words()
      #expect(before.contains(words == "one" ? "sends Send \"one\"" : "sends 0x4000 \"two\""))
      call.run()
      #expect(Ladder(call.trace).words().contains("relay sends 0x4000 \"and \(words)\""))
    }
  }

  @Test("What a peer says without a channel comes in a Data indication")
  func dataIndication() {
    var call = RelayedMeeting(home: .symmetric, cabin: .fullCone)
    call.say("Hello, Alice!", from: .bob, to: call.alice)
    call.run()
    #expect(Ladder(call.trace).words().contains("relay sends Data \"Hello, Alice!\""))
  }

  @Test("An allocation and its permission are kept for an hour without a word")
  func kept() {
    var call = RelayedMeeting(home: .symmetric, cabin: .fullCone)
    call.run(for: .seconds(3600))
    call.say("Still there?", from: .bob, to: call.alice)
    call.run()
    #expect(call.heard(by: .alice).map(\.words) == ["Still there?"])
  }

  @Test("A word takes as long as its way over the relay")
  func delay() throws {
    var call = RelayedMeeting(
      home: .symmetric, cabin: .fullCone, relayLatency: .milliseconds(60))
    call.say("Hello, Alice!", from: .bob, to: call.alice, after: .seconds(1))
    call.run()
    let heard = try #require(call.heard(by: .alice).first)
    // Twice the relay's link, and both houses' lines.
    #expect(heard.time > .milliseconds(1120) && heard.time < .milliseconds(1180))
  }

  @Test("Renting takes two requests, and what is renewed has its second")
  func requests() {
    var call = RelayedMeeting(home: .symmetric, cabin: .portRestrictedCone)
    let renting = Ladder(call.renting).words()
    #expect(renting.split(separator: "\n").count == 4)
    #expect(renting.contains("Allocate error 401"))
    #expect(renting.contains("Allocate success \(call.alice)"))
    let requests = call.requests(by: .alice, in: .seconds(800))
    #expect(
      requests == [
        "240 s: CreatePermission", "480 s: CreatePermission", "540 s: Refresh",
        "720 s: CreatePermission", "720 s: CreatePermission",
      ])
  }

  @Test("An envelope costs 36 bytes, a channel 4")
  func overhead() {
    for count in [0, 4, 172] {
      #expect(RelayedMeeting.overhead(ofDataWith: count, isBound: false) == 36)
      #expect(RelayedMeeting.overhead(ofDataWith: count, isBound: true) == 4)
    }
  }

  @Test("A client with a wrong password says that it has no allocation")
  func wrongPassword() throws {
    var network = Network(seed: 1)
    network.host(
      "relay", at: "203.0.113.20", running: .turnServer(passwords: ["alice": "secret"]))
    let alice = network.host(
      "alice", running: .turnClient(of: "203.0.113.20:3478", "alice", password: "guess"))
    network.run()
    #expect(reports(in: network.trace) == ["no allocation: 401 Unauthenticated"])
    let client = try #require(network.program(on: alice, as: TURNClientEndpoint.self))
    #expect(client.relayed == nil)
  }
}
