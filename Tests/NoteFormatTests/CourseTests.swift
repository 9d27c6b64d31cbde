import NoteFormat
import Testing

@Suite struct CourseTests {
  func course(_ texts: [String: String]) throws -> Course {
    Course(try texts.map { try parse($0.value, file: "notes/" + $0.key).0 })
  }

  @Test(
    "A note is found by slug, title, alias, number and file name, whatever the case",
    arguments: ["nat-table", "NAT Table", "The table", "translation", "2", "02-nat-table.md"])
  func names(name: String) throws {
    let course = try course([
      "02-nat-table.md": "---\naliases: translation\n---\n# The table\n", "10-ice.md": "# ICE\n",
    ])
    #expect(course.note(named: name)?.slug == "nat-table")
  }

  @Test("Notes stand in the order of their numbers, those without one behind")
  func order() throws {
    let course = try course(["10-b.md": "# B\n", "9-a.md": "# A\n", "c.md": "# C\n"])
    #expect(course.notes.map(\.slug) == ["a", "b", "c"])
  }

  @Test("A wiki link leads to a note, to a step of it, or to a step of its own note")
  func wikiLinks() throws {
    let course = try course([
      "1-a.md": "# A\n\n[[b]] [[b#Two words|x]] [[#own]] and *[[B]]*\n\n## Own\n",
      "2-b.md": "# B\n\n## Two words\n",
    ])
    #expect(course.problems.isEmpty)
    var links: [WikiLink] = []
    course.notes[0].forEachWikiLink { links.append($0) }
    #expect(links.map(\.text) == ["b", "x", "own", "B"])
    #expect(
      links.map { course.destination(of: $0, in: course.notes[0])?.step?.anchor }
        == [nil, "two-words", "own", nil])
  }

  @Test(
    "A wiki link that dangles is told with its place and the name that was probably meant",
    arguments: [
      (
        "see [[nat-tabel]]",
        "notes/1-a.md:3:5: no note is called 'nat-tabel'; did you mean 'nat-table'?"
      ),
      ("see *x* `[[no]]` [[zzz]]", "notes/1-a.md:3:18: no note is called 'zzz'"),
      ("> - é [[zzz]]", "notes/1-a.md:3:8: no note is called 'zzz'"),
      ("a\\* [[zzz]]", "notes/1-a.md:3:5: no note is called 'zzz'"),
      (
        "[[nat-table#Frist]]",
        "notes/1-a.md:3:1: note 'nat-table' has no step 'Frist'; did you mean 'first'?"
      ),
      ("[[#nowhere]]", "notes/1-a.md:3:1: note 'a' has no step 'nowhere'"),
    ])
  func dangling(text: String, problem: String) throws {
    let course = try course(["1-a.md": "# A\n\n\(text)\n", "2-nat-table.md": "# N\n\n## First\n"])
    #expect(course.problems.map(\.description) == [problem])
  }

  @Test(
    "Brackets that are no wiki link stay text", arguments: ["[[]]", "[[ ]]", "[[a", "a]]", "[a]]"])
  func brackets(text: String) throws {
    let (note, _) = try parse("# T\n\n\(text)\n")
    #expect(note.introduction[0].inlines.plainText == text)
    var count = 0
    note.forEachWikiLink { _ in count += 1 }
    #expect(count == 0)
  }

  @Test("An id or an exercise that two notes share is told in the later one")
  func sharedNames() throws {
    let fence = "```swift id=x\n```\n"
    let course = try course(["1-a.md": "# A\n\n\(fence)", "2-b.md": "# B\n\n\n\(fence)"])
    #expect(
      course.problems.map(\.description) == [
        "notes/2-b.md:4:1: id 'x' is taken by the example at notes/1-a.md:3"
      ])
  }

  @Test("Two files with one slug are told")
  func sharedSlugs() throws {
    let course = try course(["1-a.md": "# A\n", "2-a.md": "# B\n"])
    #expect(
      course.problems.map(\.description) == [
        "notes/2-a.md:1:1: 'notes/1-a.md' has the same slug 'a'; rename one of the files"
      ])
  }
}
