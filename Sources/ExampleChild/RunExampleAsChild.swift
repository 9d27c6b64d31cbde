import CLinux
import Glibc

/// Runs an example and ends the process: the whole life of the child that an example runs in.
///
/// - Parameter body: the example; it is handed the function that sends standard output nowhere, for
///   while it runs the code of those examples that it continues.
public func runExampleAsChild(
  _ body: (_ mute: (_ isMuted: Bool) -> Void) throws -> Void
) -> Never {
  // When the reader dies of what it cannot catch, its example goes with it.
  linux_die_with_parent()
  // Line by line, so that the reader can show what is printed as it comes.
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

/// Written and read only by the child's one thread.
nonisolated(unsafe) private var savedOutput: Int32 = -1

private func mute(_ isMuted: Bool) {
  fflush(nil)
  if isMuted {
    let nowhere = open("/dev/null", O_WRONLY)
    savedOutput = dup(STDOUT_FILENO)
    dup2(nowhere, STDOUT_FILENO)
    close(nowhere)
  } else {
    dup2(savedOutput, STDOUT_FILENO)
    close(savedOutput)
  }
}
