import FoundationEssentials
import Glibc
import Lessons
import NoteFormat
import Terminal
import TestSupport
import Testing

/// The reader as a learner meets it: in a real terminal, by keys, with a real editor's part played
/// by a script.
@Suite(.serialized, .waitsForChildren) struct TerminalWalkTests {
  static let golden = String(#filePath.dropLast("TerminalWalkTests.swift".count)) + "Golden/"

  /// The note that is walked through, and where in it the steps are that the walk is about.
  static let note = try! NoteLibrary.compiled.course().note(named: "nat-table")!
  static let total = note.steps.count
  static let prediction = place { block in
    if case .example(let example) = block.content { example.id == "nat-unsolicited" } else { false }
  }
  static let question = place { block in
    if case .question(let question) = block.content, case .choice = question.answer {
      true
    } else {
      false
    }
  }
  static let exercise = place { block in
    if case .exercise(let exercise) = block.content {
      exercise.id == "translate-outbound"
    } else {
      false
    }
  }

  /// A step's number, counted from 1.
  static func place(_ isThere: (Block) -> Bool) -> Int {
    note.steps.firstIndex { $0.blocks.contains(where: isThere) }! + 1
  }

  let base = TestFolder.make()
  var program: String { "'\(Program.executable)'" }

  func environment(_ more: [String: String] = [:]) -> [String: String] {
    [
      "WORKBOOK_STATE": base + "/state", "WORKBOOK_ANSWERS": base + "/answers",
    ].merging(more) { $1 }
  }

  /// An editor that writes a known mistake when it is first opened, and the solution from then on.
  func scriptedEditor() throws -> String {
    let exercise = Program.workspace.exercisesFolder + "/translate-outbound"
    return try ScriptedEditor.make(
      in: base,
      writing: [exercise + "/Mistakes/address-only.swift", exercise + "/Solution.swift"])
  }

  @Test(
    "A learner reads, predicts, runs, answers, writes, fails, takes a hint, passes and comes back",
    .needs("tmux"), .timeLimit(.minutes(5)), arguments: [(80, 24), (120, 40)])
  func walk(columns: Int, rows: Int) throws {
    defer { try? FileManager.default.removeItem(atPath: base) }
    let screen = try TerminalScreen(
      columns: columns, rows: rows, environment: environment(["EDITOR": try scriptedEditor()]))
    var screens: [(String, String)] = []
    func see(_ title: String, _ text: String) throws {
      screens.append((title, try screen.wait(untilStillWith: text)))
    }

    try screen.command("clear; \(program) reader nat-table")
    try see("opens a note at its first step", "1/\(Self.total)")
    for _ in 1..<Self.prediction { try screen.press("n") }
    try see("reads a step to predict", "\(Self.prediction)/\(Self.total)")
    try screen.press("r")
    try see("is asked for a prediction", "Enter when done")
    try screen.type("2")
    try screen.press("Enter")
    try see("predicts wrongly, and nothing is revealed", "You said 2")
    try screen.press("r")
    try screen.wait(for: "Enter when done")
    try screen.type("one")
    try screen.press("Enter")
    try see("predicts rightly, and sees what it prints", "You said one")
    for _ in Self.question..<Self.prediction { try screen.press("p") }
    try screen.wait(for: "\(Self.question)/\(Self.total)")
    try screen.press("1")
    try see("answers a question wrongly", "You said 1")
    try screen.press("2")
    try see("answers it rightly", "You said 2")
    try screen.press("l")
    try screen.wait(for: "type to narrow")
    try screen.press("Escape")
    // The keys stay on the main road.
    for step in (Self.question + 1)...Self.exercise where !Self.note.steps[step - 1].isExtra {
      try screen.press("n")
      try screen.wait(for: "\(step)/\(Self.total)")
    }
    try see("comes to the exercise", "e begin")
    try screen.press("e")
    try see("makes a known mistake", "What happened: Only the address is replaced.")
    try screen.press("h")
    try see("takes a hint", "Hint 1")
    try screen.press("e")
    try see("passes", "all 7 checks passed")
    try screen.press("s")
    try see("sees a solution", "A solution")
    try screen.press("s")
    try see("compares it with the answer", "A solution beside your answer")
    try screen.press("q")
    try screen.waitForShell()
    try screen.command("clear; \(program)")
    try see("comes back to the same place", "\(Self.exercise)/\(Self.total)")
    try screen.press("q")
    try screen.waitForShell()

    try compare(screens, with: "walk-\(columns)x\(rows).txt")
  }

  /// Compares all screens with those of a file; `RECORD_GOLDEN=1` writes it anew.
  ///
  /// Times are left aside, and how much of the course is read, for that changes with every note.
  func compare(_ screens: [(title: String, text: String)], with name: String) throws {
    let rule = String(repeating: "=", count: 40)
    let text = screens.map { screen in
      let lines = screen.text.split(separator: "\n", omittingEmptySubsequences: false)
      let timeless = lines.map { line in
        line.replacing(#/\d+\.\d\d s/#, with: "#.## s")
          .replacing(#/[█░]+ \d+/\d+$/#, with: "(so far)")
      }
      return "\(rule)\n\(screen.title)\n\(rule)\n" + timeless.joined(separator: "\n")
    }.joined()
    let path = Self.golden + name
    if processEnvironment()["RECORD_GOLDEN"] == "1" {
      try Data(text.utf8).write(to: URL(filePath: path))
    }
    let expected = try String(decoding: Data(contentsOf: URL(filePath: path)), as: UTF8.self)
    let difference = Difference(expected: expected, actual: text)
    #expect(
      difference.isEmpty, "\(Presentation().render(difference.lines(Presentation(width: 130))))")
  }

  @Test(
    "The terminal's settings and screen are as before, however the reader ends", .needs("tmux"),
    .timeLimit(.minutes(2)),
    arguments: ["q", "TERM", "HUP", "SEGV", "ABRT", "ILL", "QUIT"])
  func restored(ending: String) throws {
    defer { try? FileManager.default.removeItem(atPath: base) }
    let screen = try TerminalScreen(columns: 80, rows: 24, environment: environment())
    try screen.command("clear; stty -a > '\(base)/before'; echo before")
    try screen.wait(for: "before\nshell>")
    try screen.command("\(program) reader nat-table")
    try screen.wait(for: "1/\(Self.total)")
    if ending == "q" {
      try screen.press("q")
    } else {
      // The test knows the program by its own folder for progress, so it ends no other.
      _ = try Program.run(
        "sh",
        [
          "-c",
          """
          for p in /proc/[0-9]*; do
            if [ "$(readlink $p/exe)" = "$(realpath '\(Program.executable)')" ] &&
              grep -qz '^WORKBOOK_STATE=\(base)/state$' $p/environ; then kill -\(ending) "${p#/proc/}"; fi
          done
          """,
        ])
    }
    let after = try screen.wait(for: "before\nshell>")
    #expect(after.contains("before"), "the screen of before is back")
    #expect(!after.contains("Step 1 of"), "nothing of the reader is left on the screen")
    try expectSameSettings(on: screen)
  }

  /// The terminal's settings are those that were written down before.
  func expectSameSettings(on screen: TerminalScreen) throws {
    try screen.command("stty -a > '\(base)/after'; echo done")
    try screen.wait(for: "\ndone")
    let files = try ["before", "after"].map {
      try String(decoding: Data(contentsOf: URL(filePath: "\(base)/\($0)")), as: UTF8.self)
    }
    #expect(files[0] == files[1])
  }

  @Test(
    "Ctrl-C ends a running example and not the reader, and does nothing to a quiet one",
    .needs("tmux"), .timeLimit(.minutes(2)))
  func controlC() throws {
    defer { try? FileManager.default.removeItem(atPath: base) }
    try Data(
      "# Mine\n\n## S\n\n```swift id=endless timeout=60\nprint(\"here\")\nwhile true {}\n```\n".utf8
    )
    .write(to: URL(filePath: base + "/mine.md"))
    let screen = try TerminalScreen(columns: 80, rows: 24, environment: environment())
    try screen.command("clear; stty -a > '\(base)/before'")
    try screen.command("\(program) open '\(base)/mine.md'")
    try screen.wait(for: "Mine")
    try screen.press("C-c")
    // The reader takes the next keys, so it has outlived that one.
    try screen.press("l")
    try screen.wait(for: "type to narrow")
    try screen.press("Escape")
    try screen.wait(for: "r run")
    try screen.press("r")
    try screen.wait(for: "runs with your rights")
    try screen.press("y", "Enter")
    try screen.wait(for: "Running")
    try screen.wait(for: "here")
    try screen.press("C-c")
    try screen.wait(for: "Stopped.")
    try screen.press("q")
    try screen.waitForShell()
    try expectSameSettings(on: screen)
  }

  @Test(
    "A folder of own notes is read by keys: its links, its tables, its questions, and its code",
    .needs("tmux"), .timeLimit(.minutes(3)))
  func ownNotes() throws {
    defer { try? FileManager.default.removeItem(atPath: base) }
    let vault =
      String(#filePath.dropLast("CommandTests/TerminalWalkTests.swift".count))
      + "LessonsTests/Golden/vault"
    let screen = try TerminalScreen(columns: 80, rows: 24, environment: environment())
    var screens: [(String, String)] = []
    func see(_ title: String, _ text: String) throws {
      screens.append((title, try screen.wait(untilStillWith: text)))
    }
    /// Goes to a note by the list.
    func go(_ note: String, _ title: String, _ text: String) throws {
      try screen.press("l")
      try screen.wait(for: "type to narrow")
      try screen.type(note)
      try screen.press("Enter")
      try see(title, text)
    }
    try screen.command("cd '\(vault)'; clear; \(program) open .")
    try screen.wait(for: "q quit")
    try go("My network", "reads its first page", "My network notebook")
    try screen.press("Tab", "Enter")
    try see("follows a link to a block", "nobody asked for")
    try screen.press("BSpace")
    try screen.wait(for: "in fifteen notes")
    for note in [
      "Callouts", "Tasks", "Footnotes", "Formulas", "Embeds", "Loop A", "Raw tags", "Links",
    ] {
      try go(note, "reads \(note)", note)
    }
    try go("Tables", "reads a table", "laptop")
    try screen.press("n")
    try see("reads a table with links", "slanted")
    try go("Questions", "is asked", "Answer with 1 to 2")
    try screen.press("2")
    try see("answers a question", "You said 2: ")
    try go("Code", "comes to code", "r run")
    try screen.press("r")
    try see("is asked about it", "runs with your rights")
    try screen.press("y", "Enter")
    try see("runs it", "Printed just now")
    try screen.press("n")
    try screen.wait(for: "What does it print?")
    try screen.press("r")
    try screen.wait(for: "What will it print?")
    try screen.type("9")
    try screen.press("C-d")
    try see("predicts", "as you predicted")
    try screen.press("n", "r")
    try see("meets an error", "expected '}'")
    try screen.press("q")
    try screen.waitForShell()
    try compare(screens, with: "walk-vault.txt")
  }

  @Test(
    "Suspending gives the shell its screen, and resuming the reader its own", .needs("tmux"),
    .timeLimit(.minutes(2)))
  func suspend() throws {
    defer { try? FileManager.default.removeItem(atPath: base) }
    let screen = try TerminalScreen(columns: 80, rows: 24, environment: environment())
    try screen.command("clear; set -m; \(program) reader nat-table")
    try screen.wait(for: "1/\(Self.total)")
    try screen.press("C-z")
    try screen.waitForShell()
    try screen.command("echo between")
    try screen.wait(for: "\nbetween")
    try screen.command("fg")
    try screen.wait(for: "1/\(Self.total)")
    try screen.press("n")
    try screen.wait(for: "2/\(Self.total)")
    try screen.press("q")
    try screen.waitForShell()
  }

  @Test(
    "An example is changed in the editor, runs beside the note, and is made as it was",
    .needs("tmux"), .timeLimit(.minutes(2)))
  func play() throws {
    defer { try? FileManager.default.removeItem(atPath: base) }
    let changed = base + "/changed.swift"
    try Data("print(\"mine\")\n".utf8).write(to: URL(filePath: changed))
    let editor = try ScriptedEditor.make(in: base, writing: [changed])
    let screen = try TerminalScreen(
      columns: 80, rows: 24, environment: environment(["EDITOR": editor]))
    try screen.command("clear; \(program) reader nat-table")
    try screen.wait(for: "1/\(Self.total)")
    try screen.press("e")
    try screen.wait(for: "+ mine")
    try screen.wait(for: "Your copy beside the note")
    try screen.press("x")
    try screen.wait(for: "is as in the note again")
    try screen.press("q")
    try screen.waitForShell()
    let folder = base + "/answers/play"
    let names = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
    #expect(names.count == 2 && names[1] == names[0] + ".1~", "\(names)")
    let kept = try Data(contentsOf: URL(filePath: "\(folder)/\(names[1])"))
    #expect(String(decoding: kept, as: UTF8.self) == "print(\"mine\")\n")
    let text = try String(
      decoding: Data(contentsOf: URL(filePath: "\(folder)/\(names[0])")), as: UTF8.self)
    #expect(text.contains("From here on the output is shown."))
    #expect(!text.contains("mine"))
  }

  @Test(
    "A link is followed and left again, a hit is jumped to, and code is copied by the terminal",
    .needs("tmux"), .timeLimit(.minutes(2)))
  func links() throws {
    defer { try? FileManager.default.removeItem(atPath: base) }
    let step = Self.place { block in
      if case .paragraph(let inlines) = block.content {
        inlines.contains { if case .wikiLink = $0 { true } else { false } }
      } else {
        false
      }
    }
    let screen = try TerminalScreen(columns: 80, rows: 24, environment: environment())
    try screen.command("clear; \(program) reader nat-table#\(step)")
    try screen.wait(for: "\(step)/\(Self.total)")
    try screen.press("Tab")
    try screen.wait(for: "Enter follow")
    try screen.press("Enter")
    try screen.wait(for: "Then call Bob's box")
    try screen.press("BSpace")
    try screen.wait(for: "\(step)/\(Self.total)")
    try screen.press("/")
    try screen.wait(for: "type what you look for")
    try screen.type("hairpin")
    try screen.wait(for: "hairpin")
    try screen.press("Enter")
    try screen.wait("a step about hairpins") { text in
      !text.contains("Enter goes there") && text.lowercased().contains("hairpin")
    }
    try screen.press("BSpace")
    try screen.wait(for: "\(step)/\(Self.total)")
    try screen.press("o")
    try screen.wait(for: "steps read")
    try screen.press("Home")
    try screen.press("Enter")
    try screen.wait(for: "1/\(Self.total)")
    try screen.press("y")
    try screen.wait(for: "Copied the code of")
    try screen.press("q")
    try screen.waitForShell()
  }

  @Test(
    "A window that changes its size gets a screen that fits", .needs("tmux"),
    .timeLimit(.minutes(2)))
  func resize() throws {
    defer { try? FileManager.default.removeItem(atPath: base) }
    let screen = try TerminalScreen(columns: 80, rows: 24, environment: environment())
    try screen.command("clear; \(program) reader nat-table")
    try screen.wait(for: "1/\(Self.total)")
    for (columns, rows) in [(40, 12), (240, 70), (80, 24)] {
      try screen.resize(columns: columns, rows: rows)
      try screen.wait("a head of \(columns) columns") { text in
        let head = text.split(separator: "\n", omittingEmptySubsequences: false).first
        return head?.hasSuffix("1/\(Self.total)") == true
          && head.map { String($0).displayWidth } == columns
      }
    }
    try screen.press("q")
    try screen.waitForShell()
  }

  @Test(
    "An answer saved by an editor elsewhere is checked by itself", .needs("tmux"),
    .timeLimit(.minutes(2)))
  func savedElsewhere() throws {
    defer { try? FileManager.default.removeItem(atPath: base) }
    let screen = try TerminalScreen(
      columns: 80, rows: 24, environment: environment(["EDITOR": "no-such-editor"]))
    try screen.command("clear; \(program) reader nat-table#\(Self.exercise)")
    try screen.wait(for: "\(Self.exercise)/\(Self.total)")
    try screen.press("e")
    // The path of the copy is shown whole, though it is longer than the screen is wide.
    try screen.wait("the missing editor and the path") { text in
      text.contains("The editor 'no-such-editor' is missing")
        && text.replacing(#/\s/#, with: "").contains("\(base)/answers/translate-outbound.swift")
    }
    let solution = Program.workspace.exercisesFolder + "/translate-outbound/Solution.swift"
    let text = try Data(contentsOf: URL(filePath: solution))
    try text.write(to: URL(filePath: base + "/answers/translate-outbound.swift"), options: .atomic)
    try screen.wait(for: "all 7 checks passed")
    try screen.press("q")
    try screen.waitForShell()
  }
}
