import FoundationEssentials
import Lessons
import NATTable
import Simulator
import Terminal
import TestSupport
import Testing
import TransportAddress

@testable import PacketStepper

/// What the front page shows of the stepper must be what it shows.
@Suite struct ReadmePictureTests {
  static let picture = Program.workspace.root + "/docs/stepper.svg"

  /// The network of the example `server-loss`, whose packets the picture shows.
  private static var trace: Trace {
    var bad = Link.line
    bad.loss = .independent(0.5)
    var net = Network(seed: 6)
    let home = net.router("home", nat: .portRestrictedCone, link: bad)
    net.host("stun.example", at: "203.0.113.9", running: .stunServer)
    net.host("alice", behind: home)
    net.run(.stunClient(of: "203.0.113.9:3478"), on: "alice")
    net.run()
    return net.trace
  }

  @Test("The picture in the README is a screen of the stepper; RECORD_GOLDEN=1 draws it anew")
  func picture() throws {
    var stepper = PacketStepper.on(Self.trace, colour: true)
    for key in Self.keys { stepper.press(.character(key)) }
    let svg = SVGPicture.svg(
      of: stepper.frame.lines,
      label: "The packet stepper: a request goes through a NAT, whose new mapping is marked")
    if processEnvironment()["RECORD_GOLDEN"] == "1" {
      try Data(svg.utf8).write(to: URL(filePath: Self.picture))
    }
    #expect(
      try svg == String(decoding: Data(contentsOf: URL(filePath: Self.picture)), as: UTF8.self))
  }

  /// The keys that lead there; `StepCommandTests` presses them in a real terminal.
  private static let keys: [Character] = ["t"]
}
