import CLinux
import Glibc
public import ProgramSupport

/// Runs a program to its end with limits, and captures its output.
///
/// The child leads its own process group, and no process of that group outlives the call: not after a
/// timeout, not when the output is too large, not when this process receives a signal.
public enum ChildProcess {
  /// The limits of a run.
  public struct Limits: Sendable {
    /// The maximum duration.
    public var time: Duration
    /// The maximum size of standard output and standard error together.
    public var outputBytes: Int

    /// Creates limits; the output is limited to 1 MiB by default.
    public init(time: Duration, outputBytes: Int = 1 << 20) {
      self.time = time
      self.outputBytes = outputBytes
    }
  }

  /// A stream from the child beside its output, as a pipe.
  public struct SideStream: Sendable {
    /// The environment variable in which the child finds the number of its descriptor.
    public var variable: String
    /// How many bytes of it are kept; what comes behind them is read and dropped.
    public var bytes: Int

    /// Creates a side stream.
    public init(variable: String, bytes: Int) {
      self.variable = variable
      self.bytes = bytes
    }
  }

  /// The way in which the child ended.
  public enum Ending: Hashable, Sendable {
    /// It exited with this code.
    case exited(Int32)
    /// A signal that this process did not send ended it: a crash.
    case signalled(Int32)
    case timedOut
    case printedTooMuch
    /// This process received SIGINT, SIGTERM or SIGHUP, or `isUnwanted` returned true.
    case interrupted
  }

  /// The result of a run.
  public struct Outcome: Sendable {
    /// The way in which the child ended.
    public var ending: Ending
    /// The bytes of standard output.
    public var output: [UInt8]
    /// The bytes of standard error.
    public var errorOutput: [UInt8]
    /// The bytes of the side stream; one more than are kept if there were more.
    public var side: [UInt8] = []
  }

  /// Runs the program at `path` with empty standard input; `onOutput` receives output as it arrives.
  ///
  /// `isUnwanted` is called every few milliseconds; once it returns true, the child is ended.
  /// - Parameter side: a further stream from the child; nil for none.
  /// - Throws: `WorkbookError.missing` if the program cannot be started. A failure of the program is
  ///   not an error, but an ending.
  public static func run(
    _ path: String, _ arguments: [String], in folder: String? = nil,
    environment: [String: String] = [:], limits: Limits, side: SideStream? = nil,
    isUnwanted: () -> Bool = { false }, onOutput: (ArraySlice<UInt8>) -> Void = { _ in }
  ) throws(WorkbookError) -> Outcome {
    let signals = HeldSignals()
    defer { signals.release() }
    var spawned = try Spawned(path, arguments, in: folder, environment: environment, side: side)
    let ending = spawned.follow(
      limits: limits, mustStop: { signals.haveCome || isUnwanted() }, onOutput: onOutput)
    return Outcome(
      ending: ending, output: spawned.output.bytes, errorOutput: spawned.error.bytes,
      side: spawned.side?.bytes ?? [])
  }
}

/// A child that is started ahead of time, so that its start takes no time when it is needed.
///
/// It waits for its standard input before it does anything of use, and exits at the end of input.
final class WaitingChild {
  private var spawned: Spawned
  /// Both ends of a pipe. The reading end stays open here too, so that telling a child that has died
  /// is no signal; the child reads the end of input when this process has gone.
  private let reading: Int32
  private var writing: Int32
  private var hasRun = false

  /// Starts the program at `path`.
  ///
  /// - Throws: `WorkbookError.missing` if it cannot be started.
  init(
    _ path: String, _ arguments: [String], in folder: String?, environment: [String: String] = [:]
  ) throws(WorkbookError) {
    var ends: [Int32] = [-1, -1]
    guard linux_pipe_close_on_exec(&ends) == 0 else {
      throw .missing("cannot make a pipe: \(String(cString: strerror(errno)))", remedy: nil)
    }
    do throws(WorkbookError) {
      spawned = try Spawned(
        path, arguments, in: folder, environment: environment, input: ends[0])
    } catch {
      for end in ends { close(end) }
      throw error
    }
    (reading, writing) = (ends[0], ends[1])
    _ = fcntl(writing, F_SETFL, O_NONBLOCK)
  }

  deinit {
    if !hasRun { _ = spawned.end(nil) }
    closeInput()
    close(reading)
  }

  /// Gives the child its input, and follows it to its end; to be called once.
  ///
  /// - Parameter input: all of it; the child reads its end after it.
  func run(input: [UInt8], limits: ChildProcess.Limits) -> ChildProcess.Outcome {
    precondition(!hasRun, "a child runs once")
    hasRun = true
    let signals = HeldSignals()
    defer { signals.release() }
    write(input) { signals.haveCome }
    closeInput()
    let ending = spawned.follow(
      limits: limits, mustStop: { signals.haveCome }, onOutput: { _ in })
    return ChildProcess.Outcome(
      ending: ending, output: spawned.output.bytes, errorOutput: spawned.error.bytes)
  }

  /// Writes the input; a child that has ended does not keep this from ending.
  private func write(_ input: [UInt8], mustStop: () -> Bool) {
    var rest = input[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(writing, $0.baseAddress, $0.count) }
      if count > 0 {
        rest.removeFirst(count)
      } else if errno == EAGAIN {
        guard !spawned.hasEnded, !mustStop() else { return }
        var descriptor = pollfd(fd: writing, events: Int16(POLLOUT), revents: 0)
        poll(&descriptor, 1, Spawned.tick)
      } else if errno != EINTR {
        return
      }
    }
  }

  private func closeInput() {
    if writing >= 0 { close(writing) }
    writing = -1
  }
}

/// A running child with its output so far.
private struct Spawned: ~Copyable {
  let identifier: pid_t
  let output: Pipe
  let error: Pipe
  let side: Pipe?
  /// How many bytes of the side stream are kept.
  private let sideBytes: Int

  /// The side stream's descriptor in the child.
  private static let sideDescriptor: Int32 = 3

  /// - Parameter input: the descriptor that the child reads; nil for empty input.
  init(
    _ path: String, _ arguments: [String], in folder: String?, environment: [String: String],
    input: Int32? = nil, side stream: ChildProcess.SideStream? = nil
  ) throws(WorkbookError) {
    let side = stream == nil ? nil : Pipe()
    guard let output = Pipe(), let error = Pipe(), stream == nil || side != nil else {
      throw .missing("cannot make a pipe: \(String(cString: strerror(errno)))", remedy: nil)
    }
    var environment = environment
    if let stream { environment[stream.variable] = "\(Self.sideDescriptor)" }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    if let input {
      posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO)
    } else {
      posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
    }
    posix_spawn_file_actions_adddup2(&actions, output.writeEnd, STDOUT_FILENO)
    posix_spawn_file_actions_adddup2(&actions, error.writeEnd, STDERR_FILENO)
    // The last one: the number may be that of a pipe's end above.
    if let side {
      posix_spawn_file_actions_adddup2(&actions, side.writeEnd, Self.sideDescriptor)
    }
    if let folder { linux_spawn_add_chdir(&actions, folder) }

    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    // The child starts with default signal handling, not with the signals that are blocked here.
    var signals = sigset_t()
    sigemptyset(&signals)
    posix_spawnattr_setsigmask(&attributes, &signals)
    sigfillset(&signals)
    posix_spawnattr_setsigdefault(&attributes, &signals)
    posix_spawnattr_setpgroup(&attributes, 0)
    posix_spawnattr_setflags(
      &attributes,
      Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))

    var arguments: [UnsafeMutablePointer<CChar>?] = ([path] + arguments).map { strdup($0) } + [nil]
    var variables: [UnsafeMutablePointer<CChar>?] = []
    var inherited = environ
    while let variable = inherited.pointee {
      let name = String(cString: variable).prefix { $0 != "=" }
      if environment[String(name)] == nil { variables.append(strdup(variable)) }
      inherited += 1
    }
    variables += environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
    defer { for pointer in arguments + variables { free(pointer) } }

    var identifier: pid_t = 0
    let failure = posix_spawnp(&identifier, path, &actions, &attributes, &arguments, &variables)
    output.closeWriteEnd()
    error.closeWriteEnd()
    side?.closeWriteEnd()
    guard failure == 0 else {
      throw .missing(
        "cannot start \(path): \(String(cString: strerror(failure)))", remedy: nil)
    }
    self.identifier = identifier
    self.output = output
    self.error = error
    self.side = side
    sideBytes = stream?.bytes ?? 0
  }

  /// The interval of checking for signals, in milliseconds; too short to be noticed.
  static let tick: Int32 = 20

  mutating func follow(
    limits: ChildProcess.Limits, mustStop: () -> Bool, onOutput: (ArraySlice<UInt8>) -> Void
  ) -> ChildProcess.Ending {
    let clock = ContinuousClock()
    let deadline = clock.now.advanced(by: limits.time)
    var pause: Int32 = 1
    while true {
      var descriptors = ([output, error] + (side.map { [$0] } ?? [])).filter(\.isOpen).map {
        pollfd(fd: $0.readEnd, events: Int16(POLLIN), revents: 0)
      }
      poll(&descriptors, nfds_t(descriptors.count), descriptors.isEmpty ? pause : Self.tick)
      if descriptors.isEmpty { pause = min(pause * 2, Self.tick) }
      drain(limits.outputBytes, onOutput)
      if output.bytes.count + error.bytes.count > limits.outputBytes {
        return end(.printedTooMuch)
      }
      if mustStop() { return end(.interrupted) }
      if hasEnded {
        // The child's last output may still be in the pipes.
        drain(limits.outputBytes, onOutput)
        return end(nil)
      }
      if clock.now >= deadline { return end(.timedOut) }
    }
  }

  /// Reads the available output, up to just above the limit.
  private func drain(_ limit: Int, _ onOutput: (ArraySlice<UInt8>) -> Void) {
    while output.bytes.count + error.bytes.count <= limit {
      let before = output.bytes.count
      let gained = [output.read(), error.read()].contains(true)
      if output.bytes.count > before { onOutput(output.bytes[before...]) }
      if !gained { break }
    }
    side?.take(keeping: sideBytes)
  }

  /// Whether the child has exited; it is not reaped, so that its process ID is not reused yet.
  var hasEnded: Bool {
    var information = siginfo_t()
    return waitid(P_PID, id_t(identifier), &information, WEXITED | WNOHANG | WNOWAIT) == 0
      && information._sifields._sigchld.si_pid == identifier
  }

  /// Ends the whole process group and returns `ending`, or the child's own ending if that is nil.
  func end(_ ending: ChildProcess.Ending?) -> ChildProcess.Ending {
    kill(-identifier, SIGKILL)
    var status: Int32 = 0
    while waitpid(identifier, &status, 0) == -1, errno == EINTR {}
    output.close()
    error.close()
    side?.close()
    if let ending { return ending }
    let signal = status & 0x7F
    return signal == 0 ? .exited((status >> 8) & 0xFF) : .signalled(signal)
  }
}

/// One output stream of a child.
private final class Pipe {
  private(set) var readEnd: Int32
  private(set) var writeEnd: Int32
  private(set) var bytes: [UInt8] = []

  init?() {
    var ends: [Int32] = [0, 0]
    guard linux_pipe_close_on_exec(&ends) == 0 else { return nil }
    (readEnd, writeEnd) = (ends[0], ends[1])
    _ = fcntl(readEnd, F_SETFL, O_NONBLOCK)
  }

  deinit {
    closeWriteEnd()
    close()
  }

  var isOpen: Bool { readEnd >= 0 }

  /// Reads once without waiting; false if there was nothing to read.
  func read() -> Bool {
    guard isOpen else { return false }
    let count = withUnsafeTemporaryAllocation(byteCount: 1 << 16, alignment: 1) { buffer in
      let count = Glibc.read(readEnd, buffer.baseAddress!, buffer.count)
      if count > 0 { bytes.append(contentsOf: buffer[..<count]) }
      return count
    }
    if count == 0 || (count < 0 && errno != EAGAIN && errno != EINTR) { close() }
    return count > 0
  }

  /// Reads what has come without waiting, and keeps at most so many bytes, and one to tell that there
  /// were more.
  func take(keeping limit: Int) {
    // A child that never stops writing does not keep this from ending.
    var rounds = 16
    while rounds > 0, read() {
      rounds -= 1
      if bytes.count > limit + 1 { bytes.removeLast(bytes.count - limit - 1) }
    }
  }

  func close() {
    if readEnd >= 0 { Glibc.close(readEnd) }
    readEnd = -1
  }

  func closeWriteEnd() {
    if writeEnd >= 0 { Glibc.close(writeEnd) }
    writeEnd = -1
  }
}

/// Blocks the termination signals for this thread, so that a child can be ended first.
private final class HeldSignals {
  private var stops = sigset_t()
  private var previous = sigset_t()
  private var arrived: Int32?

  init() {
    sigemptyset(&stops)
    for signal in [SIGINT, SIGTERM, SIGHUP] { sigaddset(&stops, signal) }
    pthread_sigmask(SIG_BLOCK, &stops, &previous)
  }

  /// Whether a signal is pending.
  var haveCome: Bool {
    var noWait = timespec()
    let signal = sigtimedwait(&stops, nil, &noWait)
    if signal > 0 { arrived = signal }
    return arrived != nil
  }

  /// Unblocks the signals: a pending SIGINT was meant for the child and is discarded, others take effect.
  func release() {
    pthread_sigmask(SIG_SETMASK, &previous, nil)
    if let arrived, arrived != SIGINT { raise(arrived) }
  }
}
