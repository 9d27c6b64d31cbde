import Glibc
import Lessons
import ProgramSupport
import Terminal

/// Records what a command saw done; a log that fails costs a warning, never the command.
struct Recorder {
  private let log: ProgressLog

  init(_ workspace: Workspace) {
    log = ProgressLog(workspace, environment: processEnvironment())
  }

  /// Whether the events are recorded now.
  @discardableResult
  func record(_ events: ProgressEvent...) -> Bool { record(events) }

  @discardableResult
  func record(_ events: [ProgressEvent]) -> Bool {
    do throws(WorkbookError) {
      try log.append(events)
      return true
    } catch {
      Self.warn(error)
      return false
    }
  }

  /// What is recorded; nothing, with a warning, where the log cannot be read.
  func progress() -> Progress {
    do throws(WorkbookError) {
      return try log.read()
    } catch {
      Self.warn(error)
      return Progress()
    }
  }

  private static func warn(_ error: WorkbookError) {
    let errors = Writer(
      descriptor: STDERR_FILENO,
      presentation: Presentation(descriptor: STDERR_FILENO, environment: processEnvironment()))
    errors.line(
      StyledText("workbook: warning: ", .warning)
        + StyledText(error.messages.joined(separator: "; ")))
    errors.flush()
  }
}
