import Glibc
import ProgramSupport
import Testing

@testable import Lessons

@Suite struct ProgressLogTests {
  let folder = ProgressFolder()
  var log: ProgressLog { folder.log }

  @Test("A file that is not there yet is no progress, and reading does not make it")
  func missing() throws {
    #expect(try log.read() == Progress())
    #expect(!isFile(log.path))
  }

  @Test("Whatever is recorded is read back by another process's log")
  func recorded() throws {
    var expected = Progress()
    let log = ProgressLog(path: log.path, now: 5)
    for event in ProgressEvent.samples {
      try log.append(event)
      expected.record(event, at: 5)
      #expect(try ProgressLog(path: log.path).read() == expected)
    }
  }

  @Test("WORKBOOK_STATE names the folder; without it the project's .workbook is the place")
  func path() {
    let workspace = Workspace(root: "/w", buildFolder: "/w/.build/debug")
    #expect(ProgressLog(workspace, environment: [:]).path == "/w/.workbook/progress.jsonl")
    #expect(
      ProgressLog(workspace, environment: ["WORKBOOK_STATE": ""]).path
        == "/w/.workbook/progress.jsonl")
    #expect(
      ProgressLog(workspace, environment: ["WORKBOOK_STATE": "/s"]).path == "/s/progress.jsonl")
  }

  @Test("The last line torn off at any byte costs that line alone, and the next is whole")
  func torn() throws {
    let first = ProgressEvent.started(exercise: "kept")
    let next = ProgressEvent.hint(exercise: "next", number: 1)
    var cases = 0
    for event in ProgressEvent.samples.dropLast(2) {
      let line = Array(event.line(time: 1_700_000_000.25).utf8)
      for length in 0...line.count {
        try folder.write(Array(first.line(time: 1).utf8) + line[..<length])
        var expected = Progress()
        expected.record(first)
        // Without its line feed alone the line is whole all the same.
        if length >= line.count - 1 { expected.record(event, at: 1_700_000_000.25) }
        expected.skippedLines = (1..<(line.count - 1)).contains(length) ? 1 : 0
        #expect(try log.read() == expected)
        let before = folder.bytes
        try log.append(next)
        expected.record(next)
        #expect(try log.read() == expected)
        #expect(folder.bytes.starts(with: before), "what was in the file stays in it")
        cases += 1
      }
    }
    print("\(cases) torn lines: nothing lost")
    #expect(cases > 500)
  }

  @Test("A newer program's lines and garbage are skipped, counted, and stay in the file")
  func newer() throws {
    let newer = #"{"v":2,"time":1,"event":"place","note":"a","step":"b"}"#
    let unknown = #"{"v":1,"time":1,"event":"flown","to":"the moon"}"#
    try folder.write(
      Array("\(newer)\n\(unknown)\n\n\u{0}\u{0}\n".utf8) + [0xFF, 0xFE, 0x0A]
        + Array(ProgressEvent.started(exercise: "e").line(time: 1).utf8))
    let before = folder.bytes
    let progress = try log.read()
    #expect(progress.skippedLines == 4)
    #expect(progress.isStarted("e"))
    try log.append(.started(exercise: "f"))
    #expect(folder.bytes.starts(with: before))
  }

  @Test("A file as the first version wrote it is read by every later one")
  func firstVersion() throws {
    let file = #"""
      {"v":1,"time":1700000000,"event":"stepRead","note":"nat-table","step":"a-wall","digest":"00ff"}
      {"v":1,"time":1700000001.5,"event":"place","note":"nat-table","step":"a-wall"}
      {"v":1,"time":1700000002,"event":"exampleRun","id":"nat-outbound","matched":true}
      {"v":1,"time":1700000003,"event":"predicted","id":"p","prediction":"x\ny","right":false}
      {"v":1,"time":1700000004,"event":"answered","question":"n#s/1","answer":"2","right":true}
      {"v":1,"time":1700000005,"event":"started","exercise":"e"}
      {"v":1,"time":1700000006,"event":"checked","exercise":"e","outcome":"passed","seconds":0.2}
      {"v":1,"time":1700000007,"event":"hint","exercise":"e","number":1}
      {"v":1,"time":1700000008,"event":"solutionAsked","exercise":"e"}
      {"v":1,"time":1700000009,"event":"solutionSeen","exercise":"e"}
      {"v":1,"time":1700000010,"event":"reset","exercise":"f"}
      {"v":1,"time":1700000011,"event":"reset"}

      """#
    try folder.write(file.utf8)
    #expect(try log.read().skippedLines == 0)
    try folder.write(file.split(separator: "\n").dropLast(2).joined(separator: "\n").utf8)
    let progress = try log.read()
    #expect(progress.wasReadAs("00ff", note: "nat-table", step: "a-wall"))
    #expect(progress.prediction(for: "p")?.text == "x\ny")
    #expect(progress.isPassed("e"))
    #expect(progress.hasSeenSolution("e"))
  }

  @Test("A folder in the file's place, and a folder that cannot be made, are one clear error")
  func unusable() throws {
    try makeFolder(log.path)
    #expect(throws: WorkbookError.self) { try log.append(.started(exercise: "e")) }
    #expect(throws: WorkbookError.self) { try log.read() }
    let error = #expect(throws: WorkbookError.self) {
      try ProgressLog(path: "/dev/null/state/progress.jsonl").append(.started(exercise: "e"))
    }
    #expect(error?.messages.count == 1)
  }
}
