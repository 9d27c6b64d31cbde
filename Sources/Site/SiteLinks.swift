import Lessons
import NoteFormat
import ProgramSupport

/// Resolves the links of a note's page, and collects the files that the site needs for them.
struct SiteLinks {
  let course: Course
  /// The folder that all files of the site are from, without a trailing slash.
  let root: String
  /// The page of each note, by the note's file.
  private let pages: [String: String]
  /// The pictures that embeddings name without their folders, by their names.
  private let picturesByName: [String: String]
  /// The source files that have a page, by their paths in the project.
  private(set) var sources: Set<String> = []
  /// The pictures to copy, by their paths in the project.
  private(set) var pictures: Set<String> = []

  /// Creates the links of a course.
  ///
  /// - Parameters:
  ///   - root: the folder that all files are from.
  ///   - pictures: the paths of pictures in it that embeddings may name without their folders.
  init(course: Course, root: String, pictures: [String] = []) {
    self.course = course
    self.root = root
    var pages: [String: String] = [:]
    var taken: Set<String> = []
    for note in course.notes {
      // Notes of different folders may have the same name, and some file systems know no case.
      var name = note.slug
      var number = 1
      while !taken.insert(name.lowercased()).inserted {
        number += 1
        name = "\(note.slug)-\(number)"
      }
      pages[note.file] = name + ".html"
    }
    self.pages = pages
    picturesByName = Dictionary(
      pictures.map { ($0.split(separator: "/").last.map { $0.lowercased() } ?? "", $0) },
      uniquingKeysWith: { first, _ in first })
  }

  /// The folder of the notes' pages within the site.
  static let notesFolder = "notes"
  static let sourcesFolder = "code"
  static let picturesFolder = "pictures"

  /// The page of a note, within the folder of the notes' pages.
  func fileName(of note: Note) -> String { pages[note.file] ?? note.slug + ".html" }
  func page(of note: Note) -> String { "\(Self.notesFolder)/\(fileName(of: note))" }
  static func page(ofSource path: String) -> String { "\(sourcesFolder)/\(path).html" }

  /// The fragment of a link to a step; a heading of only punctuation gets a number.
  func identifier(ofStep index: Int, in note: Note) -> String {
    let anchor = note.steps[index].anchor
    return anchor.isEmpty ? "step:\(index + 1)" : anchor
  }

  /// What a link to a step ends with: `#` and the step's identifier, as an address writes it.
  func fragment(ofStep index: Int, in note: Note) -> String {
    "#" + Markup.encoded(path: identifier(ofStep: index, in: note))
  }

  // MARK: From a note's page

  func destination(of link: WikiLink, in note: Note) -> String? {
    guard let found = course.destination(of: link, in: note) else { return nil }
    var href = found.note.file == note.file ? "" : Markup.encoded(path: fileName(of: found.note))
    if let step = found.step, let index = found.note.steps.firstIndex(of: step) {
      href += fragment(ofStep: index, in: found.note)
    } else if href.isEmpty {
      href = "#page:text"
    }
    return href
  }

  /// The destination of a CommonMark link: a URL, or the page of a note or file; nil if it has none or
  /// would run a script.
  mutating func destination(of link: MarkdownLink, in note: Note) -> String? {
    let destination = link.destination
    if destination.hasPrefix("#") {
      let section = String(destination.dropFirst())
      return note.stepIndex(named: section).map { fragment(ofStep: $0, in: note) }
    }
    if let scheme = Self.scheme(of: destination) {
      return ["http", "https", "mailto"].contains(scheme) ? destination : nil
    }
    guard let path = path(of: destination, in: note) else { return nil }
    if let other = course.notes.first(where: { relative($0.file) == path }) {
      let section = destination.split(separator: "#", maxSplits: 1).dropFirst().first
      let step = section.flatMap { other.stepIndex(named: String($0)) }
      return Markup.encoded(path: fileName(of: other))
        + (step.map { fragment(ofStep: $0, in: other) } ?? "")
    }
    return source(path)
  }

  /// The link to the page of a source file, or to the first line of a region on it.
  mutating func source(_ path: String, region: String? = nil) -> String? {
    guard let text = Self.text(of: path, in: root) else { return nil }
    sources.insert(path)
    let href = "../" + Markup.encoded(path: Self.page(ofSource: path))
    guard let region else { return href }
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    let mark = lines.firstIndex { $0.split(separator: " ") == ["//", "snippet." + region] }
    return mark.map { "\(href)#L\($0 + 2)" } ?? href
  }

  /// The link to the copy of a picture; nil if it is not a picture in the project.
  ///
  /// A name that leads nowhere from its note is looked for in all folders, as Obsidian does.
  mutating func picture(_ destination: String, in note: Note) -> String? {
    guard Self.scheme(of: destination) == nil, Attachment.isPicture(destination) else { return nil }
    let name = destination.split(separator: "/").last.map { $0.lowercased() } ?? ""
    let candidates = [path(of: destination, in: note), picturesByName[name]].compactMap(\.self)
    guard let path = candidates.first(where: { isFile(root + "/" + $0) }) else { return nil }
    pictures.insert(path)
    return "../" + Markup.encoded(path: "\(Self.picturesFolder)/\(path)")
  }

  // MARK: Paths

  /// The scheme of a URL, `https` for `https://…`; nil for a path.
  private static func scheme(of destination: String) -> String? {
    guard let colon = destination.firstIndex(of: ":") else { return nil }
    let scheme = destination[..<colon]
    return scheme.contains { "/?#".contains($0) } ? nil : scheme.lowercased()
  }

  /// The path of a file relative to the root.
  private func relative(_ file: String) -> String {
    file.hasPrefix(root + "/") ? String(file.dropFirst(root.count + 1)) : file
  }

  /// The path in the project that a note refers to; nil if it is outside the project.
  private func path(of destination: String, in note: Note) -> String? {
    let path = destination.prefix { $0 != "#" && $0 != "?" }.replacing("%20", with: " ")
    guard !path.isEmpty, !path.hasPrefix("/") else { return nil }
    var parts = relative(note.file).split(separator: "/").dropLast().map { $0[...] }
    for part in path.split(separator: "/") {
      if part == ".." {
        if parts.popLast() == nil { return nil }
      } else if part != "." {
        parts.append(part)
      }
    }
    // Hidden files are not published.
    guard !parts.isEmpty, !parts.contains(where: { $0.hasPrefix(".") }) else { return nil }
    return parts.joined(separator: "/")
  }

  /// The text of a source file; nil if it is not a text file that a page can show.
  static func text(of path: String, in root: String) -> String? {
    let full = root + "/" + path
    guard !path.hasPrefix("/"), !path.split(separator: "/").contains(".."), isFile(full),
      let bytes = try? readFile(full), bytes.count <= 1 << 20
    else { return nil }
    return String(validating: bytes, as: UTF8.self)
  }
}
