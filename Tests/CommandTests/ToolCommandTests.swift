import FoundationEssentials
import Lessons
import NoteFormat
import TestSupport
import Testing

@Suite(.serialized, .waitsForChildren) struct DoctorTests {
  private struct Report: Decodable { var findings: [Finding] }

  private struct Finding: Decodable {
    var name: String
    var isNeeded: Bool
    var isThere: Bool
    var remedy: String
  }

  private func findings(_ environment: [String: String] = [:]) throws -> (Int32?, [Finding]) {
    let result = try Program.run(["doctor", "--json"], environment: environment)
    let report = try JSONDecoder().decode(Report.self, from: Data(result.output.utf8))
    return (result.exitCode, report.findings)
  }

  @Test("Where the workbook was built, nothing that it needs is missing")
  func healthy() throws {
    let (code, findings) = try findings()
    #expect(code == 0)
    #expect(findings.count { $0.isNeeded } >= 6)
    #expect(!findings.contains { $0.isNeeded && !$0.isThere })
    #expect(findings.contains { $0.name == "libcmark" })
  }

  @Test("With nothing in PATH everything needed is missing, and how to get it is said")
  func bare() throws {
    let (code, findings) = try findings(["PATH": "/no/such/folder"])
    #expect(code == 69)
    for name in ["swiftc", "git", "pkg-config", "libcmark", "libcrypto"] {
      #expect(findings.contains { $0.name == name && !$0.isThere && !$0.remedy.isEmpty })
    }
    let text = try Program.run(["doctor"], environment: ["PATH": "/no/such/folder"])
    #expect(text.exitCode == 69)
    #expect(text.output.contains("get it: https://www.swift.org/install/linux"))
    #expect(text.output.contains("Missing: swiftc, "))
  }

  @Test("A folder that progress cannot be recorded in is found out")
  func state() throws {
    let (code, findings) = try findings(["WORKBOOK_STATE": "/proc/nothing/state"])
    #expect(code == 69)
    #expect(findings.contains { $0.name == "progress" && !$0.isThere })
  }
}

@Suite(.serialized, .waitsForChildren) struct ManualTests {
  @Test("The manual names every command, and the option of each")
  func complete() throws {
    let manual = try Program.run(["manual"])
    #expect(manual.exitCode == 0)
    let help = try Program.run(["--help"]).output
    let commands = help.split(separator: "\n")
      .drop { !$0.contains("SUBCOMMANDS:") }
      .filter { $0.hasPrefix("  ") && $0.dropFirst(2).first?.isLowercase == true }
      .compactMap { $0.split(separator: " ").first }
    #expect(commands.count > 15)
    for command in commands where command != "help" {
      #expect(manual.output.contains(".SS \(command)"), "\(command)")
    }
    for option in ["prediction", "answer", "compare", "poll", "json", "plain"] {
      #expect(manual.output.contains("\\-\\-\(option)"), "\(option)")
    }
  }

  @Test("The manual knows every environment variable that the program or its entry script reads")
  func environment() throws {
    let manual = try Program.run(["manual"]).output
    let section = try #require(
      manual.firstMatch(of: #/\.SH ENVIRONMENT\n((?:.|\n)*?)\.SH /#)
    ).1
    let named = Set(
      section.matches(of: #/(?m)^\.B (.+)$/#).flatMap { $0.1.split(separator: ", ") }.map(
        String.init))
    // Words in capitals that are no variables, and variables that the program sets for its children.
    let others: Set = [
      "ADF", "ADM", "APDF", "APDM", "EIF", "EIM", "FAILED", "ICE", "NOTE", "STUN",
      "TURN",
    ]
    let own: Set = [
      "MALLOC_TOP_PAD_", "SWIFT_BACKTRACE", "WORKBOOK_ANSWER_LIBRARY", "WORKBOOK_CRASH_REPORT",
      "WORKBOOK_PICTURES", "WORKBOOK_SHARED_LIBRARY",
    ]
    var read: Set<String> = []
    for room in [
      "CommandOptions", "ExampleChild", "Lessons", "ProgramSupport", "Reader", "Site", "TUN",
      "Terminal", "workbook", "workbook-lab", "workbook-live",
    ] {
      let folder = Program.workspace.root + "/Sources/" + room
      for file in try FileManager.default.subpathsOfDirectory(atPath: folder)
      where file.hasSuffix(".swift") && !file.hasSuffix("ManualFacts.swift") {
        let text = try String(contentsOfFile: "\(folder)/\(file)", encoding: .utf8)
        read.formUnion(text.matches(of: #/"([A-Z][A-Z_]{2,})"/#).map { String($0.1) })
      }
    }
    let entry = try String(contentsOfFile: Program.workspace.root + "/workbook", encoding: .utf8)
    read.formUnion(entry.matches(of: #/\$\{?([A-Z][A-Z_]+)/#).map { String($0.1) })
    #expect(read.count > 10)
    #expect(named == read.subtracting(others).subtracting(own))
  }

  @Test("The manual has every exit code of the program's, and examples that are lines to type")
  func facts() throws {
    let manual = try Program.run(["manual"]).output
    for code in [0, 1, 2, 64, 65, 69, 74, 75, 126, 127, 130] {
      #expect(manual.contains("\n.B \(code)\n"), "\(code)")
    }
    let examples = try #require(manual.firstRange(of: ".SH EXAMPLES\n"))
    let lines = manual[examples.upperBound...].matches(of: #/(?m)^\.B \\&\./workbook ?(.*)$/#)
    #expect(lines.count > 5)
    for line in lines where !line.1.isEmpty {
      let words = line.1.replacing("\\-", with: "-").split(separator: " ").map(String.init)
      // Its help is printed where command and subcommand exist.
      let command = Array(words.prefix { !$0.hasPrefix("-") }.prefix(1))
      #expect(try Program.run(command + ["--help"]).exitCode == 0, "\(line.1)")
    }
  }

  // Overstriking, which terminals show as bold, is switched off.
  @Test("groff sets the manual without a warning", .needs("groff"))
  func groff() throws {
    let shadow = try ShadowWorkspace()
    try shadow.write("workbook.1", try Program.run(["manual"]).output)
    let set = try Program.run(
      "groff", ["-man", "-ww", "-b", "-Tutf8", "-P-cbou", "-rLL=78n", shadow.root + "/workbook.1"])
    #expect(set.exitCode == 0)
    #expect(set.errorOutput == "")
    #expect(set.output.contains("ENVIRONMENT"))
    #expect(set.output.contains("./workbook"))
  }

  @Test("man shows it", .needs("man"))
  func man() throws {
    let shadow = try ShadowWorkspace()
    try shadow.write("workbook.1", try Program.run(["manual"]).output)
    let shown = try Program.run("man", ["--warnings", "-l", shadow.root + "/workbook.1"])
    #expect(shown.exitCode == 0)
    #expect(shown.errorOutput == "")
    #expect(shown.output.contains("EXIT STATUS"))
  }
}

@Suite(.serialized, .waitsForChildren) struct CompletionTests {
  @Test("bash finds no fault with its completion script", .needs("bash"))
  func bashSyntax() throws { try checkSyntax("bash") }

  @Test("zsh finds no fault with its completion script", .needs("zsh"))
  func zshSyntax() throws { try checkSyntax("zsh") }

  @Test("fish finds no fault with its completion script", .needs("fish"))
  func fishSyntax() throws { try checkSyntax("fish") }

  private func checkSyntax(_ shell: String) throws {
    let script = try Program.run(["--generate-completion-script", shell])
    #expect(script.exitCode == 0)
    #expect(script.output.contains("predict"))
    let shadow = try ShadowWorkspace()
    try shadow.write("completions", script.output)
    let checked = try Program.run(shell, ["-n", shadow.root + "/completions"])
    #expect(checked.exitCode == 0, "\(checked.errorOutput)")
  }

  @Test("bash completes commands and the names of what there is", .needs("bash"))
  func bash() throws {
    let shadow = try ShadowWorkspace()
    try shadow.write(
      "completions", try Program.run(["--generate-completion-script", "bash"]).output)
    func complete(_ words: String...) throws -> [Substring] {
      let quoted = words.map { "'\($0)'" }.joined(separator: " ")
      let script = """
        . '\(shadow.root)/completions'
        COMP_WORDS=('\(shadow.executable)' \(quoted)); COMP_CWORD=\(words.count)
        COMP_LINE="${COMP_WORDS[*]}"; COMP_POINT=${#COMP_LINE}; COMP_TYPE=9
        _workbook '\(shadow.executable)' '\(words.last ?? "")' x
        printf '%s\\n' "${COMPREPLY[@]}"
        """
      return try Program.run("bash", ["-c", script]).output.split(separator: "\n")
    }
    #expect(try complete("pred").contains("predict"))
    #expect(try complete("run", "pairs-val").contains("pairs-valid"))
    #expect(try complete("hint", "pair").contains("pair-priority"))
    #expect(try complete("read", "").contains("nat-table"))
  }
}

@Suite(.serialized, .waitsForChildren) struct NewTests {
  static let parts: Set<String> = ["notes", "Exercises"]

  @Test("A new exercise is proven: skeleton, solution and mistakes do as they should")
  func exercise() throws {
    let shadow = try ShadowWorkspace(copying: Self.parts)
    let made = try shadow.run("new", "exercise", "same-port")
    #expect(made.exitCode == 0)
    #expect(made.output.contains("](../Exercises/same-port/Exercise.swift)"))
    #expect(try shadow.run("notes", "sync").output.contains("Exercises/Checks.sha256"))
    let folder = try ExerciseFolder("same-port", in: shadow.workspace)
    let skeleton = try shadow.run("check", "same-port", "--answer", folder.skeleton)
    #expect(skeleton.exitCode == 1)
    #expect(skeleton.output.contains("should be"))
    #expect(try shadow.run("check", "same-port", "--answer", folder.solution).exitCode == 0)
    for mistake in try folder.mistakes() {
      let result = try shadow.run("check", "same-port", "--answer", mistake.path, "--json")
      let verdict = try JSONDecoder().decode(Verdict.self, from: Data(result.output.utf8))
      #expect(verdict.firstFailure?.name == mistake.failingCheck)
      #expect(verdict.mistake == mistake.sentence)
    }
  }

  @Test("A new note has the next number and breaks nothing of the format")
  func note() throws {
    let shadow = try ShadowWorkspace(copying: Self.parts)
    _ = try shadow.run("new", "exercise", "same-port")
    let made = try shadow.run("new", "note", "my-note", "What", "I", "know", "--json")
    #expect(made.exitCode == 0)
    let highest = NoteLibrary.compiled.notes.compactMap(\.number).max() ?? 0
    let path = "notes/\(highest + 1)-my-note.md"
    #expect(made.output.contains(path))
    let text = try shadow.text(path) + "\n" + Author.section(for: "same-port") + "\n"
    let (note, problems) = try Note.parse(Array(text.utf8), file: path)
    #expect(problems.isEmpty, "\(problems)")
    #expect(note.title == "What I know")
    #expect(note.examples.map(\.id) == ["my-note-first"])
    #expect(note.questions.count == 1)
    #expect(note.exercises.map(\.id) == ["same-port"])
  }

  @Test(
    "A name that is none, or is taken, is told, and nothing is written",
    arguments: [
      ["note", "Nat-Table", "T"], ["note", "nat-table", "T"], ["note", "nattable", "T"],
      ["note", "../x", "T"], ["note", "a--b", "T"], ["note", "x", " "], ["note", "", "T"],
      ["exercise", "pair-priority"], ["exercise", "../../x"], ["exercise", "a b"],
      ["exercise", "-a"], ["exercise", "Ä"],
    ])
  func names(arguments: [String]) throws {
    let before = try FileManager.default.contentsOfDirectory(
      atPath: Program.workspace.notesFolder)
    let result = try Program.run(["new"] + arguments)
    #expect(result.exitCode == 64)
    #expect(!result.errorOutput.isEmpty)
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: Program.workspace.notesFolder) == before)
  }
}
