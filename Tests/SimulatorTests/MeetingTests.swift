import NATTable
import Router
import SansIO
import Simulator
import Testing
import TransportAddress

@Suite struct MeetingTests {
  @Test("Both know what the server saw, and the ladder leaves out how they asked")
  func asked() {
    var meeting = Meeting(home: .portRestrictedCone, cabin: .portRestrictedCone)
    #expect(meeting.alice == "198.51.100.1:5000")
    #expect(meeting.bob == "198.51.100.2:5000")
    meeting.say("Hello, Bob!", from: .alice, to: meeting.bob)
    meeting.run()
    #expect(meeting.trace.events.first?.time == .zero)
    #expect(meeting.trace.dropReasons == [.router(.table(.filtered))])
    let ladder = Ladder(meeting.trace).text(width: 74)
    #expect(!ladder.contains("Binding"))
    #expect(ladder.contains("╂"), "her mapping is the one by which she asked")
    #expect(!ladder.contains("╋"))
  }

  @Test("The tables of a run begin with the mappings by which both have asked")
  func tables() throws {
    var meeting = Meeting(home: .portRestrictedCone, cabin: .portRestrictedCone)
    meeting.say("Hello, Bob!", from: .alice, to: meeting.bob, after: .seconds(10))
    meeting.run()
    let before = meeting.trace.tables(at: -1)
    #expect(before.map(\.mappings.count) == [1, 1])
    #expect(before[0].mappings[0].outside == meeting.alice)
    #expect(before[0].mappings[0].filters.map(\.scope) == [.endpoint("203.0.113.9:3478")])
    // Five minutes from the answer on, and ten seconds and some have gone by.
    let change = try #require(meeting.trace.nextTableChange(after: -1))
    let cabin = meeting.trace.tables(at: change)[1]
    let left = cabin.time.duration(to: cabin.mappings[0].expires)
    #expect(left > .seconds(289) && left < .seconds(291), "\(left)")
  }

  @Test("A delay counts from the beginning of the run, and each run has a ladder of its own")
  func delays() {
    var meeting = Meeting(home: .portRestrictedCone, cabin: .portRestrictedCone)
    meeting.say("one", from: .alice, to: meeting.bob, after: .milliseconds(50))
    meeting.say("two", from: .bob, to: meeting.alice)
    meeting.run()
    let sent = meeting.trace.events.filter { if case .sent = $0.kind { true } else { false } }
    #expect(sent.map(\.time) == [.zero, .milliseconds(50)])
    meeting.say("three", from: .alice, to: meeting.bob)
    meeting.run()
    let ladder = Ladder(meeting.trace).text(width: 74)
    #expect(ladder.contains("three") && !ladder.contains("two"))
  }

  @Test("What reaches somebody is told by where it came from")
  func senders() {
    var meeting = Meeting(home: .symmetric, cabin: .restrictedCone)
    meeting.say("Hello, Alice!", from: .bob, to: meeting.alice)
    meeting.say("Hello, Bob!", from: .alice, to: meeting.bob, after: .milliseconds(100))
    meeting.run()
    #expect(meeting.senders(heardBy: .alice) == [])
    #expect(meeting.senders(heardBy: .bob) == ["198.51.100.1:5002"])
  }

  @Test("Two firewalls that let in answers only are opened by what goes out")
  func firewalls() {
    var meeting = Meeting(home: .answersOnly, cabin: .answersOnly)
    meeting.say("Hello, Bob!", from: .alice, to: meeting.bob)
    meeting.say("Hello, Alice!", from: .bob, to: meeting.alice, after: .milliseconds(100))
    meeting.run()
    #expect(meeting.trace.dropReasons == [.firewall(.unsolicited)])
    #expect(meeting.senders(heardBy: .alice) == [meeting.bob])
  }

  @Test("Behind the same NAT they reach each other by the outside and by the inside")
  func together() {
    var meeting = Meeting(together: .fullCone)
    #expect(meeting.alice.address == meeting.bob.address)
    meeting.say("by the outside", from: .alice, to: meeting.bob)
    meeting.say("by the inside", from: .alice, to: "10.0.0.3:5000", after: .milliseconds(10))
    meeting.run()
    #expect(meeting.senders(heardBy: .bob) == [meeting.alice, "10.0.0.2:5000"])
  }
}
