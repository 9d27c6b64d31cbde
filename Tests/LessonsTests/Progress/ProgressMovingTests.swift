import Testing

@testable import Lessons

@Suite struct ProgressMovingTests {
  let here = ProgressFolder()
  let there = ProgressFolder()

  @Test("What was exported there is here after an import, and nothing twice after another")
  func twice() throws {
    try here.log.append(.started(exercise: "e"))
    try there.log.append(.hint(exercise: "e", number: 1))
    try there.log.append(.solutionAsked(exercise: "e"))
    let exported = try there.log.export()
    #expect(try here.log.merge(exported) == ProgressImport(added: 2, known: 0, skipped: 0))
    let after = here.bytes
    #expect(try here.log.merge(exported) == ProgressImport(added: 0, known: 2, skipped: 0))
    #expect(here.bytes == after)
    let progress = try here.log.read()
    #expect(progress.isStarted("e"))
    #expect(progress.solutionAsks("e") == 1)
  }

  @Test("Importing one's own export changes nothing, and so does importing nothing")
  func own() throws {
    for event in ProgressEvent.samples { try here.log.append(event) }
    let before = here.bytes
    #expect(try here.log.merge(here.log.export()).added == 0)
    #expect(try here.log.merge([]).added == 0)
    #expect(here.bytes == before)
  }

  @Test("Two events alike to the letter are two events")
  func alike() throws {
    let line = Array(ProgressEvent.solutionAsked(exercise: "e").line(time: 1).utf8)
    try here.write(line)
    #expect(try here.log.merge(line + line) == ProgressImport(added: 1, known: 1, skipped: 0))
    #expect(try here.log.read().solutionAsks("e") == 2)
  }

  @Test("Events that only a newer program knows are taken along, garbage is not")
  func foreign() throws {
    let newer = #"{"v":7,"time":1,"event":"flown"}"#
    let result = try here.log.merge(Array("\(newer)\r\ngarbage\n{}\n\n\(newer)".utf8))
    #expect(result == ProgressImport(added: 2, known: 0, skipped: 2))
    #expect(here.bytes == Array("\(newer)\n\(newer)\n".utf8))
  }

  @Test("An import of older events does not take back newer ones")
  func order() throws {
    let old = Array(ProgressEvent.place(note: "old", step: "s").line(time: 1).utf8)
    try here.log.append(.place(note: "new", step: "s"))
    _ = try here.log.merge(old)
    #expect(try here.log.read().lastStep?.note == "new")
  }

  @Test("An import goes behind a torn line, and an export of one is whole")
  func torn() throws {
    try here.write(Array("{\"v\":1,\"ti".utf8))
    let line = Array(ProgressEvent.started(exercise: "e").line(time: 1).utf8)
    _ = try here.log.merge(line)
    #expect(try here.log.read().isStarted("e"))
    try there.write(line.dropLast())
    #expect(try there.log.export() == line)
  }
}
