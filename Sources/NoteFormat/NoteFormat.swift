// NoteFormat
