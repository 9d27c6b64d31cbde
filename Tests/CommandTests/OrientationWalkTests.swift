import FoundationEssentials
import Lessons
import NoteFormat
import TestSupport
import Testing

/// A newcomer's first and last screens in a real terminal.
@Suite(.serialized, .waitsForChildren) struct OrientationWalkTests {
  let base = TestFolder.make()

  @Test(
    "The first start says what this is; the end of a note what is open in it, and what comes next",
    .needs("tmux"), .timeLimit(.minutes(3)), arguments: [(80, 24), (40, 24)])
  func walk(columns: Int, rows: Int) throws {
    defer { try? FileManager.default.removeItem(atPath: base) }
    let course = try NoteLibrary.compiled.course()
    let (first, second) = (course.notes[0], course.notes[1])
    let screen = try TerminalScreen(
      columns: columns, rows: rows,
      environment: ["WORKBOOK_STATE": base + "/state", "WORKBOOK_ANSWERS": base + "/answers"])
    try screen.command("clear; '\(Program.executable)'")
    let welcome = try screen.wait(for: "Pathfinder is a workbook on")
    if columns >= 80 {
      #expect(welcome.contains("Enter begins."))
      #expect(welcome.contains("Begin with '\(first.title)'"))
    }
    try screen.press("Enter")
    try screen.wait(for: "1/\(first.steps.count)")
    // The keys stay on the main road.
    for step in 2...first.steps.count where !first.steps[step - 1].isExtra {
      try screen.press("n")
      try screen.wait(for: "\(step)/\(first.steps.count)")
    }
    try screen.press("n")
    let end = try screen.wait(for: "Next comes")
    #expect(end.contains("Still open:"))
    // Enter goes to what is open, and the end comes again.
    try screen.press("Enter")
    try screen.wait("the open step") { !$0.contains("Next comes") }
    try screen.press("BSpace")
    try screen.press("n")
    try screen.wait(for: "Next comes")
    try screen.press("n")
    try screen.wait(for: "1/\(second.steps.count)")
    try screen.press("i")
    try screen.wait(for: "Pathfinder is a workbook on")
    try screen.press("q")
    try screen.waitForShell()
    // Now it opens at the place, without more words.
    try screen.command("clear; '\(Program.executable)'")
    let again = try screen.wait(for: "1/\(second.steps.count)")
    #expect(!again.contains("is a workbook on"))
    try screen.press("q")
    try screen.waitForShell()
  }
}
