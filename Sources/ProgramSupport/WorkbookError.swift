public import NoteFormat

/// An error of a command, with its exit code and, where possible, a remedy.
///
/// The cases correspond to exit codes of `sysexits.h`.
public enum WorkbookError: Error, Hashable, Sendable {
  /// The arguments are wrong or name nothing that exists (64).
  case usage(String)
  /// Notes or files that break their format (65).
  case badData([Problem])
  /// Something that is needed is missing: a toolchain, a file, a permission (69).
  case missing(String, remedy: String?)
  /// A file or folder could not be written; what was there before is unchanged (74).
  case notWritten(String, remedy: String?)
  /// The user pressed Ctrl-C, or a signal ended the command (130).
  case interrupted

  /// The exit code of the process.
  public var exitCode: Int32 {
    switch self {
    case .usage: 64
    case .badData: 65
    case .missing: 69
    case .notWritten: 74
    case .interrupted: 130
    }
  }

  /// One line for each problem.
  public var messages: [String] {
    switch self {
    case .usage(let message): [message]
    case .badData(let problems): problems.map(\.description)
    case .missing(let message, let remedy), .notWritten(let message, let remedy):
      [remedy.map { "\(message); \($0)" } ?? message]
    case .interrupted: ["interrupted"]
    }
  }
}
