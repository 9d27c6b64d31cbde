import CommandOptions
import Media
import SansIO
import Terminal

/// What `call` prints beyond what `connect` does.
extension ConnectPage {
  /// Draws the live line anew, where that is possible; nil takes it away.
  func showLine(_ text: String?) {
    guard isRedrawn, text != nil || hasLiveLine else { return }
    messages.raw("\r\u{1B}[K")
    hasLiveLine = text != nil
    // A line that is wrapped could not be taken away again.
    if let text { messages.raw(String(text.prefix(max(20, messages.presentation.width - 1)))) }
    messages.flush()
  }

  /// How it went: figures and plot, which is told in words where nothing can be drawn.
  func show(_ figures: MediaFigures, _ plot: DelayPlot, sending tone: Tone) {
    guard !isJSON else {
      output.jsonLine(CallLine(figures, sending: tone))
      output.flush()
      return
    }
    let presentation = output.presentation
    let sent = "sent \(tone.frequency) Hz in \(figures.sentCount) packets, \(figures.toneWords)"
    for line in [sent, figures.packetWords, figures.delayWords] {
      output.lines(StyledText(line).wrapped(to: presentation.proseWidth))
    }
    output.line()
    if presentation.plain || !presentation.unicode {
      for line in plot.words().split(separator: "\n") {
        output.lines(StyledText(String(line)).wrapped(to: presentation.proseWidth))
      }
    } else {
      for line in plot.text(width: min(80, presentation.width)).split(separator: "\n") {
        output.line(StyledText(String(line)))
      }
    }
    output.flush()
  }
}

/// The line of `call --json` that says how it went.
struct CallLine: Encodable {
  let event = "figures"
  /// The tones, in hertz: what was sent, and what was heard.
  let sentFrequency: Int
  let heardFrequency: Double?
  let sent, received, expected, lost, duplicates, reordered, late: Int
  /// In seconds, as all that follows.
  let jitter: Double
  let roundTrip: Double?
  let meanDelay: Double?
  let greatestDelay: Double?
  /// How many of this side's packets the other says that it has lost.
  let lostThere: Int?

  init(_ figures: MediaFigures, sending tone: Tone) {
    func seconds(_ duration: Duration) -> Double { Double(duration.wholeNanoseconds) / 1e9 }
    sentFrequency = tone.frequency
    heardFrequency = figures.tone?.frequency
    (sent, received) = (figures.sentCount, figures.receivedCount)
    (expected, lost) = (figures.expectedCount, figures.lostCount)
    (duplicates, reordered) = (figures.duplicateCount, figures.reorderedCount)
    late = figures.lateCount
    jitter = seconds(figures.jitter)
    roundTrip = figures.roundTrip.map(seconds)
    meanDelay = figures.delay.map { seconds($0.mean) }
    greatestDelay = figures.delay.map { seconds($0.greatest) }
    lostThere = figures.peerReport.map { Int($0.cumulativeLost) }
  }
}
