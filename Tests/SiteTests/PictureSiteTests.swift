import NoteFormat
import TestSupport
import Testing

@testable import Lessons
@testable import Site

/// What examples show, drawn on the pages.
@Suite struct PictureSiteTests {
  static let style = ".pathfinder{--ground:#fff}"
  static let svg = """
    <svg xmlns="http://www.w3.org/2000/svg" class="pathfinder" role="img" width="9" height="9">
    <title>Ladder</title>
    <desc>alice sends &quot;Hi&quot; to bob.</desc>
    <style>
    \(style)
    </style>
    <rect width="9" height="9" class="ground"/>
    <text x="1" y="2">alice</text>
    </svg>

    """
  static let note = """
    # Mine

    ## One

    ```swift id=drawn
    print("before")
    show(net)
    ```

    ```output
    before
    alice ┃ bob
    after
    ```

    """

  /// The one note's page and the style, where the example has shown a picture.
  func site(svg: String) throws -> (page: HTMLPage, text: String, css: String) {
    func quoted(_ text: String) -> String {
      "\""
        + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
        .replacing("\n", with: "\\n") + "\""
    }
    let line =
      #"{"version":1,"text":"alice ┃ bob","narrower":[],"words":"w","svg":\#(quoted(svg))}"#
    let pictures = ShownPictures(reading: Array(line.utf8))
    #expect(pictures.problem == nil)
    let note = try Note.parse(Array(Self.note.utf8), file: "notes/90-mine.md").note
    let site = try HTMLSite(
      Course([note]), workspace: Program.workspace, pictures: ["drawn": pictures])
    func text(_ path: String) -> String { String(decoding: site.files[path] ?? [], as: UTF8.self) }
    return (HTMLPage(text("notes/mine.html")), text("notes/mine.html"), text("style.css"))
  }

  @Test("A picture stands where its text was, described, with its texts as text")
  func picture() throws {
    let (page, text, css) = try site(svg: Self.svg)
    #expect(page.complaints == [])
    let svg = try #require(page.all("svg").first)
    #expect(svg.ancestors.contains("figure"))
    #expect(svg.attributes["role"] == "img")
    #expect(page.all("desc").map(\.text) == ["alice sends \"Hi\" to bob."])
    #expect(page.all("text").map(\.text) == ["alice"])
    #expect(page.all("samp").map(\.text) == ["before\n", "after\n"])
    // The style is the same for all pictures, and no page has one of its own.
    #expect(!text.contains("<style") && !text.contains("--ground:#fff"))
    #expect(css.hasPrefix(Self.style))
    #expect(css.contains(SiteStyle.css))
  }

  @Test(
    "A picture that may not stand in a page is left as text",
    arguments: [
      "", "nonsense", String(svg.dropLast(12)),
      svg.replacing("<text", with: "<script"),
      svg.replacing("<text x=\"1\"", with: "<text onclick=\"x()\""),
      svg.replacing("<text x=\"1\"", with: "<text\nONCLICK=\"x()\""),
      svg.replacing("<text x=\"1\"", with: "<text href=\"x\""),
      svg.replacing("</text>", with: "</rect>"),
      svg.replacing("</text>", with: ""),
      svg.replacing("</text>\n", with: "</text>\n</svg><text>\n").replacing(
        "</svg>\n", with: "</text></svg>\n"),
      svg.replacing(style, with: "a{background:url(x)}"),
      svg.replacing(style, with: "@import 'x';"),
      svg.replacing("<title>Ladder</title>", with: "<foreignObject></foreignObject>"),
      svg.replacing("width=\"9\" height=\"9\" class=\"ground\"/", with: "width=\"9"),
    ])
  func refused(svg: String) throws {
    let (page, _, css) = try site(svg: svg)
    #expect(page.complaints == [])
    #expect(page.all("svg").isEmpty)
    #expect(page.all("samp").map(\.text) == ["before\n", "alice ┃ bob\n", "after\n"])
    #expect(css == SiteStyle.css)
  }
}
