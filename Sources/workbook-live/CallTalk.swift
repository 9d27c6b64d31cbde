import CommandOptions
import Media
import ProgramSupport
import SansIO

/// The tone of `call`, from the selected pair to the figures.
///
/// ```
///              selected             --seconds, Ctrl-C,          it has said so too,
///   waiting ─────────────▶ talking ─ or the other has left ──▶ ending ─ or 1 s ──▶ over
///                             └────────────── consent lost ─────────────────────────┘
/// ```
struct CallTalk {
  /// How long is waited for the other to say goodbye, and for its last packets.
  private static let patience: Duration = .seconds(1)
  /// How often the live line is drawn.
  private static let lineInterval: Duration = .milliseconds(250)

  private enum Phase {
    /// Can transition to `talking` and to `over`.
    case waiting
    /// Can transition to `ending` and to `over`.
    case talking(since: Instant, until: Instant)
    /// Can transition to itself with an earlier end, and to `over`.
    case ending(until: Instant)
    /// Final.
    case over
  }

  private var stream: MediaStream
  private var phase = Phase.waiting
  private var generator = SystemRandomNumberGenerator()
  private let seconds: Int
  private let wav: String?
  private var nextLine: Instant?
  /// Whether a signal has ended it.
  private(set) var isStopped = false
  /// Whether the other has gone without a word.
  private var isLost = false

  init(_ arguments: CallArguments) {
    seconds = arguments.seconds
    wav = arguments.wav
    var configuration = MediaConfiguration()
    configuration.tone = Tone(arguments.connection.side == .offer ? 440 : 660)
    // The other may begin earlier and end later.
    configuration.recordLimit = .seconds(arguments.seconds + 5)
    // It says nothing about this machine, and is another one in each call (RFC 7022 §4.2).
    configuration.canonicalName = String(UInt64.random(in: .min ... .max), radix: 36)
    stream = MediaStream(configuration, from: RTPStart(using: &generator))
  }

  /// Whether there is nothing more to send or to wait for.
  var isOver: Bool { if case .over = phase { true } else { false } }

  /// When `timerFired` is to be called; nil for never.
  var nextDeadline: Instant? {
    let end: Instant? =
      switch phase {
      case .talking(_, let end), .ending(let end): end
      case .waiting, .over: nil
      }
    return [stream.nextDeadline, end, nextLine].compactMap(\.self).min()
  }

  // MARK: - Events

  /// There is a pair.
  mutating func started(at now: Instant) {
    stream.started(at: now, using: &generator)
    phase = .talking(since: now, until: now.advanced(by: .seconds(seconds)))
    nextLine = now
    endIfOtherHas(at: now)
  }

  /// Data of the other's has come, perhaps before this side has a pair.
  mutating func received(_ datagram: [UInt8], at now: Instant) {
    stream.received(datagram.span, at: now)
    endIfOtherHas(at: now)
  }

  /// The deadline has come.
  mutating func timerFired(at now: Instant) {
    if let due = stream.nextDeadline, due <= now { stream.timerFired(at: now, using: &generator) }
    switch phase {
    case .talking(_, let end) where end <= now: self.end(at: now)
    case .ending(let end) where end <= now: finish(at: now)
    default: break
    }
  }

  /// A signal ends it.
  mutating func stopped(at now: Instant) {
    isStopped = true
    if case .talking = phase { end(at: now) }
  }

  /// The other is not there any more.
  mutating func lost(at now: Instant) {
    isLost = true
    finish(at: now)
  }

  private mutating func end(at now: Instant) {
    stream.stopped(at: now)
    (phase, nextLine) = (.ending(until: now.advanced(by: Self.patience)), nil)
    endIfOtherHas(at: now)
  }

  private mutating func endIfOtherHas(at now: Instant) {
    guard stream.hasPeerLeft else { return }
    switch phase {
    case .talking: end(at: now)
    // What it sent before its goodbye may come after it.
    case .ending(let end):
      phase = .ending(until: min(end, now.advanced(by: stream.configuration.playoutDelay)))
    case .waiting, .over: break
    }
  }

  private mutating func finish(at now: Instant) {
    stream.played(until: now.advanced(by: stream.configuration.playoutDelay))
    (phase, nextLine) = (.over, nil)
  }

  /// Writes the next packet that is to be sent; false if there is none.
  mutating func nextPacket(into packet: inout [UInt8]) -> Bool { stream.nextPacket(into: &packet) }

  // MARK: - What is shown

  /// Draws the live line anew if it is time.
  mutating func show(on page: ConnectPage, at now: Instant) {
    guard let due = nextLine, due <= now, case .talking(let start, _) = phase else { return }
    nextLine = now.advanced(by: Self.lineInterval)
    let passed = start.duration(to: now).wholeNanoseconds / 1_000_000_000
    page.showLine("\(passed) of \(seconds) s: \(stream.progressWords)")
  }

  /// Prints how it went, and writes the file.
  ///
  /// - Returns: whether it went as it should: the other was heard, and has not been lost.
  /// - Throws: `WorkbookError.notWritten` where the file cannot be written.
  func finish(on page: ConnectPage) throws(WorkbookError) -> Bool {
    page.showLine(nil)
    let figures = stream.figures()
    page.show(figures, stream.delayPlot(), sending: stream.configuration.tone)
    if figures.receivedCount == 0, !isLost, !isStopped { page.nothingHeard() }
    if let wav { try writeFile(wav, WAV.bytes(stream.played)) }
    return figures.receivedCount > 0 && !isLost
  }
}
