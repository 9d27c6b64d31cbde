import FoundationEssentials
import Glibc
import ProgramSupport
import TestSupport
import Testing

@testable import Lessons

/// What a progress file must survive, done to it by real processes.
@Suite(.serialized, .waitsForChildren, .timeLimit(.minutes(5)))
struct ProgressDurabilityTests {
  let folder = ProgressFolder()

  /// Records hints 1, 2, 3 … and notes each one in a file of its own once it is recorded.
  private static func appendForEver(_ log: ProgressLog, acknowledging path: String) throws {
    let acknowledged = open(path, O_WRONLY | O_CREAT | O_APPEND, 0o644)
    var number = 1
    while true {
      try log.append(.hint(exercise: "e", number: number))
      var byte: UInt8 = UInt8(ascii: ".")
      write(acknowledged, &byte, 1)
      number += 1
    }
  }

  @Test("A process killed while it records has lost nothing that it knew to be recorded")
  func killed() async throws {
    let rounds = 120
    var acknowledged = 0
    var torn = 0
    for round in 0..<rounds {
      let log = ProgressLog(path: "\(folder.path)/\(round)/progress.jsonl")
      let receipts = "\(folder.path)/receipts-\(round)"
      let delay = UInt32.random(in: 0..<40_000)
      await #expect(processExitsWith: .signal(SIGKILL)) {
        [path = log.path as String, receipts = receipts as String, delay = delay as UInt32] in
        Thread.detach {
          // Not a wait for anything: the moment of the kill is what the test is about.
          usleep(delay)
          kill(getpid(), SIGKILL)
        }
        try Self.appendForEver(ProgressLog(path: path), acknowledging: receipts)
      }
      let known = (try? readFile(receipts).count) ?? 0
      let progress = try log.read()
      #expect(progress.hintsTaken("e") >= known, "after \(delay) µs")
      try log.append(.started(exercise: "next"))
      let after = try log.read()
      #expect(after.hintsTaken("e") >= known)
      #expect(after.isStarted("next"))
      acknowledged += known
      torn += progress.skippedLines
    }
    print("\(rounds) kills, \(acknowledged) lines acknowledged, \(torn) torn: nothing lost")
    #expect(acknowledged > rounds)
  }

  @Test("Two processes that record at the same time lose nothing")
  func together() async throws {
    let path = folder.log.path
    async let first: Void = Self.appendHints(1...300, to: path)
    async let second: Void = Self.appendHints(301...600, to: path)
    _ = await (first, second)
    let progress = try folder.log.read()
    #expect(progress.hintsTaken("e") == 600)
    #expect(progress.skippedLines == 0)
  }

  private static func appendHints(_ numbers: ClosedRange<Int>, to path: String) async {
    await #expect(processExitsWith: .success) {
      [path = path as String, first = numbers.lowerBound as Int, last = numbers.upperBound as Int]
      in
      let log = ProgressLog(path: path)
      for number in first...last { try log.append(.hint(exercise: "e", number: number)) }
    }
  }

  // MARK: No room

  @Test("A full device is one clear error")
  func fullDevice() throws {
    try makeFolder(folder.path + "/state")
    symlink("/dev/full", folder.log.path)
    let error = #expect(throws: WorkbookError.self) {
      try folder.log.append(.started(exercise: "e"))
    }
    #expect(
      error?.messages == [
        "cannot record progress in \(folder.log.path): No space left on device; make room, and do it again; nothing was changed"
      ])
  }

  @Test("Where a file may grow no further, what is in it stays and nothing is half written")
  func fileSizeLimit() async throws {
    try folder.log.append(.started(exercise: "e"))
    let before = folder.bytes
    await #expect(processExitsWith: .success) {
      [path = folder.log.path as String, size = before.count as Int] in
      var limit = rlimit(rlim_cur: rlim_t(size + 20), rlim_max: rlim_t(size + 20))
      setrlimit(__rlimit_resource_t(UInt32(RLIMIT_FSIZE.rawValue)), &limit)
      #expect(throws: WorkbookError.self) {
        try ProgressLog(path: path).append(.started(exercise: "f"))
      }
    }
    #expect(folder.bytes == before)
    try folder.log.append(.started(exercise: "g"))
    #expect(try folder.log.read().isStarted("g"))
  }

  @Test(
    "A disk that runs full keeps every line, and records again once there is room", .needsMounts)
  func fullDisk() throws {
    let disk = folder.path + "/disk"
    try makeFolder(disk)
    let mounted = try Program.run(
      "mount", ["-t", "tmpfs", "-o", "size=16k", "pathfinder-test", disk])
    try #require(mounted.exitCode == 0, "\(mounted.errorOutput)")
    defer { _ = try? Program.run("umount", ["-l", disk]) }
    let log = ProgressLog(path: disk + "/progress.jsonl")
    let ballast = disk + "/ballast"
    try writeFile(ballast, String(repeating: "x", count: 4000))
    var recorded = 0
    let error = #expect(throws: WorkbookError.self) {
      while recorded < 10_000 {
        try log.append(.hint(exercise: "e", number: recorded + 1))
        recorded += 1
      }
    }
    #expect(error?.messages.first?.contains("No space left on device") == true)
    #expect(try log.read().hintsTaken("e") == recorded)
    #expect(try log.read().skippedLines == 0)
    unlink(ballast)
    try log.append(.started(exercise: "f"))
    #expect(try log.read().isStarted("f"))
    #expect(try log.read().hintsTaken("e") == recorded)
    print("a full disk after \(recorded) lines: nothing lost")
  }
}

/// A thread of one's own that nobody waits for.
enum Thread {
  static func detach(_ body: @escaping @Sendable () -> Void) {
    final class Box: Sendable {
      let body: @Sendable () -> Void
      init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }
    var thread = pthread_t()
    pthread_create(
      &thread, nil,
      { pointer in
        Unmanaged<Box>.fromOpaque(pointer!).takeRetainedValue().body()
        return nil
      }, Unmanaged.passRetained(Box(body)).toOpaque())
  }
}
