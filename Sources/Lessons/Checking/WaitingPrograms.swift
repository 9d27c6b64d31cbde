/// The programs of one check, started ahead of it: the compiler, the linker and the runner.
///
/// To load them takes a fifth of the time to a verdict. While the learner types, they are loaded and
/// wait for their input: the compiler for the answer, the linker for the names of the objects, the
/// runner for the word that all is linked.
public final class WaitingPrograms {
  /// The folder that they write into, removed with them.
  let folder: TemporaryFolder
  let compiler: WaitingChild
  /// Nil if the linker cannot be called directly.
  let linker: WaitingChild?
  let runner: WaitingChild
  /// The state of the compiler and the libraries when they were started.
  private let stamp: String
  private var isTaken = false

  init(
    in folder: TemporaryFolder, stamp: String, compiler: WaitingChild, linker: WaitingChild?,
    runner: WaitingChild
  ) {
    self.folder = folder
    self.stamp = stamp
    self.compiler = compiler
    self.linker = linker
    self.runner = runner
  }

  deinit { folder.remove() }

  /// Whether they can be used for a check: once, and with the libraries that they were started for.
  func take(for stamp: String) -> Bool {
    defer { isTaken = true }
    return !isTaken && stamp == self.stamp
  }
}
