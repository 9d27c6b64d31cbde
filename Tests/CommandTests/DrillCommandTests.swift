import Drills
import FoundationEssentials
import Glibc
import Lessons
import TestSupport
import Testing

/// `workbook drill`: a call that fails, line by line and by options.
@Suite(.serialized, .waitsForChildren) struct DrillCommandTests {
  let shadow: ShadowWorkspace
  static let campus = Drill(named: "campus")!
  static let right = (cause: campus.rightCause + 1, fix: campus.rightFix + 1)
  static let wrong = (cause: campus.rightCause == 0 ? 2 : 1, fix: campus.rightFix == 0 ? 2 : 1)

  init() throws {
    shadow = try ShadowWorkspace()
  }

  private func drill(_ arguments: String..., input: String = "") throws -> Program.Result {
    let path = shadow.root + "/lines"
    try Data(input.utf8).write(to: URL(filePath: path))
    return try Program.run(
      "sh", ["-c", "\"$0\" drill \"$@\" <'\(path)'", shadow.executable] + arguments,
      environment: ["WORKBOOK_STATE": shadow.state])
  }

  @Test("Without a name it lists the drills, with what is solved")
  func list() throws {
    let before = try drill()
    #expect(before.exitCode == 0)
    #expect(before.output.contains("0 of \(Drill.all.count) solved"))
    for drill in Drill.all { #expect(before.output.contains(drill.id)) }
    let solved = try drill("campus", input: "\(Self.right.cause)\n\(Self.right.fix)\n")
    #expect(solved.exitCode == 0)
    #expect(try drill().output.contains("1 of \(Drill.all.count) solved"))
    #expect(try shadow.log.read().hasSolved(drill: "campus"))
  }

  @Test("A wrong cause is told what speaks against it, and may be chosen again")
  func wrongCause() throws {
    let result = try drill("campus", input: "\(Self.wrong.cause)\n\(Self.right.cause)\n")
    #expect(result.exitCode == 1)
    #expect(result.output.contains("That is not it."))
    #expect(result.output.contains("That is it."))
    #expect(result.output.contains("What makes it work?"))
    #expect(result.output.contains("is not solved yet"))
    let progress = try shadow.log.read()
    #expect(progress.hasFoundCause(ofDrill: "campus") && !progress.hasSolved(drill: "campus"))
  }

  @Test("A wrong fix is tried and shown failing, the right one working")
  func fixes() throws {
    let result = try drill(
      "campus", input: "\(Self.right.cause)\n\(Self.wrong.fix)\n\(Self.right.fix)\n")
    #expect(result.exitCode == 0)
    #expect(result.output.contains("The call is made again, and fails."))
    #expect(result.output.contains("It does not connect"))
    #expect(result.output.contains("The call is made again, and works."))
    #expect(result.output.contains("The drill campus is solved."))
  }

  @Test("No lines at all are not right, and the end of input ends it", arguments: ["", "\n\n"])
  func noInput(input: String) throws {
    let result = try drill("campus", input: input)
    #expect(result.exitCode == 1)
    #expect(result.output.hasSuffix("The drill campus is not solved yet.\n"))
    #expect(try !shadow.log.read().hasFoundCause(ofDrill: "campus"))
  }

  @Test("A drill begins on one screen of 80 by 24", arguments: Drill.all.map(\.id))
  func opening(id: String) throws {
    let result = try drill(id, input: "")
    let opening = result.output.split(separator: "\n", omittingEmptySubsequences: false)
    // Without the last line, which says that it is not solved; with one for the prompt.
    #expect(opening.count - 1 <= 24, "\(result.output)")
    #expect(opening.allSatisfy { $0.count <= 80 })
  }

  @Test(
    "Everything that there is to look at is shown, in 80 columns", arguments: Drill.all.map(\.id))
  func views(id: String) throws {
    let looks = ["ladder", "ladder bob", "log", "log bob", "offer", "answer", "pairs", "pairs bob"]
    let result = try drill(
      id, input: (looks + ["tables", "causes", "help", "quit"]).joined(separator: "\n"))
    #expect(result.exitCode == 1)
    #expect(result.output.contains("→ 203.0.113.9:3478  Binding request") || id == "demo")
    #expect(result.output.contains("signals offer 0"))
    #expect(result.output.contains("a=candidate:"))
    #expect(result.output.split(separator: "\n").allSatisfy { $0.count <= 80 })
  }

  @Test("What cannot be obeyed is said, and the next line is read")
  func complaints() throws {
    let result = try drill(
      "campus", input: "ladle\nladder carol\n9\nfix 1\nfixes\ncapture\nquit\n")
    #expect(result.exitCode == 1)
    #expect(result.output.contains("'ladle' is nothing to look at"))
    #expect(result.output.contains("say 'alice' or 'bob' behind 'ladder'"))
    #expect(result.output.contains("there is no cause 9; there are 1 to 4"))
    #expect(result.output.contains("a cause is chosen by its number alone"))
    #expect(!result.output.contains("What makes it work?"))
  }

  @Test("A capture is written for decode, and replaces no file")
  func capture() throws {
    let path = shadow.root + "/call.pcap"
    let result = try drill("monday", input: "capture \(path) bob\ncapture \(path)\nquit\n")
    #expect(result.output.contains("\(path) holds the packets of bob's host"))
    #expect(result.output.contains("call.pcap") && result.output.contains("there"))
    let decoded = try Program.run(["decode", "--summary", path])
    #expect(decoded.exitCode == 2)
    #expect(decoded.output.contains("401"))
    let other = shadow.root + "/alice.pcap"
    #expect(try drill("monday", "--pcap", other).exitCode == 0)
    #expect(try drill("monday", "--pcap", other).exitCode == 69)
  }

  @Test("Options choose without asking: 0 for what is right, 1 for what is wrong")
  func options() throws {
    #expect(try drill("campus", "--fix", "\(Self.right.fix)").exitCode == 64)
    #expect(try drill("campus", "--cause", "\(Self.wrong.cause)").exitCode == 1)
    let cause = try drill("campus", "--cause", "\(Self.right.cause)")
    #expect(cause.exitCode == 0)
    #expect(cause.output.contains("That is it."))
    #expect(try drill("campus", "--fix", "\(Self.wrong.fix)").exitCode == 1)
    #expect(try drill("campus", "--fix", "\(Self.right.fix)").exitCode == 0)
    #expect(try drill("campus", "--show", "ladder", "--side", "bob").exitCode == 0)
    #expect(try drill("campus", "--cause", "9").exitCode == 64)
    #expect(try drill("campus", "--show", "nothing").exitCode == 64)
    let unknown = try drill("campos")
    #expect(unknown.exitCode == 64)
    #expect(unknown.errorOutput.contains("did you mean 'campus'?"))
  }

  @Test("Its JSON is what is documented, and tells no fix before the cause is found")
  func json() throws {
    let schema = try JSONSchema.documented()
    let looks = ["--show", "tables", "--show", "log", "--show", "pairs"]
    for (section, arguments) in [
      ("drill", []), ("drill ID", ["campus"]),
      ("drill ID", ["campus", "--cause", "\(Self.wrong.cause)"] + looks),
      (
        "drill ID",
        ["campus", "--cause", "\(Self.right.cause)", "--fix", "\(Self.right.fix)"]
      ),
    ] {
      let result = try Program.run(
        shadow.executable, ["drill", "--json"] + arguments,
        environment: ["WORKBOOK_STATE": shadow.state])
      let value = try JSONValue(result.output)
      #expect(schema.problems(of: value, in: section) == [], "\(arguments)")
      let hasFix = arguments.contains("--fix")
      #expect((value["fixes"] != nil) == hasFix)
      #expect(!hasFix || value["solved"] == .boolean(true))
    }
  }

  @Test(
    "In a terminal a drill begins on one screen, and is solved by keys; Ctrl-C leaves with 130",
    .needs("tmux"), .timeLimit(.minutes(2)))
  func terminal() throws {
    let screen = try TerminalScreen(
      columns: 80, rows: 24, environment: ["WORKBOOK_STATE": shadow.state])
    try screen.command("clear; '\(shadow.executable)' drill campus; echo ended with $?")
    let opening = try screen.wait(for: "cause>")
    #expect(opening.contains("Drill campus"))
    #expect(opening.contains("Why does it fail?"))
    try screen.command("\(Self.wrong.cause)")
    try screen.wait(for: "That is not it.")
    try screen.command("\(Self.right.cause)")
    try screen.wait(for: "fix>")
    try screen.command("\(Self.right.fix)")
    try screen.wait(for: "ended with 0")
    try screen.command("clear; '\(shadow.executable)' drill monday")
    try screen.wait(for: "cause>")
    try screen.press("C-c")
    try screen.waitForShell()
    try screen.command("echo left with $?")
    try screen.wait(for: "left with 130")
  }
}
