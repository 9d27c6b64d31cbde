import ArgumentParser
import Notes
import NoteFormat

@main
struct Workbook: ParsableCommand {
  mutating func run() throws {
    for note in compiledNotes { print(note.file, note.title)
     for e in note.examples { print(e.id); try e.run { print("mute", $0) } } }
  }
}
