import Lessons
import ProgramSupport

extension Workspace {
  /// The workspace in which this program was built.
  static func current() throws(WorkbookError) -> Workspace {
    try containing(executable: "/proc/self/exe")
  }
}
