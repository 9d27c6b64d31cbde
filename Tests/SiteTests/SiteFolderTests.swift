import FoundationEssentials
import Glibc
import NoteFormat
import ProgramSupport
import TestSupport
import Testing

@testable import Lessons
@testable import Site

@Suite final class SiteFolderTests {
  let base: String
  var folder: String { base + "/site" }

  init() {
    var template = Array("/tmp/workbook-test-XXXXXX".utf8CString)
    mkdtemp(&template)
    base = template.withUnsafeBufferPointer { String(cString: $0.baseAddress!) }
  }

  deinit {
    try? FileManager.default.removeItem(atPath: base)
  }

  func site(_ names: String...) throws -> HTMLSite {
    try HTMLSite(
      Course(
        try names.map { try Note.parse(Array("# \($0)\n".utf8), file: "notes/\($0).md").note }),
      workspace: Program.workspace)
  }

  func put(_ name: String, _ text: String = "mine") throws {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try Data(text.utf8).write(to: URL(filePath: folder + "/" + name))
  }

  func text(_ name: String) throws -> String {
    String(decoding: try Data(contentsOf: URL(filePath: folder + "/" + name)), as: UTF8.self)
  }

  @Test("A new folder gets every file, readable for all, and a marker that lists them")
  func new() throws {
    let site = try site("a")
    #expect(try SiteFolder(folder + "/").write(site) == site.files.count)
    for (name, bytes) in site.files {
      #expect(try readFile(folder + "/" + name) == bytes)
      var status = stat()
      stat(folder + "/" + name, &status)
      #expect(status.st_mode & 0o444 == 0o444, "\(name)")
    }
    let listed = try text(SiteFolder.marker).split(separator: "\n").dropFirst().map(String.init)
    #expect(listed == site.files.keys.sorted())
  }

  @Test("A second export writes what has changed alone, and removes what is no more")
  func again() throws {
    try SiteFolder(folder).write(site("a", "b"))
    #expect(try SiteFolder(folder).write(site("a", "b")) == 0)
    try put("CNAME")
    #expect(try SiteFolder(folder).write(site("a")) == 2)
    #expect(!isFile(folder + "/notes/b.html"))
    #expect(try text("CNAME") == "mine")
  }

  @Test("What an export that was killed had not put in place yet is removed by the next one")
  func killed() throws {
    try FileManager.default.createDirectory(
      atPath: folder + "/.workbook-export-new/files/notes", withIntermediateDirectories: true)
    try put(".workbook-export-new/files/notes/a.html", "half of")
    try SiteFolder(folder).write(site("a"))
    #expect(!names(in: folder).contains(".workbook-export-new"))
    #expect(isFile(folder + "/notes/a.html"))
  }

  @Test("A folder with something else in it is refused and stays as it is")
  func foreign() throws {
    try put("thesis.txt")
    let error = #expect(throws: WorkbookError.self) { try SiteFolder(folder) }
    #expect(
      error?.messages == [
        "\(folder) holds something else than an earlier export; name a folder that is empty or not "
          + "there yet"
      ])
    #expect(names(in: folder) == ["thesis.txt"])
    #expect(throws: WorkbookError.self) { try SiteFolder(folder + "/thesis.txt") }
  }

  @Test("A file of one's own beside an earlier export is never written over")
  func inTheWay() throws {
    try SiteFolder(folder).write(site("a"))
    try put("notes/b.html")
    #expect(throws: WorkbookError.self) { try SiteFolder(folder).write(site("a", "b")) }
    #expect(try text("notes/b.html") == "mine")
  }

  @Test("A marker that somebody has changed removes nothing outside the folder")
  func changedMarker() throws {
    try SiteFolder(folder).write(site("a"))
    try Data("mine".utf8).write(to: URL(filePath: base + "/outside"))
    try put(SiteFolder.marker, "title\n../outside\n\(base)/outside\n./../outside\nnotes/a.html\n")
    // What the marker no longer names is taken for somebody's own.
    #expect(throws: WorkbookError.self) { try SiteFolder(folder).write(site("b")) }
    try put(
      SiteFolder.marker, try text(SiteFolder.marker) + "index.html\nstyle.css\nicon.svg\n")
    try SiteFolder(folder).write(site("b"))
    #expect(isFile(base + "/outside"))
    #expect(!isFile(folder + "/notes/a.html"))
  }
}
