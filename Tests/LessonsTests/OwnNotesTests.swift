import FoundationEssentials
import Glibc
import NoteFormat
import ProgramSupport
import TestSupport
import Testing

@testable import Lessons

@Suite struct OwnNotesTests {
  let vault: Vault

  init() throws {
    vault = try Vault()
  }

  @Test("A folder's own files come first, then its subfolders, numbers in the order of counting")
  func order() throws {
    let notes = try OwnNotes(vault.path)
    #expect(
      notes.course.notes.map(\.slug) == [
        "2026-01-05", "candidates", "Home", "Lesson 2", "Lesson 10", "NAT", "TURN", "02-stun",
        "Old notes", "STUN server",
      ])
    #expect(Set(notes.course.notes.map(\.slug)) == Set(Vault.names))
    #expect(notes.problems.isEmpty)
  }

  @Test("Hidden folders stay out, and so does what is no Markdown")
  func hidden() throws {
    let notes = try OwnNotes(vault.path)
    #expect(!notes.course.notes.contains { $0.title == "Hidden" || $0.file.hasSuffix(".png") })
  }

  @Test("A note without a first-level heading is called by its file's name")
  func titles() throws {
    let notes = try OwnNotes(vault.path)
    #expect(try notes.note(named: "NAT").title == "NAT")
    #expect(try notes.note(named: "2026-01-05").title == "2026-01-05")
    #expect(try notes.note(named: "TURN").title == "Relays")
  }

  @Test(
    "A note is found by its file, its title, an alias, its path or its place in the list",
    arguments: [
      ("STUN", "servers/STUN server.md"), ("stun server", "servers/STUN server.md"),
      ("servers/STUN server", "servers/STUN server.md"), ("The message", "servers/02-stun.md"),
      ("02-stun", "servers/02-stun.md"), ("The index", "Home.md"), ("Start", "Home.md"),
      ("home.md", "Home.md"), ("Relays", "TURN.md"), ("Old notes", "servers/Old notes.markdown"),
      ("3", "Home.md"), ("10", "servers/STUN server.md"), ("2026-01-05", "2026-01-05.md"),
    ])
  func names(name: String, file: String) throws {
    #expect(try OwnNotes(vault.path).note(named: name).file == vault.path + "/" + file)
  }

  @Test("A name that no note has is told with the one that was probably meant")
  func unknownName() throws {
    let notes = try OwnNotes(vault.path)
    #expect(throws: WorkbookError.usage("no note is called 'Hom'; did you mean 'Home'?")) {
      try notes.note(named: "Hom")
    }
    #expect(throws: WorkbookError.self) { try notes.note(named: "0") }
    #expect(throws: WorkbookError.self) { try notes.note(named: "11") }
  }

  @Test("Every wiki link but the one that dangles leads somewhere, also to a third-level heading")
  func links() throws {
    let notes = try OwnNotes(vault.path)
    let dangling = notes.course.problems.map(\.message)
    #expect(dangling == ["no note is called 'Nobody'"], "\(dangling)")
    let nat = try notes.note(named: "NAT")
    var sections: [String] = []
    nat.forEachWikiLink { link in
      if let found = notes.course.destination(of: link, in: nat) {
        sections.append(found.note.slug)
      }
    }
    #expect(sections == ["Home", "STUN server"])
  }

  @Test("One file opens by itself, whatever its name ends in")
  func singleFile() throws {
    let notes = try OwnNotes(vault.path + "/servers/Old notes.markdown")
    #expect(notes.course.notes.map(\.title) == ["Old notes"])
    try vault.write("plain.txt", Array("# A title\n".utf8))
    #expect(try OwnNotes(vault.path + "/plain.txt").course.notes.map(\.title) == ["A title"])
  }

  @Test("Symbolic links that lead back up, or to the same file twice, do no harm")
  func loops() throws {
    vault.link("servers/up", to: "..")
    vault.link("self", to: ".")
    vault.link("Home again.md", to: "Home.md")
    vault.link("nowhere.md", to: "nothing.md")
    #expect(try OwnNotes(vault.path).course.notes.count == Vault.names.count)
  }

  @Test("A link to a folder elsewhere is followed")
  func foreignFolder() throws {
    let other = try Vault()
    vault.link("other", to: other.path)
    #expect(try OwnNotes(vault.path).course.notes.count == 2 * Vault.names.count)
  }

  @Test("A note that cannot be read as it is gets one line, and the others open")
  func unreadable() throws {
    try vault.write("a/huge.md", [UInt8](repeating: 0x61, count: 4 << 20 | 1))
    try vault.write("a/latin.md", Array("One line.\ncaf".utf8) + [0xE9, 0x0A])
    try vault.write("a/deep.md", Array(String(repeating: "> ", count: 200).utf8))
    try vault.write("a/wide.md", [0xFF, 0xFE, 0x61, 0x00])
    try vault.write("a/cut.md", Array("abc".utf8) + [0xE2, 0x82])
    try vault.write("a/empty.md", [])
    mkfifo(vault.path + "/a/pipe.md", 0o600)
    let notes = try OwnNotes(vault.path)
    let lines = notes.problems.map { $0.description.replacing(vault.path + "/", with: "") }
    #expect(
      lines == [
        "a/cut.md:1:4: this is not UTF-8 (byte 3); what cannot be read is shown as \u{FFFD}",
        "a/deep.md:1:1: lists, quotes or emphasis nest deeper than 100 levels; flatten them",
        "a/huge.md:1:1: this file is larger than 4 MiB, too much for one note; split it",
        "a/latin.md:2:4: this is not UTF-8 (byte 13); what cannot be read is shown as \u{FFFD}",
        "a/wide.md:1:1: this file is UTF-16; save it as UTF-8",
      ])
    #expect(notes.course.notes.count == Vault.names.count + 3)
  }

  @Test("A folder without Markdown, or a path that leads nowhere, is an error that says so")
  func nothingThere() throws {
    #expect(throws: WorkbookError.self) { try OwnNotes(vault.path + "/nothing") }
    try vault.write("bare/picture.png", [1])
    let error = #expect(throws: WorkbookError.self) { try OwnNotes(vault.path + "/bare/") }
    #expect(
      error?.messages == [
        "there is no Markdown file in \(vault.path)/bare; name a folder that holds files whose "
          + "names end in .md"
      ])
  }

  @Test("What departs from the note format is kept apart from what cannot be read")
  func formatProblems() throws {
    let notes = try OwnNotes(vault.path)
    #expect(notes.problems.isEmpty)
    #expect(notes.formatProblems.contains { $0.message.contains("needs an id") })
    #expect(notes.formatProblems.contains { $0.message.contains("no note is called 'Nobody'") })
  }

  @Test(
    "Numbers in names count as numbers",
    arguments: [
      ("a2", "a10"), ("a02", "a3"), ("1", "2"), ("9 x", "10"), ("a", "a1"), ("A", "b"),
      ("2026-01-05", "2026-01-11"), ("a", "ä"),
    ])
  func naturalOrder(first: String, second: String) {
    #expect(NaturalOrder.areInOrder(first, second))
    #expect(!NaturalOrder.areInOrder(second, first))
  }
}

@Suite(.serialized, .waitsForChildren) struct OwnExampleTests {
  let vault: Vault

  init() throws {
    vault = try Vault()
  }

  func run(_ name: String) throws -> ExampleRun {
    let (note, example) = try OwnNotes(vault.path).example(named: name)
    return try ExampleRun(compiling: example, in: note, workspace: Program.workspace)
  }

  func run(text: String) throws -> ExampleRun {
    try vault.write("Mine.md", Array(text.utf8))
    return try run("Mine/example-1")
  }

  @Test("An example runs with the library's modules, and may import one at its top")
  func library() throws {
    let run = try run("NAT/example-1")
    #expect(run.output == "private\n", "\(run.errorOutput)")
    #expect(run.complaint == nil)
    // Without an output nothing is promised.
    #expect(run.isAsPromised)
  }

  @Test("An example that does not compile is a result that names the note's file, line and column")
  func doesNotCompile() throws {
    let run = try run("NAT/example-2")
    #expect(!run.didCompile)
    #expect(!run.isAsPromised)
    #expect(run.complaint == "it does not compile")
    #expect(
      run.errorOutput.hasPrefix("\(vault.path)/NAT.md:18:3: error: cannot find 'prnt' in scope"),
      "\(run.errorOutput)")
  }

  @Test("A brace that is missing is told at the end of the fence, without what was put around it")
  func missingBrace() throws {
    let run = try run(text: "Text.\n\n```swift\nif true {\n  print(1)\n```\n")
    #expect(run.errorOutput.contains("Mine.md:6:1: error: expected '}'"), "\(run.errorOutput)")
    for part in ["#sourceLocation", "ownExample", "Example.swift", "mute"] {
      #expect(!run.errorOutput.contains(part), "\(run.errorOutput)")
    }
  }

  @Test("Code is trusted as long as it stays as it is, and notes without code are")
  func trust() throws {
    let workspace = Workspace(root: vault.path + "/.workspace", buildFolder: "")
    let trusted = TrustedCode(workspace, environment: [:])
    let notes = try OwnNotes(vault.path)
    #expect(!trusted.contains(notes))
    try trusted.insert(notes)
    try trusted.insert(notes)
    #expect(trusted.contains(notes))
    #expect(try readFile(trusted.path).count == 65)
    try vault.write("More.md", Array("Only words.\n".utf8))
    #expect(trusted.contains(try OwnNotes(vault.path)))
    try vault.write("More.md", Array("```swift\nprint(1)\n```\n".utf8))
    #expect(!trusted.contains(try OwnNotes(vault.path)))
    #expect(trusted.contains(try OwnNotes(vault.path + "/Home.md")))
  }

  @Test("Copies of examples of the same name in different notes are different files")
  func playgrounds() throws {
    let notes = try OwnNotes(vault.path)
    let paths = try ["NAT/example-1", "STUN server/example-1"].map { name in
      let (note, example) = try notes.example(named: name)
      return Playground(example, in: note, workspace: Program.workspace, isOwn: true).path
    }
    #expect(paths[0] != paths[1])
    #expect(paths[0].hasSuffix("-example-1.swift"))
  }

  @Test("A module that does not exist is told at its line")
  func unknownModule() throws {
    let run = try run(text: "Text.\n\n```swift\n// First.\nimport Nonesuch\nprint(1)\n```\n")
    #expect(run.errorOutput.contains("Mine.md:5:8: error: no such module 'Nonesuch'"))
  }

  @Test("An example continues another, whose printing is muted, and its output is compared")
  func continues() throws {
    let run = try run("more")
    #expect(run.output == "20\n", "\(run.errorOutput)")
    #expect(run.endedWell)
    #expect(!run.matchesOutput)
  }

  @Test("An example runs in its note's folder")
  func folder() throws {
    #expect(
      try run("STUN server/example-1").output.hasSuffix("/My vault/servers\n"))
  }

  @Test("The second run needs no compiler: it takes what the first one compiled")
  func cached() throws {
    let (note, example) = try OwnNotes(vault.path).example(named: "sum")
    let program = OwnProgram(example, in: note)
    let first = try #require(try program.compiled(in: Program.workspace).executable)
    var before = stat()
    stat(first, &before)
    let second = try #require(try program.compiled(in: Program.workspace).executable)
    var after = stat()
    stat(second, &after)
    #expect(first == second)
    #expect(before.st_ino == after.st_ino)
    var changed = example
    changed.code.text += "print(\"more\")\n"
    var changedNote = note
    changedNote.introduction = [Block(.example(changed), changed.code.range)]
    let third = try OwnProgram(changed, in: changedNote).compiled(in: Program.workspace).executable
    #expect(third != nil && third != first)
  }

  @Test("An error, a crash and an endless loop end as a course's examples do")
  func endings() throws {
    let thrown = try run(text: "```swift\nstruct Odd: Error {}\nthrow Odd()\n```\n")
    #expect(thrown.complaint == "the example threw an error: Odd()")
    let crash = try run(
      text: "```swift\nvar numbers: [Int] = []\nprint(numbers.removeLast())\n```\n")
    #expect(crash.complaint?.hasPrefix("it crashed: ") == true)
    let endless = try run(text: "```swift timeout=1\nprint(\"here\")\nwhile true {}\n```\n")
    #expect(endless.ending == .timedOut)
    #expect(endless.output == "here\n")
  }

  @Test("An id that several notes use is refused with names that tell them apart")
  func ambiguousID() throws {
    let notes = try OwnNotes(vault.path)
    #expect(
      throws: WorkbookError.usage(
        "2 notes have an example 'example-1'; say which, such as 'NAT/example-1' or "
          + "'STUN server/example-1'")
    ) { try notes.example(named: "example-1") }
    #expect(throws: WorkbookError.usage("no example is called 'smu'; did you mean 'sum'?")) {
      try notes.example(named: "smu")
    }
  }
}
