import Glibc
import Synchronization

/// Buffered output to a file descriptor.
///
/// If the reader of a pipe closes it (`workbook read nat | head`), `isClosed` becomes true and later
/// output is dropped without an error; SIGPIPE does not end the program.
public final class Writer {
  /// The file descriptor.
  public let descriptor: Int32
  /// The presentation of everything that is written.
  public let presentation: Presentation

  /// Whether the pipe was closed or writing failed; nothing more is written then.
  public private(set) var isClosed = false

  /// The `errno` of a failed write, such as a full disk; nil for a closed pipe.
  public private(set) var failure: Int32?

  /// The `errno` of the first failed write to standard output, by any writer of this process.
  ///
  /// A reader that went away is no failure: it has what it wanted.
  public static var standardOutputFailure: Int32? { standardOutput.withLock { $0 } }
  private static let standardOutput = Mutex<Int32?>(nil)

  private var buffer: [UInt8] = []
  private var sequences = Sequences()
  private static let bufferLimit = 1 << 16

  /// Creates a writer; it flushes at its end and does not close the descriptor.
  public init(descriptor: Int32, presentation: Presentation) {
    self.descriptor = descriptor
    self.presentation = presentation
  }

  deinit { flush() }

  /// The control sequences around runs, each style's made once.
  private struct Sequences {
    typealias Entry = (role: TextRole, emphasis: Emphasis, begin: [UInt8], end: [UInt8])
    private var entries: [Entry] = []

    mutating func entry(
      _ role: TextRole, _ emphasis: Emphasis, _ presentation: Presentation
    ) -> Entry {
      if let entry = entries.first(where: { $0.role == role && $0.emphasis == emphasis }) {
        return entry
      }
      let (begin, end) = presentation.controlSequences(role, emphasis)
      let entry = (role, emphasis, Array(begin.utf8), Array(end.utf8))
      entries.append(entry)
      return entry
    }
  }

  /// Writes a styled line and a line feed.
  public func line(_ text: StyledText = "") {
    if !writeWithoutStyle(text) { raw(presentation.render(text)) }
    raw("\n")
  }

  /// Writes styled lines, each with a line feed.
  public func lines(_ lines: some Sequence<StyledText>) {
    for text in lines { line(text) }
  }

  /// Writes lines that were prepared for this writer's presentation, each with a line feed.
  public func lines(_ lines: StyledLines) {
    guard !isClosed else { return }
    let hasStyle = presentation.colour || presentation.emphasis
    for index in 0..<lines.count {
      let runs = lines.runs(ofLine: index)
      var start = lines.start(ofLine: index)
      if let end = runs.last?.end {
        if !hasStyle {
          buffer.append(contentsOf: lines.bytes[start..<end])
        } else {
          var current: Sequences.Entry?
          for run in runs {
            let wanted = sequences.entry(run.role, run.emphasis, presentation)
            if wanted.begin != current?.begin ?? [] {
              buffer.append(contentsOf: current?.end ?? [])
              buffer.append(contentsOf: wanted.begin)
            }
            current = wanted
            buffer.append(contentsOf: lines.bytes[start..<run.end])
            start = run.end
          }
          buffer.append(contentsOf: current?.end ?? [])
        }
      }
      buffer.append(UInt8(ascii: "\n"))
      if buffer.count >= Self.bufferLimit { flush() }
    }
  }

  /// Writes a text without control sequences if it is one line that needs no preparing.
  private func writeWithoutStyle(_ text: StyledText) -> Bool {
    guard !isClosed, !presentation.colour, !presentation.emphasis else { return false }
    let start = buffer.count
    for span in text.spans { buffer.append(contentsOf: span.text.utf8) }
    if hasPlainColumns(buffer, from: start, unicode: presentation.unicode) { return true }
    buffer.removeSubrange(start...)
    return false
  }

  /// Writes styled text without a line feed, such as a prompt.
  public func text(_ text: StyledText) {
    raw(presentation.render(text))
  }

  /// Writes text without sanitising it; only for output that is known to be safe, such as JSON.
  public func raw(_ text: String) {
    guard !isClosed else { return }
    buffer.append(contentsOf: text.utf8)
    if buffer.count >= Self.bufferLimit { flush() }
  }

  /// Writes bytes as they are: a program's data, never text from elsewhere onto a terminal.
  public func raw(_ bytes: [UInt8]) {
    guard !isClosed else { return }
    buffer += bytes
    if buffer.count >= Self.bufferLimit { flush() }
  }

  /// Writes the contents of the buffer.
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

  /// Blocks SIGPIPE for this thread while `body` writes, and consumes one that `body` raised.
  ///
  /// Ignoring the signal for the process would be shorter, but child processes inherit that.
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
