/// When a question or prediction is asked again: 1, 3, 7 and 21 days after it was answered rightly.
///
/// It follows from the recorded answers and their times alone, so that a progress file of an earlier
/// version has a schedule, too.
///
/// - `new`: never answered; any answer leads to `waiting` with the first interval.
/// - `waiting`: a right answer when it is due leads to the next interval, or to `learned` after the
///   last one; a wrong answer at any time leads back to the first. A right answer before it is due
///   changes nothing, because the answer is still fresh.
/// - `learned`: not asked again; a wrong answer leads back to the first interval.
public struct ReviewSchedule: Hashable, Sendable {
  /// The intervals, in days.
  public static let days = [1, 3, 7, 21]

  private var state = State.new

  private enum State: Hashable {
    case new
    case waiting(interval: Int, due: Double, isMissed: Bool)
    case learned
  }

  /// Creates the schedule of what was never answered.
  public init() {}

  /// The time from which it is asked again, in Unix seconds; nil if it is not.
  public var due: Double? {
    if case .waiting(_, let due, _) = state { due } else { nil }
  }

  /// Whether the last answer when it was due, or the first one ever, was wrong.
  public var isMissed: Bool {
    if case .waiting(_, _, let isMissed) = state { isMissed } else { false }
  }

  /// It was answered at a time, in Unix seconds.
  public mutating func answered(right: Bool, at time: Double) {
    switch state {
    case _ where !right: wait(0, from: time, isMissed: true)
    case .new: wait(0, from: time, isMissed: false)
    case .waiting(let interval, let due, _) where time >= due:
      if interval + 1 < Self.days.count {
        wait(interval + 1, from: time, isMissed: false)
      } else {
        state = .learned
      }
    case .waiting, .learned: break
    }
  }

  private mutating func wait(_ interval: Int, from time: Double, isMissed: Bool) {
    let due = time + Double(Self.days[interval]) * 86400
    state = .waiting(interval: interval, due: due, isMissed: isMissed)
  }
}

/// The name of what is reviewed.
public enum ReviewName: Hashable, Sendable {
  /// A question, as `note#step/number`.
  case question(String)
  /// The prediction of the example with this id.
  case prediction(String)

  /// The name as it is typed in commands, apart from the step's number.
  public var text: String {
    switch self {
    case .question(let name), .prediction(let name): name
    }
  }
}
