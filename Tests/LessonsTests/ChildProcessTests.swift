import Glibc
import Lessons
import ProgramSupport
import TestSupport
import Testing

@Suite(.serialized, .waitsForChildren) struct ChildProcessTests {
  func sh(_ script: String, seconds: Double = 10, bytes: Int = 1 << 20) throws
    -> ChildProcess.Outcome
  {
    try ChildProcess.run(
      "sh", ["-c", script], limits: .init(time: .seconds(seconds), outputBytes: bytes))
  }

  @Test("Output, errors and the exit code come back")
  func outcome() throws {
    let outcome = try sh("echo out; echo err >&2; exit 3")
    #expect(outcome.output == Array("out\n".utf8))
    #expect(outcome.errorOutput == Array("err\n".utf8))
    #expect(outcome.ending == .exited(3))
  }

  @Test("A crash is told by its signal")
  func crash() throws {
    #expect(try sh("kill -SEGV $$").ending == .signalled(SIGSEGV))
  }

  @Test("Both pipes are drained, however much comes on either")
  func bothPipes() throws {
    let outcome = try sh(
      "for i in 1 2 3; do head -c 200000 /dev/zero; head -c 200000 /dev/zero >&2; done",
      bytes: 2 << 20)
    #expect(outcome.output.count == 600_000)
    #expect(outcome.errorOutput.count == 600_000)
    #expect(outcome.ending == .exited(0))
  }

  @Test("A child that never ends is ended with its whole group", .timeLimit(.minutes(1)))
  func timeout() throws {
    let outcome = try sh("sleep 601 & echo $!; wait", seconds: 0.3)
    #expect(outcome.ending == .timedOut)
    let grandchild = try #require(pid_t(String(decoding: outcome.output, as: UTF8.self).dropLast()))
    #expect(isGone(grandchild))
  }

  @Test(
    "A child that leaves and whose own child holds the pipes does not hold anybody up",
    .timeLimit(.minutes(1)))
  func orphan() throws {
    let outcome = try sh("sleep 602 & echo $!")
    #expect(outcome.ending == .exited(0))
    let grandchild = try #require(pid_t(String(decoding: outcome.output, as: UTF8.self).dropLast()))
    #expect(isGone(grandchild))
  }

  @Test(
    "A child that closes its output and goes on is still held to its time", .timeLimit(.minutes(1)))
  func silent() throws {
    #expect(try sh("exec >&- 2>&-; sleep 603", seconds: 0.3).ending == .timedOut)
  }

  @Test("Too much output ends the child at the limit", .timeLimit(.minutes(1)))
  func tooMuch() throws {
    let outcome = try sh("yes", bytes: 100_000)
    #expect(outcome.ending == .printedTooMuch)
    #expect(outcome.output.count >= 100_000)
    #expect(outcome.output.count < 400_000)
  }

  @Test("Standard input is empty")
  func noInput() throws {
    #expect(try sh("read line; echo \"[$line]\"").output == Array("[]\n".utf8))
  }

  @Test("A program that is not there is told by name")
  func missing() {
    #expect {
      try ChildProcess.run("/no/such/program", [], limits: .init(time: .seconds(1)))
    } throws: {
      ($0 as? WorkbookError)?.messages == [
        "cannot start /no/such/program: No such file or directory"
      ]
    }
  }

  /// Whether a process ends within a few seconds; the kernel needs a moment for a killed one.
  private func isGone(_ identifier: pid_t) -> Bool {
    let end: Void? = try? waitFor("the end of \(identifier)") {
      kill(identifier, 0) == -1 || isZombie(identifier)
    }
    return end != nil
  }

  private func isZombie(_ identifier: pid_t) -> Bool {
    guard let file = fopen("/proc/\(identifier)/stat", "r") else { return true }
    defer { fclose(file) }
    var buffer = [CChar](repeating: 0, count: 256)
    guard fgets(&buffer, 256, file) != nil else { return true }
    let text = buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
    return String(decoding: text, as: UTF8.self).contains(") Z ")
  }
}
