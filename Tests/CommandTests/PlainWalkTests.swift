import FoundationEssentials
import Glibc
import Lessons
import NoteFormat
import Terminal
import TestSupport
import Testing

/// The learner's whole way without a screen: commands from a pipe, words to a pipe.
@Suite(.serialized, .waitsForChildren) struct PlainWalkTests {
  let base = TestFolder.make()

  /// Gives the reader lines on standard input; what it printed.
  func read(_ lines: [String], _ environment: [String: String] = [:]) throws -> Program.Result {
    let input = base + "/input"
    try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: URL(filePath: input))
    return try Program.run(
      "sh", ["-c", "'\(Program.executable)' reader nat-table --plain < '\(input)'"],
      environment: [
        "WORKBOOK_STATE": base + "/state", "WORKBOOK_ANSWERS": base + "/answers",
      ].merging(environment) { $1 })
  }

  @Test("A learner reads, predicts, runs, answers, writes, fails, takes a hint and passes")
  func walk() throws {
    defer { try? FileManager.default.removeItem(atPath: base) }
    let exercise = Program.workspace.exercisesFolder + "/translate-outbound"
    let editor = try ScriptedEditor.make(
      in: base,
      writing: [exercise + "/Mistakes/address-only.swift", exercise + "/Solution.swift"])
    let result = try read(
      [
        "g nat-table#the-answer-finds-its-way-back", "1", "2",
        "g nat-table#nobody-asked-for-this-packet", "r nat-unsolicited",
        "2", "r nat-unsolicited", "one",
        "g nat-table#write-it-yourself",
        "e translate-outbound", "h", "e translate-outbound", "s", "/ parity", "l", "nonsense", "q",
      ], ["EDITOR": editor])
    #expect(result.exitCode == 0)
    #expect(!result.output.contains("\u{1B}"))
    var rest = result.output[...]
    // In this order, each behind the one before.
    for text in [
      "One address for a whole house", "You said 1", "You said 2", "How many of the four get in?",
      "You said 2: not quite", "You said one: right, at the second try", "Write it yourself",
      "Your copy is ",
      "What happened: Only the address is replaced.", "Hint 1", "all 7 checks passed", "A solution",
      "found. Go to one with", "stun-message", "There is no command 'nonsense'",
    ] {
      let found = rest.firstRange(of: text)
      #expect(found != nil, "'\(text)' in:\n\(rest)")
      if let found { rest = rest[found.upperBound...] }
    }
  }

  /// Expects each of the texts behind the one before it.
  private func expect(_ texts: [String], in output: String) {
    var rest = output[...]
    for text in texts {
      let found = rest.firstRange(of: text)
      #expect(found != nil, "'\(text)' in:\n\(rest)")
      if let found { rest = rest[found.upperBound...] }
    }
  }

  @Test(
    "A newcomer is told what this is, and at the end of a note what is open and what comes next")
  func orientation() throws {
    defer { try? FileManager.default.removeItem(atPath: base) }
    let course = try NoteLibrary.compiled.course()
    let (first, second) = (course.notes[0], course.notes[1])
    let input = base + "/input"
    // The command stays on the main road.
    let road = first.steps.filter { !$0.isExtra }
    let steps = Array(repeating: "n", count: road.count)
    try Data((["i"] + steps + ["p", "n", "n", "q", ""]).joined(separator: "\n").utf8)
      .write(to: URL(filePath: input))
    let environment = ["WORKBOOK_STATE": base + "/state", "WORKBOOK_ANSWERS": base + "/answers"]
    let command = "'\(Program.executable)' reader --plain < '\(input)'"
    let result = try Program.run("sh", ["-c", command], environment: environment)
    expect(
      [
        "Pathfinder is a workbook on NAT, STUN, TURN and ICE", "Begin with '\(first.title)'",
        first.steps[0].title.plainText, "Pathfinder is a workbook", "Left open: ",
        "The end of '\(first.title)'", "Still open:", "\(first.slug)#",
        "Next comes '\(second.title)'", road.last!.title.plainText,
        "The end of '\(first.title)'", second.steps[0].title.plainText,
      ], in: result.output)
    // All of it has been left, and the second start tells it no more.
    let log = ProgressLog(path: base + "/state/progress.jsonl")
    let progress = try log.read()
    // Of a step that waits for a prediction the end has not been seen.
    for (index, step) in first.steps.enumerated() {
      let state = PageState(invites: .keys)
      let page = NotePage.page(of: first, step: index, state: state, Presentation())
      #expect(
        progress.hasRead(note: first.slug, step: step.anchor)
          == (page.heldBackBy == nil && !step.isExtra))
    }
    #expect(!progress.hasRead(note: second.slug, step: second.steps[0].anchor))
    let again = try Program.run("sh", ["-c", command], environment: environment)
    #expect(!again.output.hasPrefix("Pathfinder"))
  }

  @Test("Links are stops of f, v follows one, and b goes back")
  func links() throws {
    defer { try? FileManager.default.removeItem(atPath: base) }
    let course = try NoteLibrary.compiled.course()
    let note = try #require(course.note(named: "nat-table"))
    // The first step that links to another note.
    let index = try #require(
      note.steps.indices.first { index in
        NotePage.page(of: note, step: index, state: PageState(), Presentation()).links
          .contains { $0.target.first != "#" && !$0.target.contains("://") }
      })
    let page = NotePage.page(of: note, step: index, state: PageState(), Presentation())
    let stops = page.links.count + page.items.count
    let lines = ["g nat-table#\(index + 1)"] + Array(repeating: "f", count: stops)
    let found = try read(lines + ["q"]).output
    let target = try #require(
      found.firstMatch(of: #/A link to (.+): v follows it/#)
    ).1
    let presses = found.split(separator: "command, ? for help: ").firstIndex {
      $0.contains("A link to \(target)")
    }
    let walked = try read(
      ["v", "g nat-table#\(index + 1)"] + Array(repeating: "f", count: try #require(presses) - 1)
        + ["v", "b", "q"]
    ).output
    let destination = String(target.split(separator: "#")[0])
    expect(
      [
        "No link has the focus", "A link to \(target)", "[\(destination) ",
        "[nat-table \(index + 1)/",
      ],
      in: walked)
  }

  @Test(
    "The end of input quits cleanly, wherever it comes",
    arguments: [[], ["r"], ["g nat-table#4", "r", "a"]])
  func endOfInput(lines: [String]) throws {
    defer { try? FileManager.default.removeItem(atPath: base) }
    let result = try read(lines)
    #expect(result.exitCode == 0)
    #expect(result.errorOutput.isEmpty)
  }

  @Test(
    "A terminal without a screen to draw on gets the plain reader",
    arguments: [["TERM": "dumb"], ["ACCESSIBLE": "1"]])
  func dumbTerminal(environment: [String: String]) throws {
    defer { try? FileManager.default.removeItem(atPath: base) }
    let result = try Program.run(
      "sh", ["-c", "echo q | script -qefc \"'\(Program.executable)' reader nat-table\" /dev/null"],
      environment: [
        "WORKBOOK_STATE": base + "/state", "WORKBOOK_ANSWERS": base + "/answers",
      ].merging(environment) { $1 })
    #expect(result.output.contains("command, ? for help"))
    #expect(!result.output.contains("\u{1B}"))
  }
}
