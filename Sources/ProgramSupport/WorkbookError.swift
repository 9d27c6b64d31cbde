public import NoteFormat

/// Why a command could not do what it was asked to, with what to do about it.
///
/// Its cases are the exit codes of the command line, in the sense of `sysexits.h`.
public enum WorkbookError: Error, Hashable, Sendable {
  /// The words on the command line name nothing that exists (64).
  case usage(String)
  /// Notes or files that break their format (65).
  case badData([Problem])
  /// Something that is needed is not there: a toolchain, a file, a permission (69).
  case missing(String, remedy: String?)
  /// The learner stopped it with Ctrl-C, or a signal did (130).
  case interrupted

  public var exitCode: Int32 {
    switch self {
    case .usage: 64
    case .badData: 65
    case .missing: 69
    case .interrupted: 130
    }
  }

  /// One line for each thing that is wrong.
  public var messages: [String] {
    switch self {
    case .usage(let message): [message]
    case .badData(let problems): problems.map(\.description)
    case .missing(let message, let remedy): [remedy.map { "\(message); \($0)" } ?? message]
    case .interrupted: ["interrupted"]
    }
  }
}
