import Glibc
public import NoteFormat
public import ProgramSupport

/// The user's own Markdown, opened as a course: one file, or a folder such as an Obsidian vault.
///
/// Any Markdown is accepted; the rules of the workbook's own notes are not enforced. A file that cannot
/// be read is reported, and the others open nevertheless.
public struct OwnNotes: Sendable {
  /// The notes: the files of a folder first, then its subfolders, each by name.
  ///
  /// Wiki links find a note by its file name, its title, an alias, or its path in the folder.
  public let course: Course
  /// The files that could not be read, or only in part, in order.
  public let problems: [Problem]
  /// The violations of the note format, including dangling links; the notes are readable nevertheless.
  ///
  /// - Complexity: O(*n* · *m*) in the numbers of dangling links and of notes.
  public var formatProblems: [Problem] { departures + course.problems }
  private let departures: [Problem]
  /// The path as it was given, without trailing slashes.
  public let path: String
  /// The folder that the notes are from: the path itself, or the folder of the one file.
  public let root: String
  /// The pictures in the folder, relative to it.
  public let pictures: [String]

  /// Opens a folder or a file.
  ///
  /// - Parameter path: a folder or a Markdown file; the `file` of each note starts with it.
  /// - Throws: `WorkbookError.missing` if there is nothing to open.
  public init(_ path: String) throws(WorkbookError) {
    var path = path
    while path.count > 1, path.hasSuffix("/") { path.removeLast() }
    self.path = path
    let isSingleFile = isFile(path)
    guard isSingleFile || isFolder(path) else {
      let reason =
        access(path, F_OK) == 0 ? "it is no file and no folder" : String(cString: strerror(errno))
      throw .missing("cannot open \(path): \(reason)", remedy: nil)
    }
    var reading = Reading()
    if isSingleFile {
      reading.read(path, pathInFolder: nil)
      root =
        path.lastIndex(of: "/").map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
      pictures = []
    } else {
      let folder = MarkdownFolder(path)
      reading.problems = folder.problems
      root = path
      pictures = folder.pictures
      for file in folder.files { reading.read(path + "/" + file, pathInFolder: file) }
    }
    guard !reading.notes.isEmpty || !reading.problems.isEmpty else {
      throw .missing(
        "there is no Markdown file in \(path)",
        remedy: "name a folder that holds files whose names end in .md")
    }
    guard !reading.notes.isEmpty else { throw .badData(reading.problems) }
    course = Course(inOrder: reading.notes)
    problems = reading.problems
    departures = reading.formatProblems
  }

  /// The name of the folder or the file, as a title.
  public var name: String {
    let full = (try? absolutePath(path)) ?? path
    let last = full.split(separator: "/").last { $0 != "." }.map(String.init) ?? path
    return OwnFile.withoutEnding(last)
  }

  /// The notes for stepping through: what stands before a note's first step is a step of its own.
  public var stepped: Course {
    Course(inOrder: course.notes.map(\.stepped))
  }

  private struct Reading {
    var notes: [Note] = []
    var problems: [Problem] = []
    var formatProblems: [Problem] = []

    /// Reads one file.
    ///
    /// - Parameter pathInFolder: nil for a file that was opened by itself.
    mutating func read(_ file: String, pathInFolder: String?) {
      do throws(Problem) {
        let bytes = try OwnFile.read(file)
        if let problem = OwnFile.encodingProblem(of: bytes, file: file) { problems.append(problem) }
        let (note, found) = try Note.parse(bytes, file: file)
        notes.append(Self.named(note, pathInFolder: pathInFolder))
        formatProblems += found
      } catch {
        problems.append(error)
      }
    }

    /// The note with names derived from the file name, where `2026-01-05` is a name and not a number.
    private static func named(_ note: Note, pathInFolder: String?) -> Note {
      var note = note
      let stem = OwnFile.withoutEnding(note.file.split(separator: "/").last.map(String.init) ?? "")
      if note.title == note.slug { note.title = stem }
      if stem != note.slug { note.aliases.append(note.slug) }
      note.slug = stem
      note.number = nil
      if let pathInFolder, pathInFolder.contains("/") {
        note.aliases.append(OwnFile.withoutEnding(pathInFolder))
      }
      return note
    }
  }

  // MARK: Finding

  /// The note with this name, or with this position in the list, counted from 1.
  ///
  /// - Throws: `WorkbookError.usage` if there is none, with a suggestion.
  public func note(named name: String) throws(WorkbookError) -> Note {
    if let note = course.note(named: OwnFile.withoutEnding(name)) { return note }
    if let number = Int(name), course.notes.indices.contains(number - 1) {
      return course.notes[number - 1]
    }
    let hint = Suggestion.phrase(for: name, among: course.noteNames)
    throw .usage(
      "no note is called '\(name)'" + (hint.isEmpty ? "; 'workbook open \(path)' names them" : hint)
    )
  }

  /// The example with this id; `NOTE/ID` if several notes use the same id.
  ///
  /// - Throws: `WorkbookError.usage` if there is no such example, or more than one.
  public func example(named name: String) throws(WorkbookError) -> (note: Note, example: Example) {
    let all = course.notes.flatMap { note in note.examples.map { (note: note, example: $0) } }
    let matching = all.filter { $0.example.id == name }
    if matching.count == 1 { return matching[0] }
    if let slash = name.lastIndex(of: "/") {
      let note = try note(named: String(name[..<slash]))
      let id = name[name.index(after: slash)...]
      if let example = note.examples.first(where: { $0.id == id }) { return (note, example) }
      throw .usage(
        "note '\(note.slug)' has no example '\(id)'"
          + Suggestion.phrase(for: String(id), among: note.examples.map(\.id)))
    }
    guard matching.isEmpty else {
      let choices = matching.prefix(5).map { "'\($0.note.slug)/\(name)'" }
      throw .usage(
        "\(matching.count) notes have an example '\(name)'; say which, such as "
          + choices.joined(separator: " or "))
    }
    throw .usage(
      all.isEmpty
        ? "there is no Swift fence in \(path)"
        : "no example is called '\(name)'"
          + Suggestion.phrase(for: name, among: all.map(\.example.id)))
  }
}

extension Note {
  /// The note with its introduction as a step that has the note's title.
  fileprivate var stepped: Note {
    guard let first = introduction.first, let last = introduction.last else { return self }
    var note = self
    var anchor = Slug.anchor(title)
    // Progress is recorded by anchor, so that of another step will not do.
    while steps.contains(where: { $0.anchor == anchor }) { anchor += "-" }
    note.introduction = []
    note.steps.insert(
      Step(
        title: [.text(title)], anchor: anchor, blocks: introduction,
        range: SourceRange(start: first.range.start, endLine: last.range.endLine),
        source: introduction.map(\.inlines.plainText).joined(separator: "\n")), at: 0)
    return note
  }
}
