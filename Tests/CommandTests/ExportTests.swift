import FoundationEssentials
import Lessons
import TestSupport
import Testing

/// The exported site as a browser and a validator see it.
@Suite(.serialized, .waitsForChildren) final class ExportTests {
  let base: String
  let site: String

  init() throws {
    base = TestFolder.make()
    site = base + "/the site"
    let result = try Program.run(["export", "html", site])
    #expect(result.exitCode == 0, "\(result.errorOutput)")
    #expect(result.output.hasPrefix("Wrote \(site)/index.html: "))
  }

  deinit {
    try? FileManager.default.removeItem(atPath: base)
  }

  var pages: [String] {
    ((try? FileManager.default.subpathsOfDirectory(atPath: site)) ?? []).filter {
      $0.hasSuffix(".html")
    }.sorted()
  }

  @Test("The second export changes nothing, and --json says which files there are")
  func json() throws {
    let result = try Program.run(["export", "html", site, "--json"])
    #expect(result.output.contains("\"changed\" : 0"))
    for page in pages { #expect(result.output.contains("\"\(page)\"")) }
  }

  @Test("A folder that holds something else is refused")
  func foreignFolder() throws {
    let result = try Program.run(["export", "html", Program.workspace.root])
    #expect(result.exitCode == 69)
    #expect(result.errorOutput.contains("holds something else than an earlier export"))
  }

  @Test("Every page is valid HTML", .needs("tidy"))
  func valid() throws {
    #expect(!pages.isEmpty)
    for page in pages {
      let result = try Program.run("tidy", ["-quiet", "-errors", "-utf8", "\(site)/\(page)"])
      #expect(result.exitCode == 0, "\(page): \(result.errorOutput)")
    }
  }

  @Test("What examples show is drawn on their pages, and described")
  func pictures() throws {
    let page = try String(
      decoding: Data(contentsOf: URL(filePath: site + "/notes/the-call-that-fails.html")),
      as: UTF8.self)
    #expect(page.contains("<div class=\"picture\""))
    #expect(page.contains("<desc>0.0 ms: alice sends &quot;Hello, Bob!&quot; from 10.0.0.2:5000"))
    #expect(page.contains(">198.51.100.1:5000</text>"))
    #expect(!page.contains("├──"))
  }

  // MARK: In a browser

  func chromium(_ arguments: [String]) throws -> Program.Result {
    try Program.run(
      "chromium",
      [
        "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
        "--enable-logging=stderr", "--allow-file-access-from-files",
        "--user-data-dir=\(base)/browser",
      ] + arguments, seconds: 120)
  }

  /// A page of frames: in each a page of the site at a width of its own, as a phone or a desk has it.
  func frames(_ frames: [(page: String, width: Int, height: Int, scheme: String)], script: String)
    throws -> String
  {
    let elements = frames.map { frame in
      let address = URL(filePath: "\(site)/\(frame.page)").absoluteString
      return
        "<iframe src=\"\(address)\" data-name=\"\(frame.page) \(frame.width) \(frame.scheme)\" "
        + "style=\"width:\(frame.width)px;height:\(frame.height)px;border:0;"
        + "color-scheme:\(frame.scheme)\"></iframe>"
    }
    let html =
      "<!DOCTYPE html><meta charset=utf-8><body style=\"margin:0\">\(elements.joined())"
      + "<pre id=report></pre><script>\(script)</script>"
    let file = base + "/frames.html"
    try Data(html.utf8).write(to: URL(filePath: file))
    return URL(filePath: file).absoluteString
  }

  /// One line for each frame, behind `|`: the widths that say whether it scrolls sideways.
  static let measuring = """
    addEventListener('load', () => {
      for (const frame of document.querySelectorAll('iframe')) {
        const page = frame.contentDocument, root = page.documentElement
        const boxes = [...page.querySelectorAll('pre, .dump, .picture')]
        const wide = boxes.filter(box => box.scrollWidth > box.clientWidth).length
        const steps = page.querySelector('.contents ol')
        const open = steps ? steps.checkVisibility() : '-'
        const paper = frame.contentWindow.getComputedStyle(page.body).backgroundColor
        report.textContent +=
          ['', frame.dataset.name, root.scrollWidth, root.clientWidth, wide, open, paper].join('|')
          + '\\n'
      }
    })
    """

  @Test(
    "No page scrolls sideways on a phone or a desk, wide code scrolls in its box, and dark is dark",
    .needs("chromium"))
  func widths() throws {
    let frames = pages.flatMap { page in
      [390, 1280].flatMap { width in
        ["light", "dark"].map { (page: page, width: width, height: 800, scheme: $0) }
      }
    }
    let address = try self.frames(frames, script: Self.measuring)
    let result = try chromium(["--window-size=1400,900", "--dump-dom", address])
    let lines = result.output.split(separator: "\n").compactMap { line -> [Substring]? in
      guard let bar = line.firstIndex(of: "|") else { return nil }
      return line[bar...].split(separator: "|")
    }.filter { $0.count == 6 }
    #expect(lines.count == frames.count, "\(result.output.suffix(500))\(result.errorOutput)")
    var wideBoxes = 0
    for line in lines {
      let name = line[0]
      #expect(Int(line[1])! <= Int(line[2])!, "\(name)")
      #expect(name.contains(" \(line[2]) "), "\(name)")
      wideBoxes += name.contains(" 390 ") ? Int(line[3])! : 0
      // The steps stand open beside the text where there is room; a page to keep has none.
      if name.hasPrefix("notes/"), !name.contains(".sheet.html") {
        #expect(line[4] == (name.contains(" 1280 ") ? "true" : "false"))
      }
      #expect(line[5] == (name.hasSuffix("dark") ? "rgb(23, 25, 28)" : "rgb(253, 252, 250)"))
    }
    #expect(wideBoxes > 10)
    #expect(!result.errorOutput.contains("CONSOLE"), "\(result.errorOutput)")
  }

  @Test(
    "What a page in a frame says to the console is heard, so that silence means something",
    .needs("chromium"))
  func console() throws {
    let broken = "<!DOCTYPE html><title>x</title><script>nonesuch()</script>"
    try Data(broken.utf8).write(to: URL(filePath: site + "/broken.html"))
    let address = try frames(
      [(page: "broken.html", width: 390, height: 800, scheme: "light")], script: "")
    #expect(try chromium(["--dump-dom", address]).errorOutput.contains("CONSOLE"))
  }

  @Test(
    "Pictures of the site are kept for people to look at", .needs("chromium"),
    arguments: ["index.html", "notes/stun-message.html", "notes/the-call-that-fails.html"],
    [390, 1280])
  func screenshots(page: String, width: Int) throws {
    let folder = Program.workspace.buildFolder + "/screenshots"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    for scheme in ["light", "dark"] {
      let address = try frames(
        [(page: page, width: width, height: 1600, scheme: scheme)], script: "")
      let name = page.replacing("notes/", with: "").replacing(".html", with: "")
      let picture = "\(folder)/\(name)-\(width)-\(scheme).png"
      try? FileManager.default.removeItem(atPath: picture)
      _ = try chromium(["--window-size=\(width),1600", "--screenshot=\(picture)", address])
      let bytes = try Data(contentsOf: URL(filePath: picture))
      #expect(bytes.starts(with: [0x89, 0x50, 0x4E, 0x47]))
      // An empty page of this size takes less than a tenth of that.
      #expect(bytes.count > 40_000, "\(picture)")
    }
  }
}
