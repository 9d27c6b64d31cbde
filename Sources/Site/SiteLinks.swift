import Lessons
import NoteFormat
import ProgramSupport

/// Where the links on a note's page lead, and the files that the site needs because of them.
struct SiteLinks {
  let course: Course
  let workspace: Workspace
  /// Files of the project that have a page of their own, by their paths in it.
  private(set) var sources: Set<String> = []
  /// Pictures that are copied, by their paths in the project.
  private(set) var pictures: Set<String> = []

  init(course: Course, workspace: Workspace) {
    self.course = course
    self.workspace = workspace
  }

  /// The folder of the notes' pages, below the site's.
  static let notesFolder = "notes"
  static let sourcesFolder = "code"
  static let picturesFolder = "pictures"

  static func page(of note: Note) -> String { "\(notesFolder)/\(note.slug).html" }
  static func page(ofSource path: String) -> String { "\(sourcesFolder)/\(path).html" }

  /// What a link to a step has behind its `#`; headings of marks alone have no anchor of their own.
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

  /// A link of CommonMark's own kind: to the network as it stands, to a note or a file by its page;
  /// nil for one that leads nowhere or would run something.
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

  /// The way to the page of one of the project's files, and there to a region's first line.
  mutating func source(_ path: String, region: String? = nil) -> String? {
    guard let text = Self.text(of: path, in: workspace) else { return nil }
    sources.insert(path)
    let href = "../" + Markup.encoded(path: Self.page(ofSource: path))
    guard let region else { return href }
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    let mark = lines.firstIndex { $0.split(separator: " ") == ["//", "snippet." + region] }
    return mark.map { "\(href)#L\($0 + 2)" } ?? href
  }

  /// The way to a picture's copy; nil for what is no picture in the project.
  mutating func picture(_ destination: String) -> String? {
    let endings = [".png", ".jpg", ".jpeg", ".gif", ".svg", ".webp"]
    guard Self.scheme(of: destination) == nil, let path = pathInProject(destination),
      endings.contains(where: path.lowercased().hasSuffix), isFile(workspace.root + "/" + path)
    else { return nil }
    pictures.insert(path)
    return "../" + Markup.encoded(path: "\(Self.picturesFolder)/\(path)")
  }

  // MARK: Paths

  /// `https` for `https://…`; nil for a path.
  private static func scheme(of destination: String) -> String? {
    guard let colon = destination.firstIndex(of: ":") else { return nil }
    let scheme = destination[..<colon]
    return scheme.contains { "/?#".contains($0) } ? nil : scheme.lowercased()
  }

  /// The path that a note means, from the project's folder; nil where it leaves that folder.
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
    // Nothing hidden is published.
    guard !parts.isEmpty, !parts.contains(where: { $0.hasPrefix(".") }) else { return nil }
    return parts.joined(separator: "/")
  }

  /// The text of a file of the project; nil where it is none, or none that a page can show.
  static func text(of path: String, in workspace: Workspace) -> String? {
    let full = workspace.root + "/" + path
    guard !path.hasPrefix("/"), !path.split(separator: "/").contains(".."), isFile(full),
      let bytes = try? readFile(full), bytes.count <= 1 << 20
    else { return nil }
    return String(validating: bytes, as: UTF8.self)
  }
}
