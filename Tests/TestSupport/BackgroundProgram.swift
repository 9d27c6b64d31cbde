public import Glibc

/// A program that runs beside the test, and is ended with the object at the latest.
public final class BackgroundProgram {
  public struct NotStarted: Error {}

  public let process: pid_t
  private var exitCode: Int32?

  /// - Parameter output: the file that gets what it prints.
  public init(_ command: [String], output: String) throws {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_addopen(
      &actions, STDOUT_FILENO, output, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    posix_spawn_file_actions_adddup2(&actions, STDOUT_FILENO, STDERR_FILENO)
    // The threads that tests run on hold back signals, which a program would inherit.
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var none = sigset_t()
    sigemptyset(&none)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
    var arguments: [UnsafeMutablePointer<CChar>?] = command.map { strdup($0) } + [nil]
    defer { for argument in arguments { free(argument) } }
    // What stands first counts, should the variable be there twice.
    let live = strdup("\(Program.liveVariable.name)=\(Program.liveVariable.value)")
    defer { free(live) }
    var environment: [UnsafeMutablePointer<CChar>?] = [live]
    var inherited: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?> = environ
    while let entry = inherited.pointee {
      environment.append(entry)
      inherited += 1
    }
    environment.append(nil)
    var process: pid_t = 0
    guard
      posix_spawnp(&process, command[0], &actions, &attributes, &arguments, environment) == 0
    else {
      throw NotStarted()
    }
    self.process = process
  }

  deinit { stop(SIGKILL) }

  /// Sends it a signal, and waits until it has ended.
  ///
  /// - Returns: its exit code, or 128 and the signal that ended it.
  @discardableResult
  public func stop(_ signal: Int32 = SIGTERM) -> Int32 {
    if exitCode == nil { kill(process, signal) }
    return wait()
  }

  /// Waits until it has ended by itself.
  @discardableResult
  public func wait() -> Int32 {
    if let exitCode { return exitCode }
    var status: Int32 = 0
    while waitpid(process, &status, 0) < 0 && errno == EINTR {}
    let code = status & 0x7F == 0 ? status >> 8 & 0xFF : 128 + status & 0x7F
    exitCode = code
    return code
  }
}
