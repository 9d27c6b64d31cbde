public import NoteFormat
import Notes
public import ProgramSupport

/// The notes that are compiled into the program.
public struct NoteLibrary: Sendable {
  /// The notes in the order of the course.
  public private(set) var notes: [CompiledNote]

  /// The notes of this program, each with what the compiler said of it when its examples were built.
  public static var compiled: NoteLibrary {
    NoteLibrary(notes: compiledNotes)
      .settingAside(in: try? .containing(executable: "/proc/self/exe"))
  }

  init(notes: [CompiledNote]) {
    self.notes = notes.sorted { ($0.number ?? .max, $0.slug) < ($1.number ?? .max, $1.slug) }
  }

  /// Parses all notes, ignoring violations of the note format.
  ///
  /// - Throws: `WorkbookError.badData` for a note that cannot be parsed at all.
  public func course() throws(WorkbookError) -> Course {
    var parsed: [Note] = []
    for note in notes { parsed.append(try self.parsed(note)) }
    return Course(parsed)
  }

  /// Parses one note, ignoring violations of the note format.
  ///
  /// - Throws: `WorkbookError.badData` for a note that cannot be parsed at all.
  public func parsed(_ note: CompiledNote) throws(WorkbookError) -> Note {
    do {
      var parsed = try Note.parse(Array(note.text.utf8), file: note.file).note
      parsed.problems = note.problems
      return parsed
    } catch {
      throw .badData([error])
    }
  }

  /// The example with this id, also one that must not compile, and its note.
  ///
  /// - Throws: `WorkbookError.usage` if there is none, with a suggestion.
  public func anyExample(named id: String) throws(WorkbookError) -> (note: Note, example: Example) {
    let course = try course()
    for note in course.notes {
      if let example = note.examples.first(where: { $0.id == id }) { return (note, example) }
    }
    throw .usage(
      Self.noExample(named: id, among: course.notes.flatMap { $0.examples.map(\.id) }))
  }

  private static func noExample(named id: String, among ids: [String]) -> String {
    let hint = Suggestion.phrase(for: id, among: ids)
    return "no example is called '\(id)'"
      + (hint.isEmpty ? "; 'workbook list --examples' names them all" : hint)
  }

  /// Makes sure that an example runs.
  ///
  /// - Throws: `WorkbookError.usage` if there is none with this id, with a suggestion, or `badData` if
  ///   its note does not compile.
  public func requireRunnable(_ id: String) throws(WorkbookError) {
    guard !notes.contains(where: { $0.examples.contains(id) }) else { return }
    for note in notes where !note.problems.isEmpty {
      if try parsed(note).examples.contains(where: { $0.id == id }) {
        throw .badData(note.problems)
      }
    }
    throw .usage(Self.noExample(named: id, among: notes.flatMap(\.examples)))
  }

  /// The ids of all exercises, in the order of the course.
  public var exerciseIDs: [String] { notes.flatMap(\.exercises) }

  /// The library with the problems of the notes that the list of `SetAside` names; a note that was
  /// changed since the list was written is compiled as any other.
  private func settingAside(in workspace: Workspace?) -> NoteLibrary {
    guard let workspace else { return self }
    let path = workspace.root + "/" + SetAside.path
    guard let list = FileStamp(path), list.size > 0, let bytes = try? readFile(path) else {
      return self
    }
    let text = String(decoding: bytes, as: UTF8.self)
    var library = self
    for index in notes.indices {
      let note = notes[index]
      let problems = SetAside.problems(in: text, of: note.file)
      guard !problems.isEmpty, let file = FileStamp(workspace.root + "/" + note.file),
        file.isNotNewer(than: list)
      else { continue }
      library.notes[index].problems += problems
      library.notes[index].examples = []
    }
    return library
  }
}
