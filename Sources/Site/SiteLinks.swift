import Lessons
import NoteFormat
import ProgramSupport

/// Resolves the links of a note's page, and collects the files that the site needs for them.
struct SiteLinks {
  let course: Course
  let workspace: Workspace
  /// The source files that have a page, by their paths in the project.
  private(set) var sources: Set<String> = []
  /// The pictures to copy, by their paths in the project.
  private(set) var pictures: Set<String> = []

  init(course: Course, workspace: Workspace) {
    self.course = course
    self.workspace = workspace
  }

  /// The folder of the notes' pages within the site.
  static let notesFolder = "notes"
  static let sourcesFolder = "code"
  static let picturesFolder = "pictures"

  static func page(of note: Note) -> String { "\(notesFolder)/\(note.slug).html" }
  static func page(ofSource path: String) -> String { "\(sourcesFolder)/\(path).html" }

  /// The fragment of a link to a step; a heading of only punctuation gets a number.
  func identifier(ofStep index: Int, in note: Note) -> String {
    let anchor = note.steps[index].anchor
    return anchor.isEmpty ? "step:\(index + 1)" : anchor
  }

  // MARK: From a note's page

  func destination(of link: WikiLink, in note: Note) -> String? {
    guard let found = course.destination(of: link, in: note) else { return nil }
    var href = found.note.file == note.file ? "" : Markup.encoded(path: found.note.slug + ".html")
    if let step = found.step, let index = found.note.steps.firstIndex(of: step) {
      href += "#" + identifier(ofStep: index, in: found.note)
    } else if href.isEmpty {
      href = "#page:text"
    }
    return href
  }

  /// The destination of a CommonMark link: a URL, or the page of a note or file; nil if it has none or
  /// would run a script.
  mutating func destination(of link: MarkdownLink) -> String? {
    let destination = link.destination
    if let scheme = Self.scheme(of: destination) {
      return ["http", "https", "mailto"].contains(scheme) ? destination : nil
    }
    guard let path = pathInProject(destination) else { return nil }
    if path.hasPrefix("notes/"), path.hasSuffix(".md"),
      let note = course.note(named: String(path.dropFirst("notes/".count)))
    {
      let section = destination.split(separator: "#", maxSplits: 1).dropFirst().first
      let step = section.flatMap { note.stepIndex(named: String($0)) }
      return Markup.encoded(path: note.slug + ".html")
        + (step.map { "#" + identifier(ofStep: $0, in: note) } ?? "")
    }
    return source(path)
  }

  /// The link to the page of a source file, or to the first line of a region on it.
  mutating func source(_ path: String, region: String? = nil) -> String? {
    guard let text = Self.text(of: path, in: workspace) else { return nil }
    sources.insert(path)
    let href = "../" + Markup.encoded(path: Self.page(ofSource: path))
    guard let region else { return href }
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    let mark = lines.firstIndex { $0.split(separator: " ") == ["//", "snippet." + region] }
    return mark.map { "\(href)#L\($0 + 2)" } ?? href
  }

  /// The link to the copy of a picture; nil if it is not a picture in the project.
  mutating func picture(_ destination: String) -> String? {
    let endings = [".png", ".jpg", ".jpeg", ".gif", ".svg", ".webp"]
    guard Self.scheme(of: destination) == nil, let path = pathInProject(destination),
      endings.contains(where: path.lowercased().hasSuffix), isFile(workspace.root + "/" + path)
    else { return nil }
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

  /// The path in the project that a note refers to; nil if it is outside the project.
  private func pathInProject(_ destination: String) -> String? {
    let path = destination.prefix { $0 != "#" && $0 != "?" }
    guard !path.isEmpty, !path.hasPrefix("/") else { return nil }
    var parts: [Substring] = ["notes"]
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
  static func text(of path: String, in workspace: Workspace) -> String? {
    let full = workspace.root + "/" + path
    guard !path.hasPrefix("/"), !path.split(separator: "/").contains(".."), isFile(full),
      let bytes = try? readFile(full), bytes.count <= 1 << 20
    else { return nil }
    return String(validating: bytes, as: UTF8.self)
  }
}
