import FoundationEssentials
import Glibc
import Lessons
import ProgramSupport
import TestSupport
import Testing

/// A disk that is full at every write in turn, and one that cannot be written at all.
@Suite(.serialized, .waitsForChildren, .needsMounts, .timeLimit(.minutes(10)))
struct StorageTests {
  static let id = "pair-priority"
  let shadow = try! ShadowWorkspace()

  /// Both folders of the learner on the disk.
  private func home(of disk: SmallDisk) -> [String: String] {
    ["WORKBOOK_ANSWERS": disk.path + "/answers", "WORKBOOK_STATE": disk.path + "/state"]
  }

  /// Repeats a command with ever more room, until it has enough, and holds each failure against what
  /// was there before.
  ///
  /// - Parameter lastRoom: the room with which it must have succeeded.
  /// - Returns: how often it failed.
  @discardableResult
  private func withLittleRoom(
    on disk: SmallDisk, limit: SmallDisk.Limit, upTo lastRoom: Int, success: Int32 = 0,
    _ command: () throws -> Program.Result
  ) throws -> Int {
    let before = disk.contents
    for room in 0...lastRoom {
      try disk.leave(room, of: limit)
      let result = try command()
      if result.exitCode == success, result.errorOutput.isEmpty { return room }
      let place = "with room for \(room) \(limit.rawValue): \(result)"
      if result.exitCode == success {
        // What was asked for is done; only that it was done could not be recorded.
        expectOneLine(result.errorOutput, "workbook: warning: cannot ", place)
        return room
      }
      #expect(result.exitCode == 74, "\(place)")
      expectOneLine(result.errorOutput, "workbook: cannot ", place)
      #expect(result.output.isEmpty, "\(place)")
      #expect(Self.withoutNothing(disk.contents) == Self.withoutNothing(before), "\(place)")
    }
    Issue.record("room for \(lastRoom) \(limit.rawValue) is not enough")
    return lastRoom
  }

  private func expectOneLine(_ text: String, _ start: String, _ place: String) {
    #expect(text.hasPrefix(start), "\(place)")
    #expect(text.split(separator: "\n").count == 1, "\(place)")
    #expect(text.contains("No space left on device; make room"), "\(place)")
    #expect(!text.contains("Error("), "\(place)")
  }

  /// What there is but for empty folders and a progress file without a line, which mean nothing.
  private static func withoutNothing(_ contents: [String: [UInt8]?]) -> [String: [UInt8]] {
    contents.compactMapValues { $0 }.filter {
      !$0.key.hasSuffix("progress.jsonl") || !$0.value.isEmpty
    }
  }

  // MARK: What the learner writes

  @Test(
    "start leaves a whole answer or none, and works once there is room",
    arguments: SmallDisk.Limit.allCases)
  func start(limit: SmallDisk.Limit) throws {
    let disk = try SmallDisk(at: shadow.root + "/disk")
    let answer = disk.path + "/answers/\(Self.id).swift"
    let failures = try withLittleRoom(on: disk, limit: limit, upTo: 8) {
      try shadow.run("start", Self.id, environment: home(of: disk))
    }
    #expect(failures > 0)
    let skeleton = try readFile("\(shadow.root)/Exercises/\(Self.id)/Exercise.swift")
    #expect(try readFile(answer) == skeleton)
    try disk.makeRoom()
    #expect(try shadow.run("start", Self.id, environment: home(of: disk)).exitCode == 0)
    #expect(disk.contents.keys.filter { $0.contains("workbook-") } == [])
  }

  @Test(
    "reset keeps the answer where the skeleton cannot be written",
    arguments: SmallDisk.Limit.allCases)
  func reset(limit: SmallDisk.Limit) throws {
    let disk = try SmallDisk(at: shadow.root + "/disk")
    let answer = disk.path + "/answers/\(Self.id).swift"
    _ = try shadow.run("start", Self.id, environment: home(of: disk))
    try writeFile(answer, "// mine\n")
    let failures = try withLittleRoom(on: disk, limit: limit, upTo: 8) {
      try shadow.run("reset", Self.id, environment: home(of: disk))
    }
    #expect(failures > 0)
    #expect(try readFile(answer + ".1~") == Array("// mine\n".utf8))
  }

  @Test("play and its --reset leave a whole copy", arguments: SmallDisk.Limit.allCases)
  func play(limit: SmallDisk.Limit) throws {
    let disk = try SmallDisk(at: shadow.root + "/disk")
    let copy = disk.path + "/answers/play/nat-same-port.swift"
    let play = { (arguments: [String]) in
      try Program.run(
        shadow.executable, ["play", "nat-same-port", "--json"] + arguments,
        environment: home(of: disk))
    }
    #expect(try withLittleRoom(on: disk, limit: limit, upTo: 8) { try play([]) } > 0)
    let fresh = try readFile(copy)
    try disk.makeRoom()
    try writeFile(copy, "// mine\n")
    #expect(
      try withLittleRoom(on: disk, limit: limit, upTo: 8) { try play(["--reset"]) } > 0)
    #expect(try readFile(copy) == fresh)
    #expect(try readFile(copy + ".1~") == Array("// mine\n".utf8))
  }

  @Test("An answer to a question is judged all the same, and a warning says what was not recorded")
  func answer() throws {
    let disk = try SmallDisk(at: shadow.root + "/disk")
    try disk.leave(0, of: .pages)
    let result = try shadow.run("answer", "ice-pairs#3/1", "3", environment: home(of: disk))
    #expect(result.exitCode == 0)
    expectOneLine(result.errorOutput, "workbook: warning: cannot record progress in", "\(result)")
  }

  @Test("progress import adds all lines or none", arguments: SmallDisk.Limit.allCases)
  func importing(limit: SmallDisk.Limit) throws {
    let disk = try SmallDisk(at: shadow.root + "/disk")
    _ = try shadow.run("read", "nat-table#1", environment: home(of: disk))
    for number in 1...200 { try shadow.log.append(.hint(exercise: Self.id, number: number)) }
    let failures = try withLittleRoom(on: disk, limit: limit, upTo: 8) {
      try shadow.run(
        "progress", "import", shadow.state + "/progress.jsonl", environment: home(of: disk))
    }
    // Its file is there, so it needs no further one.
    #expect(limit == .files ? failures == 0 : failures > 1)
    let log = ProgressLog(path: disk.path + "/state/progress.jsonl")
    #expect(try log.read().hintsTaken(Self.id) == 200)
    #expect(try log.read().skippedLines == 0)
  }

  @Test("progress export leaves a whole file or none", arguments: SmallDisk.Limit.allCases)
  func exporting(limit: SmallDisk.Limit) throws {
    let disk = try SmallDisk(at: shadow.root + "/disk")
    for number in 1...200 { try shadow.log.append(.hint(exercise: Self.id, number: number)) }
    let failures = try withLittleRoom(on: disk, limit: limit, upTo: 12) {
      try shadow.run("progress", "export", disk.path + "/mine.jsonl")
    }
    #expect(failures > 0)
    #expect(try readFile(disk.path + "/mine.jsonl") == readFile(shadow.state + "/progress.jsonl"))
  }

  // MARK: The site

  @Test(
    "export leaves the site of before, or none, and never half of one",
    arguments: SmallDisk.Limit.allCases)
  func site(limit: SmallDisk.Limit) throws {
    let disk = try SmallDisk(at: shadow.root + "/disk")
    let site = disk.path + "/site"
    let export = { try shadow.run("export", "html", site) }
    // Each page is some hundred pages of the disk, so a few amounts of room stand for all.
    var failures = 0
    for room in [0, 1, 2, 3, 5, 8, 13, 21, 34] {
      try disk.leave(room, of: limit)
      let result = try export()
      guard result.exitCode != 0 else { break }
      failures += 1
      #expect(result.exitCode == 74, "\(room): \(result)")
      expectOneLine(result.errorOutput, "workbook: cannot ", "\(room): \(result)")
      #expect(disk.contents.isEmpty, "\(room): \(disk.contents.keys)")
    }
    #expect(failures > 3)
    try disk.makeRoom()
    #expect(try export().exitCode == 0)
    // A site of before, two of whose pages have changed.
    let pages = ["index.html", "notes/nat-table.html"].map { "\(site)/\($0)" }
    for page in pages { try writeFile(page, "<p>as it was</p>") }
    let before = disk.contents
    for room in [0, 1, 2, 3, 4, 5] {
      try disk.leave(room, of: limit)
      let result = try export()
      #expect(result.exitCode == 74, "\(room): \(result)")
      #expect(disk.contents == before, "\(room)")
    }
    try disk.makeRoom()
    #expect(try export().output.contains("2 of them new or changed"))
  }

  // MARK: Checking

  @Test("A check on a full disk never blames the answer", arguments: SmallDisk.Limit.allCases)
  func check(limit: SmallDisk.Limit) throws {
    let solution = try readFile("\(shadow.root)/Exercises/\(Self.id)/Solution.swift")
    try makeFolder(shadow.root + "/answers")
    try writeFile("\(shadow.root)/answers/\(Self.id).swift", solution)
    // Filled first, so that compiling the modules is not what needs the room.
    let disk = try SmallDisk(at: shadow.workspace.cacheFolder)
    try #require(try shadow.run("check", Self.id).exitCode == 0)
    for file in names(in: disk.path) where file.hasPrefix("checks-") || file.hasPrefix("runner-") {
      unlink("\(disk.path)/\(file)")
    }
    var failures = 0
    for room in [0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 1024] {
      try disk.leave(room, of: limit)
      let result = try shadow.run("check", Self.id)
      guard result.exitCode != 0 else { break }
      failures += 1
      #expect(result.exitCode == 74, "\(room): \(result)")
      #expect(result.errorOutput.split(separator: "\n").count == 1, "\(room): \(result)")
      #expect(!result.output.contains("ompile"), "\(room): \(result)")
      #expect(names(in: disk.path).allSatisfy { !$0.hasPrefix("work-") }, "\(room)")
    }
    #expect(failures > 1)
    try disk.makeRoom()
    #expect(try shadow.run("check", Self.id).exitCode == 0)
  }

  // MARK: Read-only

  @Test("Where nothing may be written one line says what, where and what to do")
  func readOnly() throws {
    let disk = try SmallDisk(at: shadow.root + "/disk")
    try shadow.log.append(.started(exercise: Self.id))
    let exported = shadow.state + "/progress.jsonl"
    try disk.setReadOnly(true)
    let answers =
      "Read-only file system; make it writable, or name another folder in WORKBOOK_ANSWERS"
    let state = "Read-only file system; make it writable, or name another folder in WORKBOOK_STATE"
    let other = "Read-only file system; make it writable, or choose another folder"
    for (words, what, end) in [
      (["start", Self.id], "make the folder \(disk.path)/answers", answers),
      (["play", "nat-same-port"], "make the folder \(disk.path)/answers/play", answers),
      (["progress", "import", exported], "make the folder \(disk.path)/state", state),
      (["progress", "export", disk.path + "/x"], "write \(disk.path)/x", other),
      (["export", "html", disk.path + "/site"], "make the folder \(disk.path)/site", other),
    ] {
      var environment = home(of: disk)
      if words[1] == "export" { environment["WORKBOOK_STATE"] = nil }
      let result = try Program.run(shadow.executable, words, environment: environment)
      #expect(result.exitCode == 74, "\(words): \(result)")
      #expect(result.errorOutput == "workbook: cannot \(what): \(end)\n")
      #expect(result.output == "")
    }
    let answered = try shadow.run("answer", "ice-pairs#3/1", "3", environment: home(of: disk))
    #expect(answered.exitCode == 0)
    #expect(answered.errorOutput.hasPrefix("workbook: warning: cannot make the folder"))
    #expect(disk.contents.isEmpty)
  }
}
