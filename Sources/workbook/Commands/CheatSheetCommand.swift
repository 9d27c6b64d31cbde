import ArgumentParser
import CommandOptions
import Lessons
import NoteFormat
import ProgramSupport
import Terminal

struct CheatSheetCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cheatsheet",
    abstract: "Print the page to keep of a note: a picture, three sentences, its numbers.",
    discussion: "'workbook export html' writes each as a web page that is printed on one sheet.")

  @OptionGroup var options: OutputOptions
  @OptionGroup var format: JSONOption

  @Argument(help: "The note's name or number.", completion: Names.notes)
  var note: String

  func run() throws {
    let note = try NoteLibrary.compiled.course().existingNote(named: note)
    let sheets = try NoteLibrary.cheatSheets()
    guard let sheet = sheets.sheet(of: note) else {
      throw WorkbookError.usage(
        "the note '\(note.slug)' has no cheat sheet; there is one of "
          + sheets.sheets.map(\.note).joined(separator: ", "))
    }
    let output = options.output()
    if format.json {
      try output.json(CheatSheetReport(sheet, of: note))
    } else {
      output.lines(CheatSheetPage.lines(of: sheet, for: note, output.presentation))
    }
    output.flush()
  }
}

/// A cheat sheet, as printed by `cheatsheet --json`.
struct CheatSheetReport: Encodable {
  var note: String
  var title: String
  var example: String
  var picture: String
  var sentences: [String]
  var numbers: [Row]

  struct Row: Encodable {
    var number: String
    var meaning: String
  }

  init(_ sheet: CheatSheet, of note: Note) {
    self.note = note.slug
    title = note.title
    example = sheet.example
    picture = CheatSheetPage.picture(of: sheet, in: note) ?? ""
    sentences = sheet.sentences.map(\.plainText)
    numbers = sheet.numbers.rows.map { row in
      Row(number: row[0].plainText, meaning: row[1].plainText)
    }
  }
}
