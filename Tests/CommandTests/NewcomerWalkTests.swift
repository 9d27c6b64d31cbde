import FoundationEssentials
import Lessons
import NoteFormat
import TestSupport
import Testing

/// What a newcomer does in a first hour, and a day later, by keys in a terminal of 80×24.
@Suite(.serialized, .waitsForChildren) struct NewcomerWalkTests {
  static let note = try! NoteLibrary.compiled.course().note(named: "nat-table")!
  /// A moment that the walk begins at, and one that is more than a day later, in Unix seconds.
  static let (begin, nextDay) = (1_700_000_000, 1_700_090_000)

  /// The number of the step with a block, counted from 1.
  static func place(_ isThere: (Block) -> Bool) -> Int {
    note.steps.firstIndex { $0.blocks.contains(where: isThere) }! + 1
  }

  let base = TestFolder.make()

  private func file(_ name: String, _ text: String) throws -> String {
    try Data(text.utf8).write(to: URL(filePath: "\(base)/\(name)"))
    return "\(base)/\(name)"
  }

  /// An editor that changes an example, then writes a crash, an endless memory, and the solution.
  private func editor() throws -> String {
    let exercise = Program.workspace.exercisesFolder + "/translate-outbound"
    let skeleton = try String(
      decoding: Data(contentsOf: URL(filePath: exercise + "/Exercise.swift")), as: UTF8.self)
    func answer(with code: String) -> String {
      skeleton.replacing("  // Your code here.\n", with: "  \(code)\n")
    }
    return try ScriptedEditor.make(
      in: base,
      writing: [
        try file("changed.swift", "print(\"mine\")\n"),
        try file("crash.swift", answer(with: "_ = [packet][table.count + 1]")),
        try file(
          "memory.swift",
          answer(
            with: "var all: [[UInt64]] = []; while all.count < 1 << 30 { all.append("
              + "[UInt64](repeating: 1, count: 1 << 20)) }")),
        exercise + "/Solution.swift",
      ])
  }

  @Test(
    "A newcomer is welcomed, follows a link, plays, errs, predicts, crashes, passes, reviews, ends",
    .needs("tmux"), .timeLimit(.minutes(5)))
  func walk() throws {
    defer { try? FileManager.default.removeItem(atPath: base) }
    let total = Self.note.steps.count
    let link = Self.place {
      guard case .paragraph(let inlines) = $0.content else { return false }
      return inlines.contains { if case .wikiLink = $0 { true } else { false } }
    }
    let blank = Self.place {
      guard case .example(let example) = $0.content else { return false }
      return example.id == "nat-same-port"
    }
    let exercise = Self.place {
      guard case .exercise(let exercise) = $0.content else { return false }
      return exercise.id == "translate-outbound"
    }
    let program = "'\(Program.executable)'"
    let screen = try TerminalScreen(
      columns: 80, rows: 24,
      environment: [
        "WORKBOOK_STATE": base + "/state", "WORKBOOK_ANSWERS": base + "/answers",
        "EDITOR": try editor(), "WORKBOOK_NOW": "\(Self.begin)",
      ])
    func open(_ step: Int) throws {
      try screen.command("clear; \(program) reader nat-table#\(step)")
      try screen.wait(for: "\(step)/\(total)")
    }
    func quit() throws {
      try screen.press("q")
      try screen.waitForShell()
    }

    // The first screen says what this is, and the first step is a key away.
    let first = try NoteLibrary.compiled.course().notes[0]
    try screen.command("clear; \(program)")
    let welcome = try screen.wait(for: "Pathfinder is a workbook on")
    #expect(welcome.contains("Enter begins."))
    try screen.press("Enter")
    try screen.wait(for: "1/\(first.steps.count)")
    try quit()

    // A link, followed and left again.
    try open(link)
    try screen.press("Tab")
    try screen.wait(for: "Enter follow")
    try screen.press("Enter")
    try screen.wait(for: "Then call Bob's box")
    try screen.press("BSpace")
    try screen.wait(for: "\(link)/\(total)")
    try quit()

    // An example, changed and run; a wrong choice, and a second try.
    let question = Self.place {
      guard case .question(let question) = $0.content, case .choice = question.answer else {
        return false
      }
      return true
    }
    try open(question)
    try screen.press("e")
    try screen.wait(for: "+ mine")
    try screen.press("1")
    let wrong = try screen.wait(for: "You said 1")
    #expect(wrong.contains("Try again with 1 to 3"))
    #expect(!wrong.contains("right:"))
    try screen.press("2")
    try screen.wait(for: "at the second try")
    try quit()

    // A prediction by blanks: a wrong one reveals nothing, the right one runs the example.
    try open(blank)
    try screen.press("r")
    try screen.wait(for: "Which outside port does the phone get? Enter when done")
    try screen.type("5000")
    try screen.press("Enter")
    let missed = try screen.wait(for: "You said 5000")
    #expect(missed.contains("198.51.100.1:____"))
    #expect(!missed.contains("5002"))
    try screen.press("r")
    try screen.wait(for: "Enter when done")
    try screen.type("5002")
    try screen.press("Enter")
    try screen.wait(for: "You said 5002")
    try quit()

    // An exercise: an answer that crashes, one that eats memory, one that passes.
    try open(exercise)
    try screen.press("e")
    let crash = try screen.wait(for: "your code crashed", seconds: 60)
    #expect(crash.contains("Index out of range"))
    #expect(crash.contains("[packet][table.count + 1]"))
    #expect(!crash.contains("libswift"))
    try screen.press("e")
    try screen.wait(for: "more than 1 GiB of memory", seconds: 60)
    try screen.press("e")
    try screen.wait(for: "all 7 checks passed", seconds: 60)
    try quit()

    // A day later both come back that were missed at first.
    try screen.command("clear; \(program) review")
    try screen.wait(for: "Nothing to review until")
    try screen.command("clear; WORKBOOK_NOW=\(Self.nextDay) \(program) review")
    let review = try screen.wait(for: "1/2")
    #expect(review.contains("Review"))
    #expect(review.contains("Answer with 1 to 3"))
    try screen.press("2")
    try screen.wait(for: "You said 2")
    try screen.press("n")
    try screen.wait(for: "2/2")
    try screen.press("r")
    try screen.wait(for: "Enter when done")
    try screen.type("5002")
    try screen.press("Enter")
    try screen.wait(for: "You said 5002")
    try screen.press("n")
    let after = try screen.wait(for: "Nothing to review until")
    #expect(after.contains("2 of 2 right."))
    try quit()

    // The end of the note says what is open in it, and what comes next.
    try open(total)
    try screen.press("n")
    let end = try screen.wait(for: "Next comes")
    #expect(end.contains("Still open:"))
    #expect(!end.contains("translate-outbound"))
    try quit()
  }
}
