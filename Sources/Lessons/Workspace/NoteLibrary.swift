public import NoteFormat
import Notes
public import ProgramSupport

/// The notes that are compiled into the program.
public struct NoteLibrary: Sendable {
  /// The notes in the order of the course.
  public let notes: [CompiledNote]

  /// The notes of this program.
  public static var compiled: NoteLibrary { NoteLibrary(notes: compiledNotes) }

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

  /// The compiled example with this id, and its note.
  ///
  /// - Throws: `WorkbookError.usage` if there is none, with a suggestion, or `badData` if its note does
  ///   not compile.
  public func example(
    named id: String
  ) throws(WorkbookError) -> (note: CompiledNote, example: CompiledExample) {
    for note in notes {
      if let example = note.examples.first(where: { $0.id == id }) { return (note, example) }
    }
    for note in notes where !note.problems.isEmpty {
      if try parsed(note).examples.contains(where: { $0.id == id }) {
        throw .badData(note.problems)
      }
    }
    throw .usage(Self.noExample(named: id, among: notes.flatMap { $0.examples.map(\.id) }))
  }

  /// The ids of all exercises, in the order of the course.
  public var exerciseIDs: [String] { notes.flatMap(\.exercises) }
}
