import ArgumentParser
import Lessons
import NoteFormat
import ProgramSupport

/// The completions of names for the shells.
enum Names {
  static let notes = CompletionKind.custom { _, _, _ in NoteLibrary.compiled.notes.map(\.slug) }
  static let exercises = CompletionKind.custom { _, _, _ in NoteLibrary.compiled.exerciseIDs }
  static let terms = CompletionKind.custom { _, _, _ in
    (try? NoteLibrary.glossary().terms.map(\.name)) ?? []
  }
  static let examples = CompletionKind.custom { _, _, _ in
    NoteLibrary.compiled.notes.flatMap(\.examples)
  }
  static let questions = CompletionKind.custom { _, _, _ in
    guard let course = try? NoteLibrary.compiled.course() else { return [] }
    return course.notes.flatMap { note in
      note.steps.indices.flatMap { index in
        note.questions(inStep: index).map { "\(note.slug)#\(index + 1)/\($0.name.number)" }
      }
    }
  }
}

extension Course {
  /// The note with this name or number.
  ///
  /// - Throws: `WorkbookError.usage` if there is none, with a suggestion.
  func existingNote(named name: String) throws(WorkbookError) -> Note {
    if let note = note(named: name) { return note }
    let hint = Suggestion.phrase(for: name, among: noteNames)
    throw .usage(
      "no note is called '\(name)'" + (hint.isEmpty ? "; 'workbook list' names them" : hint))
  }

  /// The exercise with this id, and its note and step.
  ///
  /// - Throws: `WorkbookError.usage` if there is none, with a suggestion.
  func exercise(
    named id: String
  ) throws(WorkbookError) -> (note: Note, step: Int, exercise: Exercise) {
    var ids: [String] = []
    for note in notes {
      for (index, step) in note.steps.enumerated() {
        let exercises = step.blocks.exercises
        if let found = exercises.last(where: { $0.id == id }) { return (note, index, found) }
        ids += exercises.map(\.id)
      }
    }
    let hint = Suggestion.phrase(for: id, among: ids)
    throw .usage(
      "no exercise is called '\(id)'" + (hint.isEmpty ? "; 'workbook list' names them" : hint))
  }
}

extension Note {
  /// The index of a step by its anchor, title or number.
  ///
  /// - Throws: `WorkbookError.usage` if there is none, with a suggestion.
  func existingStep(named name: String) throws(WorkbookError) -> Int {
    if let index = stepIndex(named: name) { return index }
    throw .usage(
      "note '\(slug)' has no step '\(name)'; it has 1 to \(steps.count)"
        + Suggestion.phrase(for: name, among: steps.map(\.anchor)))
  }
}
