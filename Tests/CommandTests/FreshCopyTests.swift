import FoundationEssentials
import Glibc
import Lessons
import NoteFormat
import TestSupport
import Testing

/// The way of a newcomer and of an author, from a copy of the project that nobody has built yet.
///
/// It lies in a folder whose name has blanks, and is entered through a symbolic link from elsewhere.
@Suite(.serialized, .waitsForChildren) final class FreshCopyTests {
  let base: String
  let root: String
  let link: String

  init() throws {
    base = TestFolder.make()
    root = base + "/a folder with blanks"
    link = base + "/the link"
    try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
    let parts = [
      "Package.swift", "Sources", "Plugins", "notes", "Exercises", "Tests", "Fuzz", "workbook",
    ]
    for part in parts {
      try FileManager.default.copyItem(
        atPath: Program.workspace.root + "/" + part, toPath: root + "/" + part)
    }
    symlink(root + "/workbook", link)
  }

  deinit {
    try? FileManager.default.removeItem(atPath: base)
  }

  func workbook(_ arguments: String...) throws -> Program.Result {
    try Program.run(link, arguments, in: "/", seconds: 900)
  }

  func write(_ name: String, _ text: String) throws {
    try Data(text.utf8).write(to: URL(filePath: "\(root)/notes/\(name)"))
  }

  func remove(_ name: String) throws {
    try FileManager.default.removeItem(atPath: "\(root)/notes/\(name)")
  }

  /// One long way rather than many short ones: the first build takes a minute.
  @Test(
    "A copy builds, lists, follows its notes and tells what is wrong in them",
    .timeLimit(.minutes(20)))
  func walk() throws {
    let first = try workbook("list")
    #expect(first.exitCode == 0, "\(first.errorOutput)")
    #expect(
      first.errorOutput == "workbook: building workbook, which takes a minute the first time\n")
    for note in NoteLibrary.compiled.notes { #expect(first.output.contains(note.title)) }

    let second = try workbook("list")
    #expect(second.output == first.output)
    #expect(second.errorOutput.isEmpty, "a second start builds nothing")

    try addsEditsRenamesAndRemoves()
    try tellsWhatTheCompilerSays()
    try tellsWhatBreaksTheFormat()
    try tellsAWrongOutputAndSyncs()
    try endsAnEndlessExample()
  }

  private func addsEditsRenamesAndRemoves() throws {
    try write(
      "90-mine.md", "# Mine\n\n## S\n\n```swift id=mine\nprint(1)\n```\n\n```output\n1\n```\n")
    #expect(try workbook("list").output.contains("Mine"))
    // The examples are built when the first one is run.
    let run = try workbook("run", "mine")
    #expect(run.output == "1\n", "\(run.errorOutput)")
    #expect(
      run.errorOutput == "workbook: building workbook-lab, which takes a minute the first time\n")
    #expect(try workbook("run", "mine").errorOutput.isEmpty)
    // Edited within the second of the build, which must not be taken for the same file.
    for number in 2...4 {
      try write(
        "90-mine.md",
        "# Mine\n\n## S\n\n```swift id=mine\nprint(\(number))\n```\n\n```output\n\(number)\n```\n")
      #expect(try workbook("run", "mine").output == "\(number)\n")
    }
    try FileManager.default.moveItem(
      atPath: root + "/notes/90-mine.md", toPath: root + "/notes/91-yours.md")
    let renamed = try workbook("list").output
    #expect(renamed.contains("yours"))
    #expect(!renamed.contains("mine "))
    try remove("91-yours.md")
    #expect(try !workbook("list").output.contains("yours"))
  }

  private func tellsWhatTheCompilerSays() throws {
    try write(
      "90-mine.md", "# Mine\n\n## S\n\n- a\n\n  ```swift id=mine\n  let x = 1\n  prnt(x)\n  ```\n")
    let message = "notes/90-mine.md:9:3: cannot find 'prnt' in scope"
    let mine = try workbook("run", "mine")
    #expect(mine.exitCode == 65)
    #expect(
      mine.errorOutput.contains("notes/90-mine.md:9:3: error: cannot find 'prnt' in scope"),
      "\(mine.errorOutput)")
    #expect(mine.errorOutput.contains(message))
    let list = try workbook("list")
    #expect(list.exitCode == 0, "\(list.errorOutput)")
    #expect(list.errorOutput.isEmpty, "a second start builds nothing")
    for note in NoteLibrary.compiled.notes { #expect(list.output.contains(note.title)) }
    #expect(list.output.contains("has an error: \(message)"), "\(list.output)")
    let read = try workbook("read", "mine")
    #expect(read.output.contains(message), "\(read.output)")
    let other = try #require(NoteLibrary.compiled.notes.first?.examples.first)
    #expect(try workbook("run", other).exitCode == 0)
    let check = try workbook("notes", "check")
    #expect(check.exitCode == 65)
    #expect(check.output.contains(message), "\(check.output)")
    try write(
      "90-mine.md", "# Mine\n\n## S\n\n```swift id=mine\nprint(7)\n```\n\n```output\n7\n```\n")
    #expect(try workbook("run", "mine").output == "7\n")
    try runsWithoutSwift()
    try remove("90-mine.md")
  }

  /// A note was touched where there is no Swift: what was built last runs.
  private func runsWithoutSwift() throws {
    try write("90-mine.md", "# Mine\n\n## Other\n")
    // The stamp says where the compiler was.
    for product in ["workbook", "workbook-lab"] {
      let stamp = URL(filePath: root + "/.build/\(product)-stamp")
      var lines = try String(decoding: Data(contentsOf: stamp), as: UTF8.self)
        .split(separator: "\n").map(String.init)
      lines[2] = "/nowhere/swift"
      try Data(lines.map { $0 + "\n" }.joined().utf8).write(to: stamp)
    }
    let result = try Program.run(
      link, ["run", "mine"], in: "/", environment: ["PATH": "/usr/bin:/bin"], seconds: 60)
    #expect(result.output == "7\n", "\(result.errorOutput)")
    #expect(result.errorOutput.contains("there is no Swift to build it"))
  }

  private func tellsWhatBreaksTheFormat() throws {
    try write(
      "90-mine.md",
      """
      # Mine

      ## S

      See [[nat-tabel]] and [[nat-table]].

      ```swift id=mine prdict
      print(1)
      ```

      ```output
      2
      ```

      ```swift id=mine
      ```

      """)
    let result = try workbook("notes", "check")
    #expect(result.exitCode == 65)
    let lines = Set(result.output.split(separator: "\n").map(String.init))
    for line in [
      "notes/90-mine.md:5:5: no note is called 'nat-tabel'; did you mean 'nat-table'?",
      "notes/90-mine.md:7:18: unknown attribute 'prdict'; did you mean 'predict'?",
      "notes/90-mine.md:12:1: example 'mine' prints '1' where the note says '2'",
      "notes/90-mine.md:15:13: id 'mine' is taken by the example at line 7",
    ] {
      #expect(lines.contains(line), "\(result.output)")
    }
    try remove("90-mine.md")
  }

  private func tellsAWrongOutputAndSyncs() throws {
    let text =
      "# Mine\n\n## S\n\n```swift id=mine\nfor i in 1...9 { print(i) }\n```\n\n```output\n1\n...\n8\n```\n"
    try write("90-mine.md", text)
    #expect(try workbook("notes", "check").exitCode == 65)
    let sync = try workbook("notes", "sync")
    #expect(sync.exitCode == 0, "\(sync.output)\(sync.errorOutput)")
    let synced = try String(
      decoding: Data(contentsOf: URL(filePath: root + "/notes/90-mine.md")), as: UTF8.self)
    #expect(synced == text.replacing("8\n```\n", with: "8\n9\n```\n"))
    let check = try workbook("notes", "check")
    #expect(check.exitCode == 0, "\(check.output)")
    try remove("90-mine.md")
  }

  private func endsAnEndlessExample() throws {
    try write(
      "90-mine.md",
      "# Mine\n\n## S\n\n```swift id=mine timeout=1\nprint(\"here\")\nwhile true {}\n```\n")
    let timedOut = try workbook("run", "mine")
    #expect(timedOut.exitCode == 75)
    #expect(timedOut.output.hasPrefix("here\n"))
    #expect(timedOut.output.contains("it was stopped after its time limit of 1 s"))

    // Ctrl-C sends SIGINT; nothing of the example is left behind.
    try write(
      "90-mine.md",
      "# Mine\n\n## S\n\n```swift id=mine timeout=60\nprint(\"here\")\nwhile true {}\n```\n")
    _ = try workbook("build")
    let interrupted = try Program.run(
      "sh",
      [
        "-c",
        "'\(root)/.build/debug/workbook' run mine & sleep 2; kill -INT $!; wait $!; echo $?; pgrep -f '[r]un-example mine'",
      ])
    #expect(interrupted.output == "here\n130\n")
    try remove("90-mine.md")
  }
}

/// Folders of one's own below the system's folder for temporary files.
enum TestFolder {
  static func make() -> String {
    var template = Array("/tmp/workbook-test-XXXXXX".utf8CString)
    mkdtemp(&template)
    return template.withUnsafeBufferPointer { String(cString: $0.baseAddress!) }
  }
}
