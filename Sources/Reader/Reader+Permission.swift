import Lessons
import Terminal

/// Code that is not the course's: it runs once the learner has allowed it.
extension Reader {
  static let permissionQuestion =
    "This code is not the course's. \(TrustedCode.warning)"

  /// Whether the reader waits for an answer to whether code may run.
  public var asksForPermission: Bool {
    if case .input(_, for: .permission) = panel { true } else { false }
  }

  /// Whether the notes' code may run; if not, the learner is asked, and the key is pressed again after
  /// a yes.
  mutating func hasPermission(for key: TerminalKey) -> Bool {
    guard !mayRunCode else { return true }
    panel = .input(TextInput(isMultiline: false), for: .permission(then: key))
    return false
  }
}
