public import NoteFormat
import Notes
public import ProgramSupport

/// The notes that the program was built with.
public struct Library: Sendable {
  /// In the course's order.
  public let notes: [CompiledNote]

  /// The notes compiled into this program.
  public static var compiled: Library { Library(notes: compiledNotes) }

  init(notes: [CompiledNote]) {
    self.notes = notes.sorted { ($0.number ?? .max, $0.slug) < ($1.number ?? .max, $1.slug) }
  }

  /// Every note parsed; what breaks the note format is left out of it.
  ///
  /// - Throws: `WorkbookError.badData` for a note that cannot be read at all.
  public func course() throws(WorkbookError) -> Course {
    var parsed: [Note] = []
    for note in notes { parsed.append(try self.parsed(note)) }
    return Course(parsed)
  }

  public func parsed(_ note: CompiledNote) throws(WorkbookError) -> Note {
    do {
      return try Note.parse(Array(note.text.utf8), file: note.file).note
    } catch {
      throw .badData([error])
    }
  }

  /// The example with that id, one that does not compile included, and the note it stands in.
  ///
  /// - Throws: `WorkbookError.usage` where there is none, with the id that was probably meant.
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

  /// The compiled example with that id and the note it stands in.
  ///
  /// - Throws: `WorkbookError.usage` where there is none, with the id that was probably meant.
  public func example(
    named id: String
  ) throws(WorkbookError) -> (note: CompiledNote, example: CompiledExample) {
    for note in notes {
      if let example = note.examples.first(where: { $0.id == id }) { return (note, example) }
    }
    throw .usage(Self.noExample(named: id, among: notes.flatMap { $0.examples.map(\.id) }))
  }

  /// Every exercise's id, in the order in which the notes come to them.
  public var exerciseIDs: [String] { notes.flatMap(\.exercises) }
}
