import CLinux
import Glibc

/// Runs an example and exits: the entire run of the child process of an example.
///
/// - Parameter body: the example; its argument mutes standard output while the example runs the code
///   of examples that it continues.
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

/// Accessed only by the child's single thread.
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
