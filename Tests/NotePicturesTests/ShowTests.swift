import Media
import NATTable
import Simulator
import Testing
import TransportAddress

@testable import NotePictures

@Suite struct ShowTests {
  /// Alice calls a server from behind a home router.
  static var call: Network {
    var net = Network(seed: 1)
    let home = net.router("home", nat: .portRestrictedCone)
    net.host("alice", behind: home, running: .call("Hello!", to: "203.0.113.9:3478"))
    net.host("stun.example", at: "203.0.113.9", running: .waiting(toSay: "Hi!", at: 3478))
    net.run()
    return net
  }

  @Test("A ladder's text is as wide as a page of the notes, and narrower ones fit narrower pages")
  func ladder() {
    let drawing = Drawing.ladder(Ladder(Self.call.trace))
    #expect(drawing.text == Ladder(Self.call.trace).text(width: 74))
    #expect(drawing.narrower.count == 4)
    for (text, width) in zip(drawing.narrower, [66, 58, 50, 42]) {
      let widest = text.split(separator: "\n").map(\.count).max() ?? 0
      #expect(widest <= width && widest > width - 20)
      #expect(text.contains("├") || text.contains("▶"))
    }
    #expect(drawing.words?.hasPrefix("0.0 ms: alice sends \"Hello!\" from") == true)
    #expect(drawing.svg.hasPrefix("<svg "))
  }

  @Test("A ladder that fits no narrower page has none, for the words serve there")
  func wide() {
    var net = Network(seed: 1)
    for number in 1...6 {
      let home = net.router("home-\(number)", nat: .portRestrictedCone)
      net.host("host-\(number)", behind: home, running: .call("Hi!", to: "203.0.113.9:3478"))
    }
    net.run()
    #expect(Drawing.ladder(Ladder(net.trace)).narrower == [])
  }

  @Test("A map tells nothing of how NATs behave, in any of its forms")
  func map() {
    let drawing = Drawing.map(Topology(Self.call.trace))
    #expect(drawing.text == Topology(Self.call.trace).text(showingBehavior: false))
    #expect(drawing.words?.contains("alice is a host behind home at 10.0.0.2.") == true)
    for form in [drawing.text, drawing.words ?? "", drawing.svg] {
      #expect(!form.contains("filtering"))
    }
  }

  @Test("A plot of delays is as wide as a page or narrower, and has nothing to step through")
  func plot() {
    let plot = DelayPlot(
      (0..<100).map { .init(delay: .milliseconds(20 + $0 % 3), isLate: false) }, isRelative: false)
    let drawing = Drawing.plot(plot)
    #expect(drawing.text == plot.text(width: 74) && drawing.words == plot.words())
    for (text, width) in zip(drawing.narrower, [66, 58, 50, 42]) {
      #expect(text.split(separator: "\n").map(\.count).max() == width)
    }
    #expect(drawing.svg.hasPrefix("<svg ") && drawing.trace == nil)
  }

  @Test("A table is its own words, and keeps its columns")
  func tables() {
    let drawing = Drawing.tables(TablePage(Self.call.trace))
    #expect(drawing.words == nil)
    #expect(drawing.narrower == [])
    #expect(drawing.text.contains("10.0.0.2:5000"))
  }

  @Test("Whoever runs an example gets the traces that it shows, but for what is muted")
  func kept() throws {
    struct Broken: Error {}
    let net = Self.call
    var before = Network(seed: 1)
    before.host("alice")
    let traces = ShownTraces.of { mute in
      mute(true)
      show(before)
      mute(false)
      show(net)
      show(Topology(net.trace))
    }
    #expect(traces == [net.trace, net.trace])
    #expect(throws: Broken.self) { try ShownTraces.of { _ in throw Broken() } }
    let none = ShownTraces.of { _ in }
    #expect(none == [])
  }
}
