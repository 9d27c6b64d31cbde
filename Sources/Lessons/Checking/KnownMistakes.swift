import FoundationEssentials
import Glibc
public import ProgramSupport

extension Checker {
  /// Adds the explanation of the known mistake that fails the same checks with the same values.
  ///
  /// An answer that does what the skeleton does, or looks at nothing that it is given, fails like a
  /// mistake by chance alone, and gets no explanation. A mistake can still fail like a skeleton that
  /// is a constant itself.
  /// The comparison needs the verdicts on the mistakes, which are cached. After a change to the
  /// exercise or the libraries, the first wrong answer waits until they have been run again.
  public func explain(_ verdict: inout Verdict) throws(WorkbookError) {
    // A crash is explained, too, if a known mistake fails and crashes in the same checks.
    guard [.failed, .crashed].contains(verdict.outcome), try !isConstant(verdict.answer) else {
      return
    }
    if try !isConstant(exercise.skeleton) {
      guard !verdict.fails(like: try cachedVerdict(on: exercise.skeleton)) else { return }
    }
    for mistake in try exercise.mistakes() {
      if verdict.fails(like: try cachedVerdict(on: mistake.path)) {
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
    TemporaryFolder.removeAbandoned(in: cache)
    _ = try cachedVerdict(on: exercise.skeleton)
    for mistake in try exercise.mistakes() { _ = try cachedVerdict(on: mistake.path) }
  }

  private func isConstant(_ answer: String) throws(WorkbookError) -> Bool {
    let path = answer.hasPrefix("/") ? answer : "\(exercise.workspace.root)/\(answer)"
    return ConstantAnswer.isConstant(
      String(decoding: try readFile(path), as: UTF8.self), skeleton: try recorder())
  }

  /// The version of the verdicts in the cache.
  private static let cacheVersion = "2"

  private func cachedVerdict(on answer: String) throws(WorkbookError) -> Verdict {
    let key = sha256(
      try readFile(answer) + (try readFile(exercise.checks))
        + Array((stamp + Self.cacheVersion).utf8))
    let path = "\(cache)/mistake-\(exercise.id)-\(key).json"
    if let bytes = try? readFile(path),
      let verdict = try? JSONDecoder().decode(Verdict.self, from: Data(bytes))
    {
      return verdict
    }
    let verdict = try check(answer: answer)
    // During a build of the libraries, a verdict may be based on a mixture of old and new ones.
    if try toolchain.stamp() == stamp, let data = try? JSONEncoder().encode(verdict) {
      // It is only a cache: where it cannot be written, the next check compares anew.
      try? writeFile(path, Array(data), durably: false)
    }
    return verdict
  }
}
