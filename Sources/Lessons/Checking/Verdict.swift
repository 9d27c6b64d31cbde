/// What checking an answer came to.
public struct Verdict: Codable, Sendable {
  public enum Outcome: String, Codable, Sendable {
    case passed
    case failed
    /// The compiler refused the answer; `messages` are its own.
    case doesNotCompile
    /// The answer compiles, but the checks do not find in it what they call.
    case doesNotFit
    case crashed
    case timedOut
    case printedTooMuch
    /// The answer ended the process before the checks were through.
    case exitedEarly
  }

  public var exercise: String
  public var answer: String
  public var outcome: Outcome
  public var checks: [CheckResult]
  /// What the compiler or the crash said.
  public var messages: String
  /// The sentence for a learner whose answer does just what a known mistake does.
  public var mistake: String?
  /// From the command to the verdict.
  public var seconds: Double
  /// How the answer's file was that this is a verdict on.
  var file: FileStamp?

  /// What other programs are told, and what is kept.
  private enum CodingKeys: CodingKey {
    case exercise, answer, outcome, checks, messages, mistake, seconds
  }

  public var passed: Bool { outcome == .passed }

  /// The first check that did not pass.
  public var firstFailure: CheckResult? { checks.first { $0.state != .passed } }

  /// Whether two answers did the same on every check, with the same values.
  func fails(like other: Verdict) -> Bool {
    outcome == other.outcome && checks == other.checks
  }
}

extension Verdict {
  /// The time to the verdict in seconds with two decimals: `0.18 s`.
  public var time: String {
    let hundredths = Int((seconds * 100).rounded())
    let fraction = hundredths % 100
    return "\(hundredths / 100).\(fraction < 10 ? "0" : "")\(fraction) s"
  }
}
