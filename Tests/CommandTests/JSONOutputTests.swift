import FoundationEssentials
import Glibc
import Lessons
import TestSupport
import Testing

/// What every command prints with `--json`, held against `docs/json.md`.
@Suite(.serialized, .waitsForChildren, .timeLimit(.minutes(10))) struct JSONOutputTests {
  static let schema = try! JSONSchema.documented()
  static let id = "pair-priority"

  /// A command line, and the section that describes what it prints.
  struct Line: CustomTestStringConvertible, Sendable {
    var section: String
    var arguments: [String]
    var input: String?
    /// Each line is an object.
    var isLines = false
    var exitCode: Int32 = 0

    init(
      _ section: String, _ arguments: String..., input: String? = nil, isLines: Bool = false,
      exitCode: Int32 = 0
    ) {
      (self.section, self.arguments, self.input) = (section, arguments, input)
      (self.isLines, self.exitCode) = (isLines, exitCode)
    }

    var testDescription: String { arguments.joined(separator: " ") }
  }

  static let script = """
    help
    send 10.0.0.2:5000 > 198.51.100.1:3478
    reply
    send 198.51.100.9:1 > 203.0.113.7:5000
    goal 10.0.0.3:5000
    par 1
    send 10.0.0.3:5000 > 198.51.100.1:3478 fragment 7 from 8 last
    send 10.0.0.3:5000 > 198.51.100.1:3478 fragment 7 from 0
    expect forward
    receive 192.0.2.9:1 > 203.0.113.7:9
    map tcp 10.0.0.2:80 = 203.0.113.7:8080
    table
    wait 1s
    undo
    external 203.0.113.9
    filtering endpoint-independent
    preset symmetric

    """

  /// The lines in their order: some need what earlier ones have made.
  static let lines: [Line] = [
    Line("list", "list"), Line("read", "read", "nat-table"), Line("read", "read", "nat-table#3"),
    Line("run", "run", "nat-first-packet"), Line("run", "play", "nat-first-packet"),
    Line("start", "start", id), Line("start", "start", id),
    Line("check", "check", id, exitCode: 1),
    Line("check --all", "check", "--all", exitCode: 1),
    Line("predict", "predict", "nat-unsolicited", "--prediction", "x", exitCode: 1),
    Line("answer", "answer", "ice-pairs#3/1", "1", exitCode: 1),
    Line("answer", "answer", "ice-pairs#3/1", "3"), Line("review", "review"),
    Line("hint", "hint", id), Line("solution", "solution", id, exitCode: 1),
    Line("solution", "solution", id, "--compare"), Line("progress", "progress"),
    Line("progress", "progress", "show"), Line("search", "search", "hairpin"),
    Line("search", "search", "xyzzy", exitCode: 1), Line("glossary", "glossary"),
    Line("glossary", "glossary", "transport", "address"),
    Line("cheatsheet", "cheatsheet", "nat-table"), Line("doctor", "doctor"),
    Line("reset", "reset", "--all"), Line("notes check", "notes", "check"),
    Line("nat", "nat", input: script, isLines: true),
    Line(
      "nat", "nat",
      input: "router r cgn\nhost a behind r\nsend a:1 > 1.1.1.1:1\nwait 1s\ntable\nladder\nmap\n"
        + "undo\ngoal r 10.0.0.2:2\nsend a:2 > 1.1.1.1:1\n",
      isLines: true),
    Line("nat", "nat", "--keep-going", input: "expect drop\nwait\n", isLines: true, exitCode: 65),
    Line("matrix", "matrix"), Line("matrix NAT NAT", "matrix", "linux", "symmetric"),
    Line("matrix NAT NAT --explain", "matrix", "linux", "symmetric", "--explain"),
    Line("matrix --ice", "matrix", "--ice", "--places"),
    Line("matrix --ice NAT NAT", "matrix", "--ice", "linux", "symmetric"),
    Line("matrix NAT NAT --explain", "matrix", "--ice", "home", "hotel", "--explain"),
    Line("pairs", "pairs", PairsTests.data("chromium-offer"), PairsTests.data("firefox-answer")),
    Line("drill", "drill"), Line("drill ID", "drill", "campus"),
    Line("drill ID", "drill", "campus", "--cause", "1", exitCode: 1),
    Line("drill ID", "drill", "campus", "--cause", "3", "--fix", "3", "--show", "ladder"),
    Line("decode", "decode", "000100002112a4424142434445464748494a4b4c"),
    Line("decode", "decode", "0001", exitCode: 1),
  ]

  private func expectDocumented(_ line: Line, _ result: Program.Result) throws {
    #expect(result.exitCode == line.exitCode, "\(line.testDescription): \(result)")
    let values =
      line.isLines
      ? try result.output.split(separator: "\n").map { try JSONValue($0) }
      : [try JSONValue(result.output)]
    #expect(!values.isEmpty)
    for value in values {
      let problems = Self.schema.problems(of: value, in: line.section)
      #expect(problems == [], "\(line.testDescription)")
    }
  }

  @Test("Every command prints what is documented, and no key more or less")
  func documented() throws {
    let shadow = try ShadowWorkspace()
    for line in Self.lines {
      let path = shadow.root + "/input"
      try Data((line.input ?? "").utf8).write(to: URL(filePath: path))
      let result = try Program.run(
        "sh",
        ["-c", "\"$0\" \"$@\" --json <'\(path)'", shadow.executable] + line.arguments,
        environment: ["WORKBOOK_STATE": shadow.state])
      try expectDocumented(line, result)
    }
  }

  @Test("A review prints what is due of questions and of predictions")
  func review() throws {
    let shadow = try ShadowWorkspace()
    _ = try shadow.run("answer", "ice-pairs#3/1", "1")
    _ = try shadow.run("predict", "nat-unsolicited", "--prediction", "4")
    let result = try Program.run(
      "sh", ["-c", "\"$0\" review --json", shadow.executable],
      // In the year 2100
      environment: ["WORKBOOK_STATE": shadow.state, "WORKBOOK_NOW": "4102444800"])
    try expectDocumented(Line("review", "review"), result)
    #expect(try JSONValue(result.output)["dueCount"] == .number(2))
  }

  @Test("Verdicts on answers that crash, lack a function or have a known mistake")
  func verdicts() throws {
    let shadow = try ShadowWorkspace()
    let folder = try ExerciseFolder(Self.id, in: shadow.workspace)
    let skeleton = String(
      decoding: try Data(contentsOf: URL(filePath: folder.skeleton)), as: UTF8.self)
    let crash = skeleton.replacing("return 0", with: "return [UInt64]()[1]")
    try #require(crash != skeleton)
    try shadow.write("crash.swift", crash)
    try shadow.write("empty.swift", "\n")
    try shadow.write("broken.swift", "let\n")
    let mistake = try #require(try folder.mistakes().first)
    for (file, key) in [
      ("crash.swift", "crash"), ("empty.swift", "missing"), ("broken.swift", "messages"),
      (mistake.path, "mistake"),
    ] {
      let path = file.hasPrefix("/") ? file : shadow.root + "/" + file
      let result = try shadow.run("check", Self.id, "--answer", path, "--json")
      #expect(try JSONValue(result.output)[key] != nil, "\(result)")
      try expectDocumented(Line("check", "check", exitCode: 1), result)
    }
  }

  @Test("watch prints a verdict a line")
  func watch() throws {
    let shadow = try ShadowWorkspace()
    _ = try shadow.run("start", Self.id)
    let result = try Program.run(
      "bash",
      [
        "-c",
        """
        cd "$ROOT"
        lines() { for i in $(seq 600); do [ "$(wc -l <out)" -ge "$1" ] && return; sleep 0.05; done; }
        .build/debug/workbook watch --json >out 2>err & watcher=$!
        lines 1
        cat Exercises/\(Self.id)/Solution.swift >answers/\(Self.id).swift
        lines 2
        kill -INT $watcher
        wait $watcher
        cat out
        exit $?
        """,
      ], environment: ["ROOT": shadow.root, "WORKBOOK_STATE": shadow.state], seconds: 120)
    try expectDocumented(Line("check", "watch", isLines: true), result)
    let outcomes = try result.output.split(separator: "\n").map { try JSONValue($0)["outcome"] }
    #expect(outcomes == [.string("failed"), .string("passed")])
  }

  @Test("Notes of one's own, what authors make, exports and imports")
  func files() throws {
    let vault = try Vault()
    for line in [
      Line("open", "open", vault.path), Line("read", "open", vault.path, "TURN"),
      Line("run", "open", vault.path, "--run", "sum", "--trust"),
      Line("notes check", "open", vault.path, "--check", exitCode: 65),
    ] { try expectDocumented(line, try Program.run(line.arguments + ["--json"])) }
    let shadow = try ShadowWorkspace(copying: ["notes", "Exercises"])
    try shadow.log.append(.started(exercise: Self.id))
    let state = shadow.state + "/progress.jsonl"
    for line in [
      Line("new", "new", "exercise", "same-port"), Line("notes sync", "notes", "sync"),
      Line("new", "new", "note", "my-note", "Mine"),
      Line("export html", "export", "html", shadow.root + "/site"),
      Line("progress import", "progress", "import", state),
    ] {
      let result = try Program.run(
        shadow.executable, line.arguments + ["--json"],
        environment: ["WORKBOOK_STATE": shadow.state])
      try expectDocumented(line, result)
    }
  }

  @Test("A capture with an answered request and one that is not")
  func capture() throws {
    typealias Capture = DecodeCaptureTests
    let (client, server) = (Capture.client, Capture.server)
    let datagrams = [
      Capture.Datagram(time: 0, source: client, destination: server, payload: Capture.request),
      Capture.Datagram(time: 9, source: server, destination: client, payload: Capture.success),
      Capture.Datagram(
        time: 20, source: client, destination: Capture.other, payload: Capture.allocate),
      Capture.Datagram(
        time: 30, source: Capture.other, destination: client, payload: Capture.refusal),
    ]
    let result = try Capture.decode(datagrams, ["--json", "--password", "x"])
    try expectDocumented(Line("decode", "decode", exitCode: result.exitCode ?? -1), result)
  }

  @Test("Every command that has --json is among them")
  func complete() throws {
    var commands: Set<String> = []
    func add(_ command: JSONValue, above parent: String) throws {
      guard case .string(let word)? = command["commandName"] else { return }
      let name = parent + word
      if case .list(let arguments)? = command["arguments"],
        arguments.contains(where: { argument in
          guard case .list(let names)? = argument["names"] else { return false }
          return names.contains { $0["name"] == .string("json") }
        })
      {
        commands.insert(name)
      }
      guard case .list(let subcommands)? = command["subcommands"] else { return }
      for subcommand in subcommands {
        try add(subcommand, above: parent.isEmpty && word == "workbook" ? "" : name + " ")
      }
    }
    let dump = try JSONValue(try Program.run(["--experimental-dump-help"]).output)
    try add(try #require(dump["command"]), above: "")
    let tried =
      [
        "watch", "open", "new exercise", "new note", "notes sync", "export html", "progress import",
        // With real servers and peers, in InteropTests.
        "serve", "gather", "discover", "connect", "call",
      ] + Self.lines.map { $0.arguments.joined(separator: " ") }
    #expect(commands.count > 20)
    for command in commands {
      #expect(tried.contains { ($0 + " ").hasPrefix(command + " ") }, "\(command)")
    }
  }

  // MARK: The keeper itself

  @Test("A key too many, one too few, another type and a missing version are found")
  func schema() throws {
    let schema = JSONSchema(
      """
      ## one
      | key | type | meaning |
      | --- | --- | --- |
      | `a`, `b` | string | two |
      | `c` | list? | some |
      | `c[].d` | map of numbers | one |
      | `c[].e` | list of two? | others |
      ## two
      | key | type | meaning |
      | --- | --- | --- |
      | `f` | boolean | f |
      """)
    func problems(_ text: String) throws -> [String] {
      schema.problems(of: try JSONValue(text), in: "one")
    }
    #expect(
      try problems(
        #"{"version":1,"a":"","b":"x","c":[{"d":{"x":1},"e":[{"f":true}]}]}"#) == [])
    #expect(try problems(#"{"a":"","b":"x"}"#) == ["one: there is no version"])
    #expect(try problems(#"{"version":1,"a":""}"#) == ["one: 'b' is missing"])
    #expect(try problems(#"{"version":1,"a":"","b":1}"#) == ["one: 'b' is no string"])
    #expect(
      try problems(#"{"version":1,"a":"","b":"","z":0}"#)
        == ["one:  has the undocumented key 'z'"])
    #expect(
      try problems(#"{"version":1,"a":"","b":"","c":[{"d":{"x":""},"e":[{"f":0}]}]}"#)
        == ["one: 'c[].d' is no map of numbers", "two: 'f' is no boolean"])
    #expect(try problems("[]") == ["one: this is no object"])
  }
}
