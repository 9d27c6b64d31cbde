import CLinux
import Glibc

/// Runs an example and exits: the entire run of the child process of an example.
///
/// - Parameter body: the example; its argument mutes standard output, and the pictures beside it, while
///   the example runs the code of examples that it continues.
public func runExampleAsChild(
  _ body: (_ mute: (_ isMuted: Bool) -> Void) throws -> Void
) -> Never {
  // The kernel ends the example if the reader dies of a signal that it cannot catch.
  linux_die_with_parent()
  // Buffered by line, so that the reader can show output as it is printed.
  linux_buffer_standard_output_by_line()
  do {
    try body(mute)
    fflush(nil)
    exit(0)
  } catch {
    fflush(nil)
    let message = "the example threw an error: \(error)\n"
    _ = message.withCString { write(STDERR_FILENO, $0, strlen($0)) }
    exit(1)
  }
}

/// The streams that are muted now, and copies of what they led to.
///
/// Accessed only by the child's single thread.
nonisolated(unsafe) private var muted: [(stream: Int32, copy: Int32)] = []

private func mute(_ isMuted: Bool) {
  fflush(nil)
  if isMuted {
    let nowhere = open("/dev/null", O_WRONLY)
    for stream in streams {
      let copy = fcntl(stream, F_DUPFD_CLOEXEC, 0)
      guard copy >= 0 else { continue }
      muted.append((stream, copy))
      dup2(nowhere, stream)
    }
    close(nowhere)
  } else {
    for (stream, copy) in muted {
      dup2(copy, stream)
      close(copy)
    }
    muted = []
  }
}

/// Standard output, and the pipe for pictures if there is one (`PictureStream` in `NotePictures`).
private var streams: [Int32] {
  let pictures = getenv("WORKBOOK_PICTURES").flatMap { Int32(String(cString: $0)) }
  return [STDOUT_FILENO] + (pictures.map { $0 > STDERR_FILENO ? [$0] : [] } ?? [])
}
