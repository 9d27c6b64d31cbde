import TestSupport
import Testing

/// What becomes of output that cannot be written.
@Suite(.serialized, .waitsForChildren) struct StandardStreamTests {
  /// Runs the program by a shell that redirects its streams.
  private func run(_ arguments: String, _ redirection: String) throws -> Program.Result {
    try Program.run(
      "/bin/sh", ["-c", "exec '\(Program.executable)' \(arguments) \(redirection)"])
  }

  @Test(
    "A full device is said in one line, and is an exit code",
    arguments: ["list", "list --json", "--help", "manual", "notes check --json"])
  func full(arguments: String) throws {
    let result = try run(arguments, ">/dev/full")
    #expect(result.exitCode == 74)
    #expect(
      result.errorOutput
        == "workbook: cannot write to standard output: No space left on device\n")
  }

  @Test("Progress that is exported to a full device is a failure, not a backup")
  func progress() throws {
    let state = "WORKBOOK_STATE='\(TestFolder.make())'"
    let answer = "'\(Program.executable)' answer nat-table#3/1 1"
    let export = "'\(Program.executable)' progress export -"
    let result = try Program.run(
      "/bin/sh", ["-c", "export \(state); \(answer) >&2; \(export) >/dev/full"])
    #expect(result.exitCode == 74)
  }

  @Test("A standard output that is closed is a failure, and lands in no other file")
  func closed() throws {
    let result = try run("list", ">&-")
    #expect(result.exitCode == 74)
    #expect(
      result.errorOutput == "workbook: cannot write to standard output: Bad file descriptor\n")
  }

  @Test("A reader that has seen enough is no failure")
  func enough() throws {
    let result = try run("list --examples", "2>&1 | head -n 1")
    #expect(result.output.hasPrefix("Pathfinder"))
    #expect(result.errorOutput == "")
    #expect(!result.output.contains("cannot write"))
  }

  @Test("A usage error keeps its exit code though standard output is lost")
  func usage() throws {
    #expect(try run("read nosuchnote", ">/dev/full").exitCode == 64)
  }

  @Test("On a terminal that nobody knows, the reader goes line by line and says why")
  func unknownTerminal() throws {
    let state = TestFolder.make()
    let screen = try TerminalScreen(columns: 100, rows: 60)
    try screen.command(
      "TERM=no-such-terminal WORKBOOK_STATE='\(state)' '\(Program.executable)' reader nat-table")
    let text = try screen.wait(for: "One address for a whole house")
    #expect(text.contains("This machine does not know the terminal 'no-such-terminal'"))
    try screen.command("q")
    try screen.waitForShell()
  }
}
