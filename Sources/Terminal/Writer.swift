import Glibc
import Synchronization

/// Output to a file descriptor, gathered in a buffer and written as a whole.
///
/// A reader that goes away (`workbook read nat | head`) ends the output without a word: what is
/// written afterwards is dropped, `isClosed` says so, and no signal kills the program.
public final class Writer {
  public let descriptor: Int32
  public let presentation: Presentation

  /// The reader is gone, or the device failed: nothing more will be written.
  public private(set) var isClosed = false

  /// The `errno` of a failure other than a reader that went away, such as a full disk.
  public private(set) var failure: Int32?

  /// The `errno` of the first failed write to standard output, by any writer of this process.
  ///
  /// A reader that went away is no failure: it has what it wanted.
  public static var standardOutputFailure: Int32? { standardOutput.withLock { $0 } }
  private static let standardOutput = Mutex<Int32?>(nil)

  private var buffer: [UInt8] = []
  private static let bufferLimit = 1 << 16

  public init(descriptor: Int32, presentation: Presentation) {
    self.descriptor = descriptor
    self.presentation = presentation
  }

  deinit { flush() }

  /// Writes a line in its styles, with a line feed.
  public func line(_ text: StyledText = "") {
    raw(presentation.render(text))
    raw("\n")
  }

  /// Writes lines in their styles, each with a line feed.
  public func lines(_ lines: some Sequence<StyledText>) {
    for text in lines { line(text) }
  }

  /// Writes text in its styles with nothing after it, such as a prompt.
  public func text(_ text: StyledText) {
    raw(presentation.render(text))
  }

  /// Writes text exactly as it is: only for what is known to be safe, such as JSON made here.
  public func raw(_ text: String) {
    guard !isClosed else { return }
    buffer.append(contentsOf: text.utf8)
    if buffer.count >= Self.bufferLimit { flush() }
  }

  /// Writes out what is still in the buffer.
  public func flush() {
    guard !isClosed, !buffer.isEmpty else { return }
    withPipeSignalHeld {
      buffer.withUnsafeBytes { bytes in
        var written = 0
        while written < bytes.count {
          let count = write(descriptor, bytes.baseAddress! + written, bytes.count - written)
          if count >= 0 {
            written += count
          } else if !canContinue(after: errno) {
            isClosed = true
            return
          }
        }
      }
    }
    buffer.removeAll(keepingCapacity: true)
  }

  private func canContinue(after error: Int32) -> Bool {
    switch error {
    case EINTR: return true
    case EAGAIN:
      var entry = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
      return poll(&entry, 1, -1) > 0 || errno == EINTR
    case EPIPE: return false
    default:
      failure = error
      if descriptor == STDOUT_FILENO { Self.standardOutput.withLock { $0 = $0 ?? error } }
      return false
    }
  }

  /// Keeps SIGPIPE from this thread while `body` writes, and swallows one that `body` raised.
  ///
  /// Ignoring the signal for the whole process would be shorter, but children inherit that.
  private func withPipeSignalHeld(_ body: () -> Void) {
    var pipeSignal = sigset_t()
    sigemptyset(&pipeSignal)
    sigaddset(&pipeSignal, SIGPIPE)
    var pending = sigset_t()
    sigpending(&pending)
    let wasPending = sigismember(&pending, SIGPIPE) == 1
    var previous = sigset_t()
    pthread_sigmask(SIG_BLOCK, &pipeSignal, &previous)
    body()
    if isClosed && !wasPending {
      var noWait = timespec()
      while sigtimedwait(&pipeSignal, nil, &noWait) == -1 && errno == EINTR {}
    }
    pthread_sigmask(SIG_SETMASK, &previous, nil)
  }
}
