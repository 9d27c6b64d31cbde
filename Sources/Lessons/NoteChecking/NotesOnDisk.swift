public import NoteFormat
public import ProgramSupport

/// The notes as their files are now, with everything in them that breaks the note format.
public struct NotesOnDisk: Sendable {
  public let course: Course
  public let problems: [Problem]
  /// Each file's text, by its path from the project's folder.
  let texts: [String: String]

  /// - Throws: `WorkbookError.missing` where a file cannot be read.
  public init(_ workspace: Workspace) throws(WorkbookError) {
    var notes: [Note] = []
    var problems: [Problem] = []
    var texts: [String: String] = [:]
    for name in names(in: workspace.notesFolder) where name.hasSuffix(".md") && !name.hasPrefix(".")
    {
      let file = "notes/" + name
      let bytes = try readFile(workspace.root + "/" + file)
      texts[file] = String(decoding: bytes, as: UTF8.self)
      do {
        let (note, found) = try Note.parse(bytes, file: file)
        notes.append(note)
        problems += found
      } catch {
        problems.append(error)
      }
    }
    course = Course(notes)
    self.problems = problems + course.problems
    self.texts = texts
  }
}
