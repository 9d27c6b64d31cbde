public import ProgramSupport

extension Workspace {
  /// The workspace in which this program was built.
  ///
  /// - Throws: `WorkbookError.missing` if no folder above the program is a project.
  public static func current() throws(WorkbookError) -> Workspace {
    try containing(executable: "/proc/self/exe")
  }
}
