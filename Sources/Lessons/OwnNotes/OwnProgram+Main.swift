extension OwnProgram {
  /// What starts an own example: the same beginning and end as a course's example has.
  ///
  /// It is a file of its own, so that what it imports is not in scope for the example.
  static let main = """
    import CLinux
    import Glibc

    nonisolated(unsafe) private var savedOutput: Int32 = -1

    /// Sends standard output nowhere while an example runs the code of those that it continues.
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

    @main enum Main {
      static func main() {
        linux_die_with_parent()
        linux_buffer_standard_output_by_line()
        do {
          try runOwnExample(mute)
          fflush(nil)
          exit(0)
        } catch {
          fflush(nil)
          let message = "the example threw an error: \\(error)\\n"
          _ = message.withCString { write(STDERR_FILENO, $0, strlen($0)) }
          exit(1)
        }
      }
    }

    """
}
