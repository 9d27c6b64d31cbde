public import NoteFormat
public import ProgramSupport

/// The notes in their current files, with all violations of the note format.
public struct NotesOnDisk: Sendable {
  /// The notes that could be parsed.
  public let course: Course
  /// The violations of the note format.
  public let problems: [Problem]
  /// The text of each file, by its path relative to the project's root.
  let texts: [String: String]

  /// Reads all notes of a workspace.
  ///
  /// - Throws: `WorkbookError.missing` if a file cannot be read.
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
