/// The result of checking an answer.
public struct Verdict: Codable, Sendable {
  /// The overall outcome of a check.
  public enum Outcome: String, Codable, Sendable {
    case passed
    case failed
    /// The answer does not compile; `messages` holds the compiler's messages.
    case doesNotCompile
    /// The answer compiles, but lacks declarations that the checks use.
    case doesNotFit
    case crashed
    case timedOut
    /// The answer used more memory than it may.
    case outOfMemory
    case printedTooMuch
    /// The answer ended the process before all checks had run.
    case exitedEarly
  }

  /// The id of the exercise.
  public var exercise: String
  /// The path of the answer.
  public var answer: String
  /// The overall outcome.
  public var outcome: Outcome
  /// The results of the checks in the order of their declaration.
  public var checks: [CheckResult]
  /// The messages of the compiler; empty if there are none.
  public var messages: String
  /// How the answer crashed, or where it was when it was stopped; nil if it ended by itself.
  public var crash: Crash?
  /// The declaration that the checks need and the answer lacks; nil if it has all, or does not compile.
  public var missing: MissingDeclaration?
  /// The explanation of the known mistake that behaves like the answer; nil if none does.
  public var mistake: String?
  /// The time from the start of the command to the verdict, in seconds.
  public var seconds: Double
  /// The state of the file that was checked.
  var file: FileStamp?

  /// A function of the skeleton that the answer has not, or has with other types.
  public struct MissingDeclaration: Codable, Hashable, Sendable {
    /// The skeleton's declaration.
    public var expected: String
    /// The answer's declaration of the same name; nil if there is none.
    public var found: String?
  }

  /// The fields of the JSON output and of the cache.
  private enum CodingKeys: CodingKey {
    case exercise, answer, outcome, checks, messages, crash, missing, mistake, seconds
  }

  /// Whether the answer passed all checks.
  public var passed: Bool { outcome == .passed }

  /// The first check that did not pass; nil if all passed.
  public var firstFailure: CheckResult? { checks.first { $0.state != .passed } }

  /// The index of the check to work on: the one that crashed, else the first that did not pass.
  public var firstFailureIndex: Int? {
    let crashed = crash == nil ? nil : checks.firstIndex { $0.state == .unfinished }
    return crashed ?? checks.firstIndex { $0.state != .passed }
  }

  /// Whether both answers fail the same checks with the same values.
  func fails(like other: Verdict) -> Bool {
    outcome == other.outcome && checks == other.checks
  }
}

extension Verdict {
  /// The time to the verdict with two decimals: `0.18 s`.
  public var time: String {
    let hundredths = Int((seconds * 100).rounded())
    let fraction = hundredths % 100
    return "\(hundredths / 100).\(fraction < 10 ? "0" : "")\(fraction) s"
  }
}
