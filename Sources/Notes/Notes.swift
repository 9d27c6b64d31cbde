// The course's texts, for the reader. The plugin CompileNotes adds a file for each note of the folder
// `notes`, and `compiledNotes`, their list; the examples are the room NoteExamples. It also makes
// the constants below, of the texts in `notes/reference`.

public import NoteFormat

/// The glossary, `notes/reference/glossary.md`, as the program carries it.
public let compiledGlossary: CompiledNote = note_glossary

/// The cheat sheets, `notes/reference/cheatsheets.md`, as the program carries them.
public let compiledCheatSheets: CompiledNote = note_cheatsheets
