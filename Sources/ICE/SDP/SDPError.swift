/// The place at which the ICE part of a session description is wrong, and what is wrong there.
public struct SDPError: Error, Hashable, Sendable {
  /// The line, counted from 1.
  public var line: Int
  /// The column in UTF-8 bytes, counted from 1.
  public var column: Int
  /// What is wrong.
  public var problem: Problem

  /// An error at a place.
  public init(line: Int = 1, column: Int, _ problem: Problem) {
    self.line = line
    self.column = column
    self.problem = problem
  }

  /// What can be wrong.
  public enum Problem: Hashable, Sendable {
    /// The line is not a letter, `=`, and a value (RFC 8866 §5).
    case notALine
    /// A field of a candidate (RFC 8839 §5.1).
    case candidate(CandidateParseError.Field)
    /// The username fragment is not 4 to 256 ice-chars (RFC 8839 §5.4).
    case usernameFragment
    /// The password is not 22 to 256 ice-chars (RFC 8839 §5.4).
    case password
    /// An option is not one or more ice-chars (RFC 8839 §5.6).
    case option
    /// The value is not a number of milliseconds of 1 to 10 digits (RFC 8839 §5.5).
    case pacing
    /// A remote candidate is not a component ID, an address and a port (RFC 8839 §5.2).
    case remoteCandidate
    /// The attribute has no value, and one is there.
    case unexpectedValue
    /// The attribute stands before any `m=` line and belongs behind one.
    case notAtSessionLevel
    /// The attribute stands behind an `m=` line and belongs before all of them.
    case notAtMediaLevel
    /// The attribute stands twice at its level.
    case repeated
    /// A username fragment without a password, or a password without a username fragment.
    case halfOfCredentials
  }
}

extension SDPError: CustomStringConvertible {
  /// Place and problem: `line 3, column 13: a password has 22 to 256 …`.
  public var description: String { "line \(line), column \(column): \(problem)" }
}

extension SDPError.Problem: CustomStringConvertible {
  /// What is wrong, and the section that says so.
  public var description: String {
    switch self {
    case .notALine: "a line is a letter, = and a value (RFC 8866 §5)"
    case .candidate(let field): "\(field) (RFC 8839 §5.1)"
    case .usernameFragment:
      "a username fragment has 4 to 256 letters, digits, + or / (RFC 8839 §5.4)"
    case .password: "a password has 22 to 256 letters, digits, + or / (RFC 8839 §5.4)"
    case .option: "an option consists of letters, digits, + or / (RFC 8839 §5.6)"
    case .pacing: "the pacing is a number of milliseconds of 1 to 10 digits (RFC 8839 §5.5)"
    case .remoteCandidate:
      "a remote candidate is a component ID, an address and a port (RFC 8839 §5.2)"
    case .unexpectedValue: "this attribute has no value"
    case .notAtSessionLevel: "this attribute belongs to a data stream, behind its m= line"
    case .notAtMediaLevel: "this attribute belongs to the session, before the first m= line"
    case .repeated: "this attribute stands here a second time"
    case .halfOfCredentials:
      "ice-ufrag and ice-pwd are needed both, at the same level (RFC 8839 §5.4)"
    }
  }
}
