import Calls
import ICE
import STUN
import SansIO
import Simulator
import Testing
import TransportAddress

/// Media while its path moves from one pair to another.
@Suite(.report("I35", "asterisk/asterisk 1955")) struct MovingPathTests {
  /// Lines that lose so much that the relay is often nominated before the direct way has worked.
  private var poorLine: Link {
    var line = Link.line
    line.loss = .independent(0.2)
    return line
  }

  @Test("What comes by either pair is media, before, while and after the path moves")
  func everyPair() throws {
    var configuration = ICEConfiguration()
    configuration.renominates = true
    var moved = 0
    for seed in 1...16 as ClosedRange<UInt64> {
      var call = Call(.cone, .cone, seed: seed, configuration: configuration, link: poorLine)
      call.isTracing = false
      call.connect()
      guard call.result.route == .relayed else { continue }
      // Each side sends by the pair that it has selected itself, at a time of its own.
      for number in 0..<400 {
        call.send("\(number)", from: .alice)
        call.send("\(number)", from: .bob)
        call.run(for: .milliseconds(20))
      }
      guard call.result.route != .relayed else { continue }
      moved += 1
      for party in Call.Party.allCases {
        let agent = call.endpoint(of: party).agent
        // Nothing that came was refused as coming by a pair that is not selected.
        #expect(agent.drops[.unknownBase] == 0)
        let words = call.words(to: party).compactMap { Int($0) }
        #expect(Set(words).count == words.count)
        // Two lines lose a third, whichever way it is.
        #expect(words.count > 150, "seed \(seed), \(party): \(words.count)")
      }
    }
    #expect(moved > 0)
  }
}
