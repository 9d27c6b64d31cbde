import ICE
public import Media
import SansIO

/// What goes over the pair once it is selected: a tone either way.
extension Call {
  /// The tone that a side sends: alice's is the lower one.
  public static func tone(of party: Party) -> Tone { Tone(party == .alice ? 440 : 660) }

  /// Lets both sides send their tones to each other, and hear what comes.
  ///
  /// Half a second after the end, what is still on its way has come, or is too late.
  /// - Parameters:
  ///   - playoutDelay: how much later than its first packet each side plays the other's tone.
  ///   - halfway: what happens in the middle of it, such as that one side moves; the tones go on.
  /// - Returns: false if one side has no pair that data may go over; then nothing is sent.
  @discardableResult
  public mutating func talk(
    for duration: Duration, playoutDelay: Duration = .milliseconds(60),
    halfway: (inout Call) -> Void = { _ in }
  ) -> Bool {
    guard startTalking(for: duration, playoutDelay: playoutDelay) else { return false }
    run(for: duration / 2)
    halfway(&self)
    run(for: duration - duration / 2)
    stopTalking()
    run(for: playoutDelay + .milliseconds(500))
    for party in Party.allCases {
      tell(party) { endpoint, now, _ in endpoint.mediaPlayed(until: now) }
    }
    return true
  }

  /// Begins with the tones, and keeps what comes in so much time.
  ///
  /// - Returns: false if one side has no pair that data may go over; then nothing begins.
  mutating func startTalking(for duration: Duration, playoutDelay: Duration) -> Bool {
    guard Party.allCases.allSatisfy({ endpoint(of: $0).agent.pair() != nil }) else { return false }
    for party in Party.allCases {
      var configuration = MediaConfiguration()
      configuration.tone = Self.tone(of: party)
      configuration.playoutDelay = playoutDelay
      configuration.recordLimit = duration + .seconds(1)
      configuration.canonicalName = "\(party)"
      let stream = MediaStream(configuration, from: drawnStart())
      tell(party) { $0.talkStarted(stream, at: $1, using: &$2) }
    }
    return true
  }

  /// Ends the tones; both say goodbye.
  mutating func stopTalking() {
    for party in Party.allCases { tell(party) { $0.talkStopped(at: $1, using: &$2) } }
  }

  /// What a side has heard of the other, and how; nil before they have talked.
  ///
  /// One clock is that of both, so that delays are those of the packets' ways.
  /// - Complexity: O(*n*) in the packets.
  public func figures(of party: Party) -> MediaFigures? {
    endpoint(of: party).media?.figures(clock: endpoint(of: party.other).media?.samplingClock)
  }

  /// The delay of each packet that a side was sent; nil before they have talked.
  public func delayPlot(of party: Party) -> DelayPlot? {
    endpoint(of: party).media?.delayPlot(clock: endpoint(of: party.other).media?.samplingClock)
  }

  /// What a side has played, 8000 samples a second; empty before they have talked.
  public func played(by party: Party) -> [Int16] { endpoint(of: party).media?.played ?? [] }
}
