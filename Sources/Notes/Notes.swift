// The course's texts, for the reader. The plugin CompileNotes adds a file for each note of the folder
// `notes`, and `compiledNotes`, their list; the examples are the room NoteExamples.
