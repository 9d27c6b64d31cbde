import ICE
import NATTable
import SansIO
import Simulator
import Testing

@testable import Calls

/// What two agents tell each other, as a picture.
@Suite struct SignalLadderTests {
  private func ladder(_ trickling: Trickling) -> SignalLadder {
    var call = Call(
      .nat("home", .portRestrictedCone), .nat("cabin", .portRestrictedCone), trickling: trickling)
    call.run(for: .milliseconds(400))
    return call.signalLadder
  }

  @Test("Each signal arrives a signaling path's latency after it was sent")
  func times() {
    let signals = ladder(.full).signals
    #expect(signals.count == 10)
    #expect(signals.allSatisfy { $0.arrival == $0.time.advanced(by: .milliseconds(40)) })
    #expect(signals.map(\.time) == signals.map(\.time).sorted())
    #expect(signals.first.map(\.sender) == .alice)
  }

  @Test("The picture has the time of alice on the left and that of bob on the right")
  func picture() throws {
    let lines = "\(ladder(.full))".split(separator: "\n").map(String.init)
    #expect(lines.count == 11)
    #expect(lines[0].hasSuffix("bob"))
    let offer = try #require(lines.first { $0.contains("offer 0") })
    #expect(offer.contains("    0 ms    ├─ offer 0 ──") && offer.hasSuffix("──▶│   40 ms"))
    let answer = try #require(lines.first { $0.contains("answer 0") })
    #expect(answer.contains("   80 ms    │◀──") && answer.hasSuffix("── answer 0 ─┤   40 ms"))
    #expect(lines.allSatisfy { $0.count <= 74 })
    #expect(Set(lines.dropFirst().map(\.count)).count == 1)
  }

  @Test("One message with all candidates has a line for each above its arrow")
  func whole() throws {
    let text = "\(ladder(.none))"
    let lines = text.split(separator: "\n")
    #expect(lines.count == 11)
    #expect(lines.count { $0.contains("▶") || $0.contains("◀") } == 2)
    #expect(lines[1].contains("│   offer 0 "))
  }

  @Test("A signal that is longer than the arrow makes its line longer")
  func longName() throws {
    let name = "1f4712db-ea17-4bcf-a596-105139dfd8bf.local"
    let candidate = try CandidateAttribute(
      parsing: "candidate:1 1 udp 2113937151 \(name) 51472 typ host")
    let signal = Signal.candidate(candidate, usernameFragment: "lJVm")
    for sender in [Call.Party.alice, .bob] {
      let ladder = SignalLadder([
        SentSignal(sender: sender, signal: signal, time: .zero, arrival: .zero)
      ])
      #expect("\(ladder)".contains("\(name) 51472 typ host ─"))
    }
  }

  @Test("A call that is not traced keeps no signals")
  func untraced() {
    var call = Call(.open, .open)
    call.isTracing = false
    call.connect()
    #expect(call.signalLadder.signals.isEmpty)
  }
}
