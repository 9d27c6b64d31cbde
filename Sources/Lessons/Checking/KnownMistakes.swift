import FoundationEssentials
import Glibc
public import ProgramSupport

extension Checker {
  /// Adds the sentence of the known mistake that fails on the same checks with the same values.
  ///
  /// Telling which it is takes running the mistakes themselves, so their verdicts are kept; after a
  /// change to the exercise or the libraries the first wrong answer waits for that once.
  public func explain(_ verdict: inout Verdict) throws(WorkbookError) {
    guard verdict.outcome == .failed else { return }
    for mistake in try exercise.mistakes() {
      if verdict.fails(like: try self.verdict(on: mistake)) {
        verdict.mistake = mistake.sentence
        return
      }
    }
  }

  /// Does beforehand what the first check of an exercise would have to wait for: compiles the checks
  /// for an answer like the skeleton, and sees what the known mistakes come to.
  ///
  /// - Throws: as `check` does; whoever prepares need not care, for the check will say the same.
  public func prepare() throws(WorkbookError) {
    // One at a time, however many exercises are started at once.
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
    // While the libraries are being built, a verdict may be of some that are neither old nor new.
    if try toolchain.stamp() == stamp, let data = try? JSONEncoder().encode(verdict) {
      try writeFile(path, String(decoding: data, as: UTF8.self))
    }
    return verdict
  }
}
