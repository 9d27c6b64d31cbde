public import SansIO
import Simulator

/// A signal that one side of a call has sent the other.
public struct SentSignal: Hashable, Sendable {
  /// Who has sent it.
  public let sender: Call.Party
  /// What it says.
  public let signal: Signal
  /// When it was sent.
  public let time: Instant
  /// When the other side hears of it, or of what it was altered to; nil if it was lost.
  public let arrival: Instant?
}

/// The signals of a call as a picture: an arrow for each, with the time at both its ends.
///
/// ```
///             alice                                          bob
///     0 ms      ├─ offer 0 ──────────────────────────────────▶│     40 ms
///    80 ms      │◀────────────────────────────────── answer 0 ─┤    40 ms
/// ```
public struct SignalLadder: Hashable, Sendable {
  /// The signals, in the order of sending.
  public let signals: [SentSignal]

  /// How many columns there are between the lines of the two.
  private static let width = 48

  /// A picture of these signals.
  public init(_ signals: [SentSignal]) {
    self.signals = signals
  }
}

extension SignalLadder: CustomStringConvertible {
  /// The picture as text, 74 columns wide unless a name or an IPv6 address takes more.
  public var description: String {
    let head = Self.row("", "alice", String(repeating: " ", count: Self.width - 4), "bob", "")
    return ([head] + signals.flatMap(Self.rows)).joined(separator: "\n")
  }

  private static func rows(of sent: SentSignal) -> [String] {
    var lines = parts(of: sent.signal)
    let last = lines.removeLast()
    // What comes in one message stands above its arrow.
    let above = lines.map { line in
      row("", "│", "   " + line.padded(to: width - 3), "│", "")
    }
    // A name or an IPv6 address may be longer than the arrow: then the line is, too.
    let dashes = String(repeating: "─", count: max(1, width - 4 - last.count))
    let (sending, hearing) = (sent.time.words, sent.arrival?.words ?? "lost")
    let isLost = sent.arrival == nil
    let arrow =
      switch sent.sender {
      case .alice: row(sending, "├", "─ \(last) \(dashes)\(isLost ? "✗" : "▶")", "│", hearing)
      case .bob: row(hearing, "│", "\(isLost ? "✗" : "◀")\(dashes) \(last) ─", "┤", sending)
      }
    return above + [arrow]
  }

  /// The parts of a message, each on a line of its own.
  private static func parts(of signal: Signal) -> [String] {
    guard case .whole(let signals) = signal else { return [signal.description] }
    return signals.flatMap(parts)
  }

  private static func row(
    _ left: String, _ first: String, _ middle: String, _ second: String, _ right: String
  ) -> String {
    let isHead = first.count > 1
    let line = left.leading(to: 8) + (isHead ? "  " : "    ") + first + middle + second
    return right.isEmpty ? line.withoutTrailingSpaces : line + right.leading(to: 8)
  }
}

extension String {
  fileprivate func padded(to width: Int) -> String {
    self + String(repeating: " ", count: max(0, width - count))
  }

  fileprivate func leading(to width: Int) -> String {
    String(repeating: " ", count: max(0, width - count)) + self
  }
}
