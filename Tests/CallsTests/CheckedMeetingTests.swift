import Calls
import ICE
import NATTable
import SansIO
import Simulator
import Testing

/// Two agents whose lists are exchanged, as the notes show them.
@Suite struct CheckedMeetingTests {
  private func sentCount(_ trace: Trace) -> Int {
    trace.events.count { if case .sent = $0.kind { true } else { false } }
  }

  private func reports(in trace: Trace) -> [String] {
    trace.events.compactMap { if case .report(let text) = $0.kind { text } else { nil } }
  }

  @Test("When it begins, both lists are there or on their way, and no check has been sent")
  func beginning() {
    let call = CheckedMeeting(home: .portRestrictedCone, cabin: .portRestrictedCone)
    for party in Call.Party.allCases {
      #expect(call.candidates(of: party).map(\.type) == [.host, .serverReflexive])
    }
    #expect(!call.checklist(of: .bob).isEmpty)
    #expect(call.checklist(of: .bob).map(\.state).filter { $0 != .waiting } == [])
    #expect(call.messages(receivedBy: .alice).isEmpty)
    #expect(call.trace.events.isEmpty)
  }

  @Test("With a relay both have a candidate more")
  func relay() {
    let call = CheckedMeeting(
      home: .portRestrictedCone, cabin: .portRestrictedCone, hasRelay: true)
    for party in Call.Party.allCases {
      #expect(
        call.candidates(of: party).map(\.type) == [.host, .serverReflexive, .relayed])
    }
  }

  @Test("The first check of all is sent at time zero, and signals are no part of the trace")
  func zero() throws {
    var call = CheckedMeeting(home: .portRestrictedCone, cabin: .portRestrictedCone)
    call.run(until: .milliseconds(119))
    #expect(call.trace.events.first?.time == .zero)
    #expect(sentCount(call.trace) == 7)
    #expect(!reports(in: call.trace).contains { $0.hasPrefix("hears of") })
  }

  @Test("A symmetric box makes a candidate that neither side has gathered")
  func discovered() {
    var call = CheckedMeeting(home: .symmetric, cabin: .restrictedCone)
    call.run(until: .milliseconds(125))
    #expect(call.checklist(of: .bob).contains { $0.remote.type == .peerReflexive })
    #expect(call.validList(of: .alice).map(\.local.type) == [.peerReflexive])
  }

  @Test("Words go over the selected pair, and none after consent has ended")
  func words() {
    var call = CheckedMeeting(home: .portRestrictedCone, cabin: .portRestrictedCone)
    call.run(until: .seconds(1))
    let isSent = call.say("Hello", from: .alice)
    #expect(isSent)
    call.disconnect(.bob)
    call.run(until: .seconds(60))
    let isSentLate = call.say("Hello?", from: .alice)
    #expect(!isSentLate)
    #expect(call.log(of: .alice).contains { $0.contains("sends no more") })
  }

  @Test("Of two that want to control, one does in the end")
  func conflict() {
    for seed in 1...8 as ClosedRange<UInt64> {
      var call = CheckedMeeting(
        home: .portRestrictedCone, cabin: .portRestrictedCone, bothControl: true, seed: seed)
      #expect(call.agent(of: .alice).role == .controlling)
      #expect(call.agent(of: .bob).role == .controlling)
      call.run(until: .seconds(2))
      #expect(Set(Call.Party.allCases.map { call.agent(of: $0).role }).count == 2)
      #expect(call.agent(of: .bob).state == .completed)
    }
  }

  @Test("With another password in his answer her checks are refused, and his succeed")
  func wrongPassword() {
    var call = CheckedMeeting(
      home: .fullCone, cabin: .fullCone, answerPassword: "thePasswordOfLastWeek1")
    call.run(until: .seconds(1))
    #expect(call.log(of: .bob).contains { $0.hasSuffix("sends Binding error 401") })
    #expect(!call.log(of: .alice).contains { $0.contains("error") })
    #expect(call.checklist(of: .bob).contains { $0.state == .succeeded })
    #expect(call.agent(of: .alice).pair() == nil)
  }

  @Test("In another network the call goes on over another pair")
  func moved() {
    var call = CheckedMeeting(home: .portRestrictedCone, cabin: .portRestrictedCone)
    call.run(until: .seconds(1))
    let before = call.agent(of: .alice).pair()
    call.move(.alice, to: .nat("friend", .fullCone))
    call.run(until: .seconds(4))
    let after = call.agent(of: .alice).pair()
    #expect(before != nil && after != nil && before != after)
  }

  @Test("A talk's trace has what was sent in its time, and not the goodbyes")
  func talk() {
    var call = CheckedMeeting(home: .portRestrictedCone, cabin: .portRestrictedCone)
    let hasTalkedEarly = call.talk(for: .milliseconds(10))
    #expect(!hasTalkedEarly, "no pair has worked yet")
    call.run(until: .seconds(1))
    let hasTalked = call.talk(for: .milliseconds(10))
    #expect(hasTalked)
    #expect(sentCount(call.trace) == 2)
  }
}
