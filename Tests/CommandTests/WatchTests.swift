import FoundationEssentials
import Lessons
import TestSupport
import Testing

/// `watch` is run by a shell that saves answers as editors do and waits for each verdict.
@Suite(.serialized, .waitsForChildren) struct WatchTests {
  static let id = "pair-priority"
  let shadow = try! ShadowWorkspace()

  /// Waits until the output has that many verdicts, then goes on; gives up after a while.
  private static let waiting = """
    verdicts() { grep -c '^  [0-9.]* s$' "$ROOT/out"; }
    wait_for() { for i in $(seq 600); do [ "$(verdicts)" -ge "$1" ] && return; sleep 0.05; done; }
    """

  private func watch(_ arguments: String, _ script: String) throws -> Program.Result {
    _ = try shadow.run("start", Self.id)
    let script = """
      cd "$ROOT"
      \(Self.waiting)
      .build/debug/workbook watch \(arguments) >out 2>err & watcher=$!
      wait_for 1
      \(script)
      kill -INT $watcher
      wait $watcher
      echo "ended with $?"
      cat out err
      ps -eo ppid=,pid= | awk -v p=$watcher '$1 == p' | wc -l
      """
    return try Program.run(
      "bash", ["-c", script],
      environment: ["ROOT": shadow.root, "WORKBOOK_STATE": shadow.state], seconds: 120)
  }

  @Test(
    "Every save is checked, whether the file is written in place or replaced",
    arguments: ["", "\(id)", "--poll"])
  func saves(arguments: String) throws {
    let answer = "answers/\(Self.id).swift"
    let result = try watch(
      arguments,
      """
      cat Exercises/\(Self.id)/Solution.swift >\(answer)
      wait_for 2
      cp Exercises/\(Self.id)/Mistakes/no-tie-break.swift answers/.new
      mv answers/.new \(answer)
      wait_for 3
      for i in $(seq 600); do grep -q 'What happened' out && break; sleep 0.05; done
      """)
    #expect(result.output.contains("ended with 130"), "\(result.output)")
    #expect(result.output.matches(of: #/(?m)^  [0-9.]+ s$/#).count == 3)
    #expect(result.output.contains("The last term is missing"))
    #expect(result.output.hasSuffix("interrupted\n0\n"))
    #expect(!result.output.contains("\u{1B}"))
    #expect(try shadow.log.read().isPassed(Self.id))
  }

  @Test("A save in several writes is checked once, and as it is in the end")
  func debounced() throws {
    let answer = "answers/\(Self.id).swift"
    let result = try watch(
      "",
      """
      : >\(answer); sleep 0.01; echo 'import ICE' >\(answer); sleep 0.01
      cat Exercises/\(Self.id)/Solution.swift >\(answer)
      wait_for 2
      sleep 0.5
      """)
    #expect(result.output.matches(of: #/(?m)^  [0-9.]+ s$/#).count == 2, "\(result.output)")
    #expect(try shadow.log.read().isPassed(Self.id))
  }

  @Test("Ctrl-C while an answer runs ends it, too")
  func interrupted() throws {
    let answer = "answers/\(Self.id).swift"
    let loop = try shadow.text("Exercises/\(Self.id)/Exercise.swift")
      .replacing("return 0", with: "while true {}")
    let result = try watch(
      "",
      """
      printf '%s' '\(loop.replacing("'", with: "'\\''"))' >\(answer)
      for i in $(seq 200); do
        ls -l /proc/[0-9]*/exe 2>/dev/null | grep -q "$ROOT/.*/exercise-cache/runner-" && seen=seen && break
        sleep 0.05
      done
      echo "child $seen"
      """)
    #expect(result.output.contains("child seen"), "\(result.output)")
    #expect(result.output.contains("ended with 130"))
    #expect(result.output.hasSuffix("interrupted\n0\n"))
  }

  @Test("Without an answer there is nothing to watch")
  func nothing() throws {
    let all = try shadow.run("watch")
    #expect(all.exitCode == 69)
    #expect(all.errorOutput.contains("there is no answer yet"))
    #expect(try shadow.run("watch", Self.id).exitCode == 69)
    #expect(try shadow.run("watch", "zzzzzz").exitCode == 64)
  }
}
