import ICE
import Media
import SansIO
import TransportAddress

/// A tone over the pair in use.
extension AgentEndpoint {
  /// Begins to talk; what an earlier talk has brought is forgotten.
  mutating func talkStarted(
    _ stream: MediaStream, at now: Instant, using generator: inout SeededGenerator
  ) {
    media = stream
    media?.started(at: now, using: &generator)
    sendMedia(at: now, using: &generator)
  }

  /// Says goodbye; what is still on its way is taken.
  mutating func talkStopped(at now: Instant, using generator: inout SeededGenerator) {
    media?.stopped(at: now)
    sendMedia(at: now, using: &generator)
  }

  /// Plays what has come, after the other has stopped.
  mutating func mediaPlayed(until now: Instant) { media?.played(until: now) }

  mutating func mediaTimerFired(at now: Instant, using generator: inout SeededGenerator) {
    guard let due = media?.nextDeadline, due <= now else { return }
    media?.timerFired(at: now, using: &generator)
    sendMedia(at: now, using: &generator)
  }

  private mutating func sendMedia(at now: Instant, using generator: inout SeededGenerator) {
    var packet: [UInt8] = []
    while media?.nextPacket(into: &packet) == true {
      // Without a pair it is as lost as on the way.
      guard let pair = agent.pair() else { continue }
      send(packet, from: pair.base, to: pair.remote.address, at: now, using: &generator)
    }
    settle(at: now, using: &generator)
  }
}
