import Calls
import ICE
import Media
import NATTable
import SansIO
import Simulator
import Testing

/// Two whose pair is selected, and who send each other a tone.
@Suite struct TalkingTests {
  private static let cone = CallSite.nat("EIM/APDF", .portRestrictedCone)
  private static let symmetric = CallSite.nat("APDM/APDF", .symmetric)

  private func talk(
    _ first: CallSite, _ second: CallSite, link: Link = .line, seed: UInt64 = 1,
    for duration: Duration = .seconds(2), playoutDelay: Duration = .milliseconds(60)
  ) -> Call {
    var call = Call(first, second, seed: seed, link: link)
    call.connect()
    let hasTalked = call.talk(for: duration, playoutDelay: playoutDelay)
    #expect(hasTalked)
    return call
  }

  @Test(
    "Each hears the other's tone, directly and over a relay",
    arguments: [(cone, cone, CallResult.Route.serverReflexive), (symmetric, symmetric, .relayed)])
  func tones(first: CallSite, second: CallSite, route: CallResult.Route) throws {
    let call = talk(first, second)
    #expect(call.result.route == route)
    let alice = try #require(call.figures(of: .alice))
    let bob = try #require(call.figures(of: .bob))
    #expect(bob.tone?.description == "440.0 Hz" && alice.tone?.description == "660.0 Hz")
    for figures in [alice, bob] {
      #expect(figures.receivedCount == 101 && figures.lostCount == 0 && figures.lateCount == 0)
      #expect(figures.jitter == .zero)
    }
    #expect(call.played(by: .bob).count == 101 * 160)
  }

  @Test(
    "Directly a packet takes both lines and both cables; over a relay, those of the relay as well")
  func delays() throws {
    let direct = try #require(talk(Self.cone, Self.cone).figures(of: .bob)?.delay)
    #expect(direct.least == .milliseconds(17) && direct.greatest == .milliseconds(17))
    #expect(!direct.isRelative)
    let relayed = try #require(talk(Self.symmetric, Self.symmetric).figures(of: .bob)?.delay)
    #expect(relayed.mean > direct.mean)
  }

  @Test("The round trip that reports tell is there and back")
  func roundTrip() throws {
    let figures = try #require(talk(Self.cone, Self.cone).figures(of: .alice))
    let roundTrip = try #require(figures.roundTrip)
    #expect(abs((roundTrip - .milliseconds(34)).wholeNanoseconds) < 50_000)
  }

  @Test("What links do to packets stands in the figures and in the picture")
  func faults() throws {
    var line = Link.line
    line.loss = .independent(0.04)
    line.jitter = .milliseconds(30)
    line.duplication = 0.02
    let call = talk(
      Self.cone, Self.cone, link: line, for: .seconds(10), playoutDelay: .milliseconds(10))
    let figures = try #require(call.figures(of: .bob))
    // Both lines lose four in a hundred.
    #expect((0.04...0.12).contains(figures.lossShare))
    #expect(figures.duplicateCount > 5 && figures.lateCount > 0)
    #expect(figures.jitter > .milliseconds(3))
    let delay = try #require(figures.delay)
    #expect(delay.least >= .milliseconds(17) && delay.greatest <= .milliseconds(77))
    #expect(figures.tone?.description == "440.0 Hz")
    let plot = try #require(call.delayPlot(of: .bob))
    #expect(plot.points.count { $0.delay == nil } == figures.lostCount)
    #expect(plot.points.count { $0.isLate } == figures.lateCount)
    // The peer hears of it; copies make up for losses there.
    let report = try #require(call.figures(of: .alice)?.peerReport)
    #expect(report.cumulativeLost > 0 && Int(report.cumulativeLost) <= figures.lostCount)
  }

  @Test("The same seed gives the same call, packet by packet, and another seed another one")
  func determinism() throws {
    var line = Link.line
    line.loss = .independent(0.05)
    line.jitter = .milliseconds(10)
    func once(_ seed: UInt64) -> Call { talk(Self.cone, Self.symmetric, link: line, seed: seed) }
    let (first, second, other) = (once(1), once(1), once(2))
    #expect(first.figures(of: .bob) == second.figures(of: .bob))
    #expect(first.delayPlot(of: .bob) == second.delayPlot(of: .bob))
    #expect(first.network.trace.events == second.network.trace.events)
    #expect(first.delayPlot(of: .bob) != other.delayPlot(of: .bob))
  }

  @Test("Without a pair there is no talk")
  func noPair() {
    var call = Call(Self.symmetric, Self.symmetric, hasRelay: false)
    #expect(call.figures(of: .alice) == nil && call.delayPlot(of: .alice) == nil)
    let hasTalked = call.talk(for: .seconds(1))
    #expect(!hasTalked && call.played(by: .alice).isEmpty)
  }

  @Test("Who loses the network in the middle of it hears no more, and what was heard stands")
  func disconnected() throws {
    var call = Call(Self.cone, Self.cone)
    call.connect()
    call.disconnect(.alice)
    call.talk(for: .seconds(1))
    let figures = try #require(call.figures(of: .bob))
    #expect(figures.receivedCount == 0 && figures.tone == nil && figures.delay == nil)
    #expect(figures.description.hasPrefix("0 of 0 packets came (0.0 % lost)"))
  }

  @Test("In a ladder the packets have their sequence numbers, on the way to a relay, too")
  func ladder() {
    let call = talk(Self.cone, Self.symmetric, for: .milliseconds(60))
    let words = Ladder(call.network.trace).words()
    #expect(words.contains("RTP "))
    let relayed = Ladder(talk(Self.symmetric, Self.symmetric, for: .milliseconds(60)).network.trace)
    #expect(relayed.words().contains("Send RTP ") || relayed.words().contains("0x4000 RTP "))
  }

  @Test("As SVG the picture has a stroke for each packet, its text, and the words")
  func svg() throws {
    var line = Link.line
    line.loss = .independent(0.05)
    let call = talk(Self.cone, Self.cone, link: line)
    let plot = try #require(call.delayPlot(of: .bob))
    let svg = plot.svg()
    let lost = plot.points.count { $0.delay == nil }
    #expect(lost > 0 && svg.contains("\(lost) lost</text>"))
    let paths = svg.split(separator: "\n").filter { $0.hasPrefix("<path") }
    #expect(paths.map { $0.count { $0 == "M" } } == [lost, plot.points.count - lost])
    #expect(svg.contains("<desc>\(plot.points.count) packets in "))
    #expect(svg.contains("prefers-color-scheme:dark"))
    #expect(DelayPlot([], isRelative: true).svg().contains("no packet has come</text>"))
  }

  @Test("If a side moves halfway, its tone goes on after a gap that its numbers show")
  func moved() throws {
    var call = Call(Self.cone, Self.cone)
    call.connect()
    call.talk(for: .seconds(4)) { $0.move(.alice, to: .open) }
    let figures = try #require(call.figures(of: .bob))
    #expect(figures.expectedCount == 201)
    #expect((1...50).contains(figures.lostCount))
    #expect(figures.receivedCount + figures.lostCount == figures.expectedCount)
  }

  @Test("A relay that is far away delays the tone by its link, there and back")
  func farRelay() throws {
    var call = Call(
      Self.symmetric, Self.symmetric, relayLink: Link(latency: .milliseconds(60)))
    call.connect()
    call.talk(for: .seconds(1))
    // 8.5 ms from each home to the Internet.
    #expect(try #require(call.figures(of: .bob)?.delay).mean == .milliseconds(137))
  }
}
