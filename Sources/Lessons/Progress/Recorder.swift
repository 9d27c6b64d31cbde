import Glibc
import ProgramSupport
import Terminal

/// Records the events of a command; a failure causes a warning and never fails the command.
public struct Recorder {
  private let log: ProgressLog

  /// A recorder for the course's progress.
  public init(_ workspace: Workspace) {
    log = ProgressLog(workspace, environment: processEnvironment())
  }

  /// Records events; false if they could not be recorded.
  @discardableResult
  public func record(_ events: ProgressEvent...) -> Bool { record(events) }

  /// Records all of several events; false if they could not be recorded.
  @discardableResult
  public func record(_ events: [ProgressEvent]) -> Bool {
    do throws(WorkbookError) {
      try log.append(events)
      return true
    } catch {
      Self.warn(error)
      return false
    }
  }

  /// Reads the progress; empty, with a warning, if the log cannot be read.
  public func progress() -> Progress {
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
