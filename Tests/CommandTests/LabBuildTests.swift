import FoundationEssentials
import Glibc
import Terminal
import TestSupport
import Testing

/// The examples are built while the first page is read, and whoever runs one earlier waits for them.
@Suite(.serialized, .waitsForChildren) struct LabBuildTests {
  let shadow: ShadowWorkspace

  init() throws {
    shadow = try ShadowWorkspace(copying: ["workbook"])
    // In place of a build: it says how far it is, ends once it may, and tells how often it was asked.
    // It also ends with the folder: a test that is over leaves no process behind.
    try shadow.write(
      "workbook",
      """
      #!/bin/sh
      cd '\(shadow.root)' || exit
      echo "$*" >>asked
      echo '[3/9] Compiling NATTable' >.build/workbook-build.log
      until [ -e may-end ] || [ ! -e asked ]; do sleep 0.05; done
      [ ! -s fault ] || { cat fault >&2; exit 65; }
      """)
  }

  /// What the script `workbook` says of the examples when they are to be built.
  let unbuilt = ["WORKBOOK_LAB": ""]

  func asked() -> [String] {
    ((try? shadow.text("asked")) ?? "").split(separator: "\n").map(String.init)
  }

  @Test(
    "On the screen the wait shows how far it is, Esc ends it, and the example runs once it can",
    .needs("tmux"), .timeLimit(.minutes(2)))
  func screen() throws {
    let screen = try TerminalScreen(
      columns: 80, rows: 24, environment: unbuilt.merging(["WORKBOOK_STATE": shadow.state]) { $1 })
    try screen.command("clear; '\(shadow.executable)' reader 'nat-table#2'")
    try screen.wait(for: "2/")
    // It has been begun already, by the reader itself.
    try waitFor("the build") { asked() == ["build workbook-lab"] }
    try screen.press("r")
    try screen.wait(for: "The examples are being built, which is done once: step 3 of 9.")
    try screen.press("Escape")
    try screen.wait(for: "Stopped.")
    try shadow.write("may-end", "")
    try screen.press("r")
    let ran = try screen.wait(for: "expires in")
    #expect(!ran.contains("Stopped."))
    #expect(!ran.contains("being built"))
    try screen.press("q")
    try screen.waitForShell()
  }

  @Test(
    "A terminal that changes its size during the wait is drawn anew", .needs("tmux"),
    .timeLimit(.minutes(2)))
  func resized() throws {
    let screen = try TerminalScreen(
      columns: 80, rows: 24, environment: unbuilt.merging(["WORKBOOK_STATE": shadow.state]) { $1 })
    try screen.command("clear; '\(shadow.executable)' reader 'nat-table#2'")
    try screen.wait(for: "2/")
    try screen.press("r")
    let news = "The examples are being built"
    try screen.wait(for: news)
    try screen.resize(columns: 60, rows: 24)
    try screen.wait("a head of 60 columns, and the news") { text in
      let head = text.split(separator: "\n", omittingEmptySubsequences: false)
        .first.map(String.init)
      return head?.displayWidth == 60 && text.contains(news)
    }
    try screen.press("Escape")
    try screen.wait(for: "Stopped.")
    try screen.press("q")
    try screen.waitForShell()
  }

  @Test("Line by line the wait is told once", .timeLimit(.minutes(2)))
  func plain() throws {
    try shadow.write("may-end", "")
    let result = try shadow.run(
      "reader", "--plain", "nat-table#2", input: "r\nr\nq\n", environment: unbuilt)
    #expect(result.exitCode == 0)
    #expect(result.output.matches(of: /being built/).count <= 1)
    #expect(result.output.contains("expires in"))
    #expect(Set(asked()) == ["build workbook-lab"])
  }

  @Test("A command waits in the open, and what the build says is its own", .timeLimit(.minutes(2)))
  func command() throws {
    try shadow.write("may-end", "")
    try shadow.write("fault", "workbook: no compiler today\n")
    let result = try shadow.run("run", "nat-same-port", environment: unbuilt)
    #expect(result.exitCode == 65)
    #expect(result.errorOutput == "workbook: no compiler today\n")
    #expect(asked() == ["build workbook-lab"])
  }

  @Test(
    "In the reader a build that fails is one line with its first error", .timeLimit(.minutes(2)))
  func fault() throws {
    try shadow.write("may-end", "")
    try shadow.write("fault", "Sources/A.swift:1:1: error: no\nworkbook: the build failed\n")
    let result = try shadow.run(
      "reader", "--plain", "nat-table#2", input: "r\nq\n", environment: unbuilt)
    #expect(
      result.output.contains("workbook-lab cannot be built: Sources/A.swift:1:1: error: no"),
      "\(result.output)")
  }
}
