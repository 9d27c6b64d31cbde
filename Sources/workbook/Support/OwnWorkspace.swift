import Lessons
import ProgramSupport

/// The path of this program, which runs examples as child processes.
let ownExecutable = "/proc/self/exe"

extension Workspace {
  /// The workspace in which this program was built.
  static func current() throws(WorkbookError) -> Workspace {
    try containing(executable: ownExecutable)
  }
}
