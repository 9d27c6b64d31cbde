public import Lessons
public import NoteFormat
public import ProgramSupport
import Terminal

/// The course as static web pages, without scripts.
///
/// Equal notes give equal bytes.
public struct HTMLSite: Sendable {
  /// The files of the site, by their paths relative to its folder.
  public private(set) var files: [String: [UInt8]] = [:]
  let course: Course
  /// The name and the first words of a site of own notes; nil for the course.
  let ownName: String?
  let reference: CourseReference

  /// Generates the pages of a course.
  ///
  /// - Parameters:
  ///   - pictures: what its examples have shown, by their ids; where there is nothing, the text of their
  ///     output stands.
  ///   - reference: the glossary and the cheat sheets, which get pages of their own.
  /// - Throws: `WorkbookError.missing` if a picture of a note cannot be read.
  public init(
    _ course: Course, workspace: Workspace, pictures: [String: ShownPictures] = [:],
    reference: CourseReference = CourseReference()
  ) throws(WorkbookError) {
    try self.init(
      SiteLinks(course: course, root: workspace.root), ownName: nil, pictures: pictures,
      reference: reference)
  }

  /// Generates the pages of the user's own notes.
  ///
  /// - Throws: `WorkbookError.missing` if a picture of a note cannot be read.
  public init(_ notes: OwnNotes) throws(WorkbookError) {
    try self.init(
      SiteLinks(course: notes.course, root: notes.root, pictures: notes.pictures),
      ownName: notes.name)
  }

  private init(
    _ links: SiteLinks, ownName: String?, pictures: [String: ShownPictures] = [:],
    reference: CourseReference = CourseReference()
  ) throws(WorkbookError) {
    course = links.course
    self.ownName = ownName
    self.reference = reference
    var links = links
    var pictureStyle = ""
    for index in course.notes.indices {
      let page = NoteHTML(course.notes[index], links: links, pictures: pictures)
      links = page.links
      if !page.pictureStyle.isEmpty { pictureStyle = page.pictureStyle }
      addPage(of: index, page)
      addSheet(of: course.notes[index], &links, pictures)
    }
    addGlossary(links)
    add("index.html", indexPage(links))
    for path in links.sources.sorted() { addSource(path, links) }
    for path in links.pictures.sorted() {
      files["\(SiteLinks.picturesFolder)/\(path)"] = try readFile(links.root + "/" + path)
    }
    add(
      "style.css", pictureStyle.isEmpty ? SiteStyle.css : SiteStyle.css(withPictures: pictureStyle))
    add("icon.svg", SiteStyle.icon)
  }

  mutating func add(_ path: String, _ text: String) {
    files[path] = Array(text.utf8)
  }

  // MARK: Notes

  private mutating func addPage(of index: Int, _ page: NoteHTML) {
    let note = course.notes[index]
    var main = "<article>\n<h1>\(Markup.escaped(note.title))</h1>\n"
    main += contents(of: note, page.links)
    main += "<div class=\"text\">\n\(page.body)</div>\n</article>\n"
    if reference.sheets.sheet(of: note) != nil {
      let sheet = Markup.encoded(path: Self.sheetName(of: note, page.links))
      main += "<p class=\"keep\"><a href=\"\(sheet)\">A page to keep</a>, to be printed</p>\n"
    }
    main += "<nav class=\"along\" aria-label=\"Notes\">\n"
    for (offset, name, arrow) in [(-1, "previous", "Before"), (1, "next", "Next")] {
      guard course.notes.indices.contains(index + offset) else { continue }
      let other = course.notes[index + offset]
      main += "<a class=\"\(name)\" rel=\"\(offset < 0 ? "prev" : "next")\" href=\""
      main += Markup.encoded(path: page.links.fileName(of: other))
      main += "\"><span>\(arrow)</span> \(Markup.escaped(other.title))</a>\n"
    }
    main += "</nav>\n"
    add(
      page.links.page(of: note),
      PageFrame(
        title: note.title, description: note.steps.map(\.title.plainText).joined(separator: ". "),
        toRoot: "../", main: main, ownName: ownName, hasGlossary: hasGlossary
      ).html)
  }

  private func contents(of note: Note, _ links: SiteLinks) -> String {
    guard note.steps.count > 1 else { return "" }
    var html = "<nav class=\"contents\" aria-label=\"Steps\">\n<details>"
    html += "<summary>\(note.steps.count) steps</summary>\n<ol>\n"
    for (index, step) in note.steps.enumerated() {
      html += "<li><a href=\"\(links.fragment(ofStep: index, in: note))\">"
      html += Markup.escaped(step.title.plainText) + "</a></li>\n"
    }
    return html + "</ol>\n</details>\n</nav>\n"
  }

  private func indexPage(_ links: SiteLinks) -> String {
    let lead = """
      <p class="lead">\(Markup.escaped(PageFrame.siteSubject)). Each note explains a part, asks,
      shows code with what it prints, and gives you a piece of the protocol to write.</p>

      """
    var main = "<h1>\(Markup.escaped(ownName ?? PageFrame.siteName))</h1>\n"
    if ownName == nil { main += lead }
    main += "<ol class=\"course\">\n"
    for note in course.notes {
      let page = Markup.encoded(path: links.page(of: note))
      main += "<li>\n<h2><a href=\"\(page)\">\(Markup.escaped(note.title))</a></h2>\n"
      if !note.steps.isEmpty { main += "<ol>\n" }
      for (index, step) in note.steps.enumerated() {
        main += "<li><a href=\"\(page)\(links.fragment(ofStep: index, in: note))"
        main += "\">\(Markup.escaped(step.title.plainText))</a></li>\n"
      }
      if !note.steps.isEmpty { main += "</ol>\n" }
      if !note.exercises.isEmpty {
        let titles = note.exercises.map { Markup.escaped($0.title.plainText) }
        main += "<p class=\"exercises\"><span class=\"kind\">Exercise</span> "
        main += titles.joined(separator: ", ") + "</p>\n"
      }
      main += "</li>\n"
    }
    main += "</ol>\n"
    main += referenceList(links)
    let todo = """
      <h2>To do them</h2>
      <p>In the workbook itself the examples run, your predictions are compared, and your answers
      are checked:</p>
      <pre><code>./workbook</code></pre>

      """
    if ownName == nil { main += todo }
    return PageFrame(
      title: ownName ?? PageFrame.siteName,
      description: ownName == nil ? PageFrame.siteSubject : "", toRoot: "", main: main,
      kind: .index, ownName: ownName, hasGlossary: hasGlossary
    ).html
  }

  // MARK: Sources

  private mutating func addSource(_ path: String, _ links: SiteLinks) {
    guard let text = SiteLinks.text(of: path, in: links.root) else { return }
    let lines =
      path.hasSuffix(".swift")
      ? Markup.swiftLines(text) : OutputPattern.lines(of: text).map { StyledText($0) }
    var main = "<h1><code>\(Markup.escaped(path))</code></h1>\n<pre class=\"swift source\"><code>"
    for (index, line) in lines.enumerated() {
      main += "<span class=\"line\" id=\"L\(index + 1)\">\(Markup.code(line))</span>\n"
    }
    main += "</code></pre>\n"
    let page = SiteLinks.page(ofSource: path)
    let depth = page.count { $0 == "/" }
    add(
      page,
      PageFrame(
        title: path, toRoot: String(repeating: "../", count: depth), main: main, kind: .source,
        ownName: ownName, hasGlossary: hasGlossary
      ).html)
  }
}
