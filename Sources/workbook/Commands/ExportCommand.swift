import ArgumentParser
import CommandOptions
import Glibc
import Lessons
import NoteFormat
import Site
import Terminal

struct ExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export", abstract: "Write the notes in another form.",
    subcommands: [ExportHTML.self])
}

struct ExportHTML: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "html",
    abstract: "Write the notes as web pages that need no server and no script.",
    discussion: """
      The folder must be empty, not there yet, or written by an earlier export; what that one \
      wrote is brought up to date.
      """)

  @OptionGroup var options: OutputOptions
  @OptionGroup var format: JSONOption

  @Option(help: "Write your own notes instead of the course: a file, or a folder of Markdown.")
  var notes: String?

  @Argument(help: "The folder to write to.")
  var folder: String

  func run() throws {
    let target = try SiteFolder(folder)
    let site =
      if let notes {
        try HTMLSite(OwnNotes(notes))
      } else {
        try course()
      }
    let changed = try target.write(site)
    let output = options.output()
    if format.json {
      try output.json(
        ExportReport(folder: target.path, files: site.files.keys.sorted(), changed: changed))
    } else {
      output.line(
        "Wrote " + StyledText("\(target.path)/index.html", .link)
          + StyledText(": \(site.files.count) files, \(changed) of them new or changed."))
    }
    output.flush()
  }

  /// The course, with what its examples show drawn.
  private func course() throws -> HTMLSite {
    let course = try NoteLibrary.compiled.course()
    let errors = options.output(to: STDERR_FILENO)
    let pictures = try CoursePictures.collected(from: course) { errors.line(StyledText($0)) }
    errors.flush()
    return try HTMLSite(
      course, workspace: .current(), pictures: pictures,
      reference: CourseReference(
        glossary: NoteLibrary.glossary(), sheets: NoteLibrary.cheatSheets()))
  }
}

struct ExportReport: Encodable {
  var folder: String
  var files: [String]
  var changed: Int
}
