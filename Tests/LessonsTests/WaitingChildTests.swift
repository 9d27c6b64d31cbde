import Glibc
import ProgramSupport
import TestSupport
import Testing

@testable import Lessons

@Suite(.serialized, .waitsForChildren) struct WaitingChildTests {
  /// A shell script as a waiting child.
  func child(_ script: String) throws -> WaitingChild {
    try WaitingChild("sh", ["-c", script], in: nil)
  }

  let limits = ChildProcess.Limits(time: .seconds(10))

  @Test("It does nothing before it is told, and then runs to its end", .timeLimit(.minutes(1)))
  func waits() throws {
    let folder = try TemporaryFolder(in: "/tmp")
    defer { folder.remove() }
    let child = try child("head -c 1 >/dev/null; [ -e '\(folder["ready"])' ] && echo ready; exit 3")
    try writeEmptyFile(folder["ready"])
    let outcome = child.run(input: [1], limits: limits)
    #expect(String(decoding: outcome.output, as: UTF8.self) == "ready\n")
    #expect(outcome.ending == .exited(3))
  }

  @Test("One that is not needed is ended, and reaped", .timeLimit(.minutes(1)))
  func unneeded() throws {
    let folder = try TemporaryFolder(in: "/tmp")
    defer { folder.remove() }
    var waiting: WaitingChild? = try child("echo $$ >'\(folder["id"])'; head -c 1; sleep 604")
    var identifier: pid_t?
    try waitFor("the child") {
      let text = (try? String(decoding: readFile(folder["id"]), as: UTF8.self)) ?? ""
      identifier = text.hasSuffix("\n") ? pid_t(text.dropLast()) : nil
      return identifier != nil
    }
    _ = waiting
    waiting = nil
    let gone = try #require(identifier)
    #expect(kill(gone, 0) == -1 && errno == ESRCH)
  }

  @Test("Telling one that has died already is no harm", .timeLimit(.minutes(1)))
  func dead() throws {
    let child = try child("exit 4")
    usleep(100_000)
    #expect(child.run(input: [1], limits: limits).ending == .exited(4))
  }

  @Test("More input than a pipe holds arrives whole", .timeLimit(.minutes(1)))
  func muchInput() throws {
    let child = try child("sleep 0.1; wc -c")
    let outcome = child.run(input: Array(repeating: 7, count: 1 << 20), limits: limits)
    #expect(outcome.ending == .exited(0))
    #expect(String(decoding: outcome.output, as: UTF8.self).contains("1048576"))
  }

  @Test("Input for one that does not read it is no reason to wait", .timeLimit(.minutes(1)))
  func unreadInput() throws {
    let child = try child("sleep 0.1; exit 5")
    let outcome = child.run(input: Array(repeating: 7, count: 1 << 20), limits: limits)
    #expect(outcome.ending == .exited(5))
  }

  @Test("What cannot be started is told at once")
  func missing() {
    #expect(throws: WorkbookError.self) {
      try WaitingChild("/nowhere/at/all", [], in: nil)
    }
  }

  private func writeEmptyFile(_ path: String) throws {
    let descriptor = open(path, O_WRONLY | O_CREAT, 0o600)
    try #require(descriptor >= 0)
    close(descriptor)
  }
}
