import NATTable
import Simulator
import Terminal
import TransportAddress

@testable import PacketStepper

extension Trace {
  /// Alice asks a STUN server from behind a home router.
  static var question: Trace {
    var net = Network(seed: 1)
    let home = net.router("home", nat: .portRestrictedCone)
    net.host("alice", behind: home, running: .stunClient(of: "203.0.113.9:3478"))
    net.host("stun.example", at: "203.0.113.9", running: .stunServer)
    net.run()
    return net.trace
  }

  /// Alice asks a server to which the link is gone, so that the request is sent again.
  static var unanswered: Trace {
    var net = Network(seed: 1)
    var link = Link.cable
    link.loss = .independent(1)
    let home = net.router("home", nat: .portRestrictedCone)
    net.host("alice", behind: home, running: .stunClient(of: "203.0.113.9:3478"))
    net.host("stun.example", at: "203.0.113.9", link: link, running: .stunServer)
    net.run()
    return net.trace
  }

  /// Two hosts behind symmetric NATs, who do not reach each other.
  static var punching: Trace {
    var scenario = HolePunching(.symmetric, .symmetric)
    _ = scenario.run()
    return scenario.network.trace
  }
}

extension PacketStepper {
  static func on(
    _ trace: Trace, rows: Int = 24, columns: Int = 80, unicode: Bool = true, colour: Bool = false
  ) -> PacketStepper {
    PacketStepper(
      trace,
      presentation: Presentation(
        colour: colour, emphasis: colour, plain: false, unicode: unicode, width: columns),
      rows: rows)
  }

  /// Presses keys; characters of a text one by one.
  mutating func press(_ keys: TerminalKey...) {
    for key in keys { _ = pressed(key) }
  }

  mutating func type(_ text: String) {
    for character in text { _ = pressed(.character(character)) }
  }

  /// The screen without styles.
  var screen: String { frame.lines.map(\.text).joined(separator: "\n") }

  /// The line at the bottom.
  var foot: String { frame.lines.last?.text ?? "" }
}
