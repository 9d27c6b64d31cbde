import FoundationEssentials
import Glibc
public import ProgramSupport

extension Checker {
  /// Adds the explanation of the known mistake that fails the same checks with the same values.
  ///
  /// The comparison needs the verdicts on the mistakes, which are cached. After a change to the
  /// exercise or the libraries, the first wrong answer waits until they have been run again.
  public func explain(_ verdict: inout Verdict) throws(WorkbookError) {
    guard verdict.outcome == .failed else { return }
    for mistake in try exercise.mistakes() {
      if verdict.fails(like: try self.verdict(on: mistake)) {
        verdict.mistake = mistake.sentence
        return
      }
    }
  }

  /// Prepares the first check: compiles the checks for the skeleton and runs the known mistakes.
  ///
  /// - Throws: the errors of `check`, which may be ignored because the check reports them again.
  public func prepare() throws(WorkbookError) {
    // Only one process prepares at a time.
    let lock = open("\(cache)/preparing.lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    flock(lock, LOCK_EX)
    defer { close(lock) }
    _ = try check(answer: exercise.skeleton)
    for mistake in try exercise.mistakes() { _ = try verdict(on: mistake) }
  }

  private func verdict(on mistake: Mistake) throws(WorkbookError) -> Verdict {
    let key = sha256(
      try readFile(mistake.path) + (try readFile(exercise.checks)) + Array(stamp.utf8))
    let path = "\(cache)/mistake-\(exercise.id)-\(key).json"
    if let bytes = try? readFile(path),
      let verdict = try? JSONDecoder().decode(Verdict.self, from: Data(bytes))
    {
      return verdict
    }
    let verdict = try check(answer: mistake.path)
    // During a build of the libraries, a verdict may be based on a mixture of old and new ones.
    if try toolchain.stamp() == stamp, let data = try? JSONEncoder().encode(verdict) {
      try writeFile(path, String(decoding: data, as: UTF8.self))
    }
    return verdict
  }
}
