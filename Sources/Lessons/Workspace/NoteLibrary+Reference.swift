public import NoteFormat
import Notes
public import ProgramSupport

/// What is said about all notes, as the program carries it.
extension NoteLibrary {
  /// The glossary, ignoring violations of its format.
  ///
  /// - Throws: `WorkbookError.badData` if it cannot be parsed at all.
  public static func glossary() throws(WorkbookError) -> Glossary {
    do {
      return try Glossary.parse(Array(compiledGlossary.text.utf8), file: compiledGlossary.file)
        .glossary
    } catch {
      throw .badData([error])
    }
  }

  /// The cheat sheets, ignoring violations of their format.
  ///
  /// - Throws: `WorkbookError.badData` if they cannot be parsed at all.
  public static func cheatSheets() throws(WorkbookError) -> CheatSheets {
    do {
      return try CheatSheets.parse(
        Array(compiledCheatSheets.text.utf8), file: compiledCheatSheets.file
      ).sheets
    } catch {
      throw .badData([error])
    }
  }
}
