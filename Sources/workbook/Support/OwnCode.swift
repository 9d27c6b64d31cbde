import CommandOptions
import Glibc
import Lessons
import ProgramSupport
import Terminal

/// The code of the user's own notes, which runs once the user has allowed it.
struct OwnCode {
  private let notes: OwnNotes
  private let trusted: TrustedCode

  init(_ notes: OwnNotes, workspace: Workspace) {
    self.notes = notes
    trusted = TrustedCode(workspace, environment: processEnvironment())
  }

  var isPermitted: Bool { trusted.contains(notes) }

  /// Remembers that the code may run.
  func permit() throws(WorkbookError) { try trusted.insert(notes) }

  /// The error where there is no terminal to ask on.
  var refusal: WorkbookError {
    .missing(
      "the code in \(notes.path) is not the course's, and would run with your rights",
      remedy: "read it, and add --trust if it may run")
  }

  /// Asks on the terminal whether the code may run, unless that is known.
  ///
  /// - Returns: false if it may not.
  /// - Throws: `refusal` if there is no terminal to ask on.
  func ask(_ output: Writer) throws(WorkbookError) -> Bool {
    guard !isPermitted else { return true }
    guard isatty(STDIN_FILENO) == 1, isatty(STDERR_FILENO) == 1 else { throw refusal }
    output.flush()
    let errors = Writer(
      descriptor: STDERR_FILENO,
      presentation: Presentation(descriptor: STDERR_FILENO, environment: processEnvironment()))
    errors.lines(
      StyledText(
        "The code in \(notes.path) is not the course's. \(TrustedCode.warning) Run it? y or n"
      ).wrapped(to: errors.presentation.proseWidth))
    errors.flush()
    guard let answer = readLine(), ["y", "yes"].contains(answer.lowercased()) else { return false }
    try permit()
    return true
  }
}
