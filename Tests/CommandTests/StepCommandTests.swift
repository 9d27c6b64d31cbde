import FoundationEssentials
import Lessons
import TestSupport
import Testing

/// `run ID --step`, and the key `t` in the reader.
@Suite(.serialized, .waitsForChildren) struct StepCommandTests {
  static let id = "call-fails"
  let base = TestFolder.make()

  var environment: [String: String] {
    ["WORKBOOK_STATE": base + "/state", "WORKBOOK_ANSWERS": base + "/answers"]
  }

  @Test("Without a terminal all steps are printed, and the example's own text is not")
  func piped() throws {
    let result = try Program.run(["run", Self.id, "--step"])
    #expect(result.exitCode == 0, "\(result.errorOutput)")
    #expect(result.output.hasPrefix("Step 1 of "))
    #expect(result.output.contains("  IPv4 Source Address: 10.0.0.2 becomes 198.51.100.1"))
    #expect(!result.output.contains("┃"))
  }

  @Test("An example that shows no network says so in one line")
  func nothingShown() throws {
    let result = try Program.run(["run", "nat-first-packet", "--step"])
    #expect(result.exitCode == 69)
    #expect(result.output == "")
    #expect(
      result.errorOutput
        == "workbook: the example nat-first-packet shows no network, so there is nothing to step through\n"
    )
  }

  @Test("An example that shows a network before anything happens in it says so in one line")
  func nothingHappened() throws {
    let result = try Program.run(["run", "call-world", "--step"])
    #expect(result.exitCode == 69)
    #expect(result.output == "")
    #expect(result.errorOutput.hasPrefix("workbook: the example call-world has shown no network "))
    #expect(result.errorOutput.count { $0 == "\n" } == 1)
  }

  @Test("Steps are no JSON, and an example that is not there is none")
  func usage() throws {
    let json = try Program.run(["run", Self.id, "--step", "--json"])
    #expect(json.exitCode == 64)
    #expect(json.errorOutput == "workbook: --step and --json do not go together\n")
    #expect(try Program.run(["run", "no-such-example", "--step"]).exitCode == 64)
  }

  @Test("A picture is drawn in a terminal, narrower in a narrow one, and told in words without one")
  func forms() throws {
    let wide = try Program.runInTerminal(["run", Self.id])
    #expect(wide.exitCode == 0)
    #expect(wide.output.contains("├──────────────────────────╋──────────────────────────✗│"))
    let narrow = try Program.runInTerminal(["run", Self.id], environment: ["COLUMNS": "60"])
    #expect(narrow.output.contains("╋"))
    #expect(narrow.output.split(whereSeparator: \.isNewline).allSatisfy { $0.count <= 60 })
    let words = try Program.runInTerminal(["run", Self.id], environment: ["COLUMNS": "40"])
    #expect(words.output.contains("0.0 ms: alice sends"))
    #expect(words.output.split(whereSeparator: \.isNewline).allSatisfy { $0.count <= 40 })
    for result in [
      try Program.run(["run", Self.id]), try Program.runInTerminal(["run", Self.id, "--plain"]),
    ] {
      #expect(result.exitCode == 0)
      #expect(result.output.hasPrefix("0.0 ms: alice sends \"Hello, Bob!\" from 10.0.0.2:5000"))
      #expect(!result.output.contains("┃"))
    }
  }

  @Test("In the line reader t prints the steps, or says that there is nothing to step through")
  func lines() throws {
    defer { try? FileManager.default.removeItem(atPath: base) }
    let script = """
      printf 'g the-call-that-fails#2\\nt\\ng nat-table#2\\nt\\nq\\n' \
        | '\(Program.executable)' reader --plain
      """
    let result = try Program.run("sh", ["-c", script], environment: environment)
    #expect(result.exitCode == 0)
    #expect(result.output.contains("Step 1 of "))
    #expect(
      result.output.contains(
        "This example shows no network, so there is nothing to step through."))
  }

  // MARK: In a terminal

  @Test(
    "t gives the screen to the stepper, and q and Ctrl-C give it back to the reader",
    .needs("tmux"), .timeLimit(.minutes(2)), arguments: [(80, 24), (120, 40)])
  func reader(columns: Int, rows: Int) throws {
    defer { try? FileManager.default.removeItem(atPath: base) }
    let screen = try TerminalScreen(columns: columns, rows: rows, environment: environment)
    try screen.command(
      "stty -a >'\(base)/before'; '\(Program.executable)' reader the-call-that-fails#2")
    try screen.wait(for: "t step")
    for end in ["q", "C-c"] {
      try screen.press("t")
      try screen.wait(for: "alice sends")
      try screen.press("Right")
      try screen.press(end)
      try screen.wait(for: "t step")
    }
    // What the reader does is as before.
    try screen.press("r")
    try screen.wait(for: "Printed just now")
    try screen.press("q")
    try screen.waitForShell()
    try screen.command("clear; stty -a | diff - '\(base)/before' && echo the same")
    try screen.wait(for: "the same")
  }

  @Test(
    "A window that changes its size under the stepper fits the reader afterwards", .needs("tmux"),
    .timeLimit(.minutes(2)))
  func resized() throws {
    defer { try? FileManager.default.removeItem(atPath: base) }
    let screen = try TerminalScreen(columns: 80, rows: 24, environment: environment)
    try screen.command("'\(Program.executable)' reader the-call-that-fails#2")
    try screen.wait(for: "t step")
    try screen.press("t")
    try screen.wait(for: "alice sends")
    try screen.resize(columns: 60, rows: 20)
    try screen.press("q")
    try screen.wait("a head of 60 columns") { text in
      text.split(separator: "\n").first
        .map { $0.firstMatch(of: /2\/\d+$/) != nil && $0.count == 60 } == true
    }
    try screen.press("q")
    try screen.waitForShell()
  }

  @Test(
    "run --step has the terminal until q or Ctrl-C, and the shell gets it back sane",
    .needs("tmux"), .timeLimit(.minutes(2)), arguments: ["q", "C-c"])
  func command(end: String) throws {
    defer { try? FileManager.default.removeItem(atPath: base) }
    let screen = try TerminalScreen(columns: 80, rows: 24, environment: environment)
    try screen.command("stty -a >'\(base)/before'; clear")
    try screen.command("'\(Program.executable)' run \(Self.id) --step")
    try screen.wait(for: "alice sends")
    try screen.press(end)
    try screen.waitForShell()
    try screen.command("clear; stty -a | diff - '\(base)/before' && echo the same")
    try screen.wait(for: "the same")
  }

  @Test(
    "The stepper's picture in the README is what a terminal shows", .needs("tmux"),
    .timeLimit(.minutes(2)))
  func picture() throws {
    defer { try? FileManager.default.removeItem(atPath: base) }
    let screen = try TerminalScreen(columns: 80, rows: 24, environment: environment)
    try screen.command("'\(Program.executable)' run server-loss --step")
    try screen.wait(for: "Step 1 of")
    try screen.press("t")
    let shown = try screen.wait(for: "home makes a mapping")
    let svg = try String(
      decoding: Data(contentsOf: URL(filePath: Program.workspace.root + "/docs/stepper.svg")),
      as: UTF8.self)
    let drawn = svg.split(separator: "\n").filter { $0.hasPrefix("<text") }.map { line in
      line.replacing(/<[^>]*>/, with: "").replacing("&lt;", with: "<")
        .replacing("&gt;", with: ">").replacing("&amp;", with: "&")
        .replacing("\u{A0}", with: " ").withoutEnd
    }
    // The picture has no elements for blank lines.
    let lines = shown.split(separator: "\n").map { String($0).withoutEnd }
    #expect(drawn == lines.filter { !$0.isEmpty })
    try screen.press("q")
    try screen.waitForShell()
  }
}

extension StringProtocol {
  /// Without the blanks at its end.
  fileprivate var withoutEnd: String {
    String(reversed().drop { $0 == " " }.reversed())
  }
}
