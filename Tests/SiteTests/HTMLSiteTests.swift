import NoteFormat
import TestSupport
import Testing

@testable import Lessons
@testable import Site

@Suite struct HTMLSiteTests {
  static let course = try! NoteLibrary.compiled.course()
  static let site = try! HTMLSite(course, workspace: Program.workspace)
  static let pages = site.files.keys.filter { $0.hasSuffix(".html") }.sorted()

  static func text(_ path: String, in site: HTMLSite = site) -> String {
    String(decoding: site.files[path] ?? [], as: UTF8.self)
  }

  static func page(_ path: String, in site: HTMLSite = site) -> HTMLPage {
    HTMLPage(text(path, in: site))
  }

  /// A site of one note with this text below its title.
  static func site(of text: String) throws -> HTMLSite {
    let note = try Note.parse(Array(("# Mine\n\n" + text).utf8), file: "notes/90-mine.md").note
    return try HTMLSite(Course([note]), workspace: Program.workspace)
  }

  /// The one note's part of the page.
  static func body(of text: String) throws -> String {
    let page = self.text("notes/mine.html", in: try site(of: text))
    let start = try #require(page.firstRange(of: "<div class=\"text\">\n"))
    let end = try #require(page.firstRange(of: "</div>\n</article>"))
    return String(page[start.upperBound..<end.lowerBound])
  }

  // MARK: Every page

  @Test("A page is whole: it nests, closes, and has one title, one heading and no id twice")
  func structure() {
    #expect(Self.pages.count > Self.course.notes.count)
    for path in Self.pages {
      let page = Self.page(path)
      #expect(page.complaints.isEmpty, "\(path)")
      #expect(page.all("title").count == 1, "\(path)")
      #expect(page.all("h1").count == 1, "\(path)")
      #expect(page.all("main").count == 1, "\(path)")
      #expect(page.all("html").first?.attributes["lang"] == "en", "\(path)")
      #expect(
        page.all("meta").contains {
          $0.attributes["name"] == "viewport" && $0.attributes["content"]?.contains("width") == true
        }, "\(path)")
      #expect(Set(page.ids).count == page.ids.count, "\(path)")
      #expect(!page.ids.contains { $0.isEmpty || $0.contains(where: \.isWhitespace) }, "\(path)")
    }
  }

  @Test("A heading follows one of at most a level above, so that the outline has no gaps")
  func outline() {
    for path in Self.pages {
      let levels = Self.page(path).elements.compactMap { element -> Int? in
        element.name.count == 2 && element.name.first == "h" ? Int(element.name.dropFirst()) : nil
      }
      for (before, after) in zip(levels, levels.dropFirst()) {
        #expect(after <= before + 1, "\(path)")
      }
    }
  }

  @Test("Every link is relative and leads to a file of the site and to an id on its page")
  func links() {
    var fragments = 0
    for path in Self.pages {
      for link in Self.page(path).links where !link.hasPrefix("https://") {
        let parts = link.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
        let target = parts[0].isEmpty ? path : Self.resolve(String(parts[0]), from: path)
        guard let target, Self.site.files[target] != nil else {
          Issue.record("\(path): \(link) leads nowhere")
          continue
        }
        guard parts.count > 1 else { continue }
        fragments += 1
        let isThere = Self.page(target).ids.contains {
          parts[1] == $0 || parts[1] == Markup.encoded(path: $0)
        }
        #expect(isThere, "\(path): \(link)")
      }
    }
    #expect(fragments > 20)
  }

  /// The path in the site, its percent-encoding undone; nil where it is not relative or leaves it.
  static func resolve(_ link: String, from page: String) -> String? {
    guard !link.hasPrefix("/"), !link.contains(":") else { return nil }
    var parts = page.split(separator: "/").dropLast().map(String.init)
    for part in link.split(separator: "/").map(String.init) {
      if part != ".." {
        parts.append(part.replacing("%20", with: " "))
      } else if parts.popLast() == nil {
        return nil
      }
    }
    return parts.joined(separator: "/")
  }

  @Test("No page has a script, a style of its own, or anything that would fetch or run something")
  func nothingActive() {
    for path in Self.pages {
      for element in Self.page(path).elements {
        #expect(!["script", "style", "iframe", "object", "form"].contains(element.name), "\(path)")
        for name in element.attributes.keys {
          #expect(!name.hasPrefix("on") && name != "style", "\(path)")
        }
      }
    }
    #expect(!Self.text("style.css").contains("url("))
  }

  @Test("The same notes give the same bytes")
  func deterministic() throws {
    #expect(try HTMLSite(Self.course, workspace: Program.workspace).files == Self.site.files)
  }

  // MARK: What is on them

  @Test("The first page names every note and every step")
  func index() {
    let page = Self.page("index.html")
    for note in Self.course.notes {
      #expect(page.links.contains("notes/\(note.slug).html"))
      for step in note.steps {
        let fragment = Markup.encoded(path: step.anchor)
        #expect(page.links.contains("notes/\(note.slug).html#\(fragment)"))
      }
    }
  }

  @Test("Every example stands there with its code and its output", arguments: course.notes)
  func examples(note: Note) throws {
    let page = Self.page("notes/\(note.slug).html")
    let code = Set(page.all("pre").map(\.text))
    for example in note.examples {
      #expect(page.ids.contains("example:\(example.id)"))
      #expect(code.contains(example.code.text), "\(example.id)")
      if let output = example.output { #expect(code.contains(output.text), "\(example.id)") }
    }
    for quotation in note.quotations { #expect(code.contains(quotation.code.text)) }
  }

  @Test("Answers, hints and outputs to predict are folded", arguments: course.notes)
  func folded(note: Note) throws {
    let page = Self.page("notes/\(note.slug).html")
    let summaries = page.all("summary").map(\.text)
    #expect(summaries.count { $0 == "Answer" } == note.questions.count)
    #expect(summaries.count { $0.hasPrefix("Hint ") } == 3 * note.exercises.count)
    let predictions = note.examples.filter(\.asksForPrediction)
    #expect(summaries.count { $0.hasSuffix("Decide, then look.") } == predictions.count)
    for example in predictions {
      let output = page.all("samp").filter { $0.text == example.output?.text }
      #expect(output.contains { $0.ancestors.contains("details") }, "\(example.id)")
    }
    #expect(!page.all("details").contains { $0.attributes["open"] != nil })
  }

  @Test("Text behind an output that is to be predicted shows once the output is looked at")
  func behindPrediction() throws {
    let output = "```output\n1\n```\n\n"
    let html = try Self.body(
      of: """
        ## Step

        Before.

        ```swift id=a predict="Which?" answer=1
        print(1)
        ```

        \(output)It is 1.

        | a |
        | - |
        | 1 |

        ### Question: And now?

        <details><summary>Answer: 2</summary>

        Later.

        </details>

        ```swift id=b
        print(1)
        ```

        \(output)In sight.

        """)
    let parts = html.split(separator: "<div class=\"behind\">")
    try #require(parts.count == 2)
    #expect(parts[0].hasSuffix("</details>\n</figure>\n"))
    let behind = parts[1].split(separator: "</div>\n<section class=\"question\">")
    try #require(behind.count == 2)
    #expect(behind[0].contains("<p>It is 1.</p>") && behind[0].contains("<td>1</td>"))
    #expect(behind[1].contains("<p>In sight.</p>"))
    #expect(
      Self.text("style.css").contains(
        ".example:has(> details.output:not([open])) + .behind { display: none; }"))
  }

  @Test("A quotation leads to its first line in the file it is from")
  func quotations() throws {
    for note in Self.course.notes {
      let page = Self.page("notes/\(note.slug).html")
      for quotation in note.quotations {
        let prefix = "../code/\(quotation.path).html#L"
        let link = try #require(page.links.first { $0.hasPrefix(prefix) }, "\(quotation.path)")
        let line = String(link.dropFirst(prefix.count - 1))
        let source = Self.page("code/\(quotation.path).html")
        let text = try #require(source.elements.first { $0.attributes["id"] == line }?.text)
        #expect(
          quotation.code.text.split(separator: "\n").contains { text.hasSuffix($0) }, "\(text)")
      }
    }
  }

  @Test("A wiki link leads to the note, or to the step that it names")
  func wikiLinks() throws {
    let first = try Note.parse(
      Array("# One\n\n## A step\n\n[[two]], [[two#Its step|there]], [[#A step]], [[three]]\n".utf8),
      file: "notes/01-one.md"
    ).note
    let second = try Note.parse(
      Array("# Two\n\n## Its step\n\nText.\n".utf8), file: "notes/02-two.md"
    ).note
    let site = try HTMLSite(Course([first, second]), workspace: Program.workspace)
    #expect(
      Self.text("notes/one.html", in: site).contains(
        """
        <p><a href="two.html">two</a>, <a href="two.html#its-step">there</a>, \
        <a href="#a-step">A step</a>, three</p>
        """))
  }

  @Test("A STUN message is a table with a row for each field")
  func dump() throws {
    let html = try Self.body(of: "```stun\n000100002112a442000102030405060708090a0b\n```\n")
    #expect(html.contains("<td>4</td><td><code>21 12 a4 42</code></td><td><strong>Magic Cookie"))
    #expect(html.contains("<code>00 01 02 03<br>04 05 06 07<br>08 09 0a 0b</code>"))
    #expect(html.contains("..00 000. 000. 0001"))
  }

  @Test("Bytes that are no STUN message are marked in words, not by colour alone")
  func brokenDump() throws {
    let html = try Self.body(of: "```stun\n0001\n```\n")
    #expect(html.contains("<tr class=\"problem\">"))
    #expect(html.contains(" (!)</td>"))
  }

  @Test("Every role of code has a colour")
  func colours() {
    for role in ["keyword", "type", "string", "number", "comment", "attribute"] {
      #expect(Self.text("style.css").contains("\n.\(role) { color: var(--\(role));"))
    }
    #expect(Self.text("style.css").contains("@media (prefers-color-scheme: dark)"))
    #expect(Self.text("style.css").contains("@media print"))
  }

  // MARK: Text from anywhere

  @Test(
    "Whatever a note holds, its page shows it as text or leaves it out",
    arguments: [
      ("<script>alert(1)</script>\n", ""),
      ("a <b onclick=\"x\">b</b> c\n", "<p>a b c</p>\n"),
      ("[x](javascript:alert(1))\n", "<p>x</p>\n"),
      ("[x](JavaScript:alert(1))\n", "<p>x</p>\n"),
      ("[x](data:text/html,y)\n", "<p>x</p>\n"),
      (
        "[x](https://example.org/?a=1&b=2 \"a \\\"b\\\"\")\n",
        "<p><a href=\"https://example.org/?a=1&amp;b=2\" title=\"a &quot;b&quot;\">x</a></p>\n"
      ),
      ("[x](../../../etc/passwd) [y](/etc/passwd) [z](../.git/config)\n", "<p>x y z</p>\n"),
      (
        "![a](https://example.org/x.png) ![<](../../x.png)\n",
        "<p>[picture: a] [picture: &lt;]</p>\n"
      ),
      (
        "`<i>` & \"q\" 'r' \u{1B}[31m\u{202E}\n",
        "<p><code>&lt;i&gt;</code> &amp; &quot;q&quot; &#39;r&#39; ␛[31m\\u{202E}</p>\n"
      ),
      (
        "```text\n</code></pre><script>\n```\n",
        "<pre><code>&lt;/code&gt;&lt;/pre&gt;&lt;script&gt;\n</code></pre>\n"
      ),
      ("```\n\n\nx\n```\n", "<pre><code>\n\nx\n</code></pre>\n"),
      (
        "<details><summary><img src=x></summary>\n\ny\n\n</details>\n",
        "<details><summary>&lt;img src=x&gt;</summary>\n<p>y</p>\n</details>\n"
      ),
      (
        "3. a\n4. b\n\n   c\n",
        "<ol start=\"3\">\n<li><p>a</p>\n</li>\n<li><p>b</p>\n<p>c</p>\n</li>\n</ol>\n"
      ),
      ("- a\n  - b\n", "<ul>\n<li>a\n<ul>\n<li>b\n</li>\n</ul>\n</li>\n</ul>\n"),
      (
        "> q\n\n---\n\n#### Deep *one*\n",
        "<blockquote>\n<p>q</p>\n</blockquote>\n<hr>\n<h4 id=\"deep-one\">Deep <em>one</em></h4>\n"
      ),
    ])
  func hostile(text: String, html: String) throws {
    #expect(try Self.body(of: text) == html)
    let site = try Self.site(of: text)
    #expect(Self.page("notes/mine.html", in: site).complaints.isEmpty)
  }

  @Test("Headings of the same words, or of none, still have ids of their own")
  func sameHeadings() throws {
    let site = try Self.site(
      of: "## !!!\n\n### A\n\n### A\n\n## A\n\n### ?\n\n### ?\n\n## Step 1\n\n## Page text\n")
    let page = Self.page("notes/mine.html", in: site)
    #expect(Set(page.ids).count == page.ids.count)
    #expect(page.ids.count == 9)
    #expect(page.complaints.isEmpty)
  }

  @Test("Titles and names with marks of HTML in them stay text")
  func markedTitles() throws {
    let note = try Note.parse(
      Array("# \\<A> & \"B\"\n\n## `x` < y\n".utf8), file: "notes/a b&c.md"
    ).note
    let site = try HTMLSite(Course([note]), workspace: Program.workspace)
    for path in ["index.html", "notes/a b&c.html"] {
      #expect(Self.page(path, in: site).complaints.isEmpty)
    }
    #expect(Self.page("index.html", in: site).links.contains("notes/a%20b%26c.html"))
    #expect(Self.page("notes/a b&c.html", in: site).all("h1").map(\.text) == ["<A> & \"B\""])
  }
}
