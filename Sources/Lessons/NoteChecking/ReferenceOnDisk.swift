public import NoteFormat
import Notes
public import ProgramSupport

/// The glossary and the cheat sheets in their current files.
public enum ReferenceOnDisk {
  /// The violations of their formats, and what they name that a course does not have.
  ///
  /// A file that is not there has none.
  /// - Throws: `WorkbookError.missing` if a file cannot be read.
  public static func problems(
    in workspace: Workspace, beside course: Course
  ) throws(WorkbookError) -> [Problem] {
    var problems: [Problem] = []
    for file in [compiledGlossary.file, compiledCheatSheets.file] {
      let path = workspace.root + "/" + file
      guard isFile(path) else { continue }
      let bytes = try readFile(path)
      do throws(Problem) {
        problems += try Self.problems(of: bytes, file: file, beside: course)
      } catch {
        problems.append(error)
      }
    }
    return problems
  }

  private static func problems(
    of bytes: [UInt8], file: String, beside course: Course
  ) throws(Problem) -> [Problem] {
    if file == compiledGlossary.file {
      let (glossary, problems) = try Glossary.parse(bytes, file: file)
      return problems + glossary.problems(in: course)
    }
    let (sheets, problems) = try CheatSheets.parse(bytes, file: file)
    return problems + sheets.problems(in: course)
  }
}
