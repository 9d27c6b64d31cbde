import CLinux
import Glibc
public import ProgramSupport

/// Waits for answers to be saved, until the process receives a signal.
public struct AnswerWatch: ~Copyable {
  private var answers: SavedAnswers
  private let stops: Int32

  /// Whether saves are detected by polling instead of inotify.
  public var polls: Bool { answers.descriptor < 0 }

  /// Starts watching the answers to exercises.
  ///
  /// - Parameter poll: whether to poll instead of using inotify.
  /// - Throws: `WorkbookError.missing` if no file descriptor is available.
  public init(_ exercises: [ExerciseFolder], poll: Bool) throws(WorkbookError) {
    answers = SavedAnswers(exercises, poll: poll)
    stops = linux_hold_stop_signals()
    guard stops >= 0 else {
      throw .missing("cannot watch: \(String(cString: strerror(errno)))", remedy: nil)
    }
  }

  deinit { if stops >= 0 { close(stops) } }

  /// Records that an answer was checked; only later saves are reported.
  public mutating func checked(_ verdict: Verdict) { answers.checked(verdict) }

  /// Waits for the next saves and returns the exercises whose answers were saved.
  ///
  /// - Throws: `WorkbookError.interrupted` if this process receives a signal.
  public mutating func next() throws(WorkbookError) -> [ExerciseFolder] {
    while true {
      // `poll` ignores negative descriptors.
      var descriptors = [stops, answers.descriptor].map {
        pollfd(fd: $0, events: Int16(POLLIN), revents: 0)
      }
      poll(&descriptors, nfds_t(descriptors.count), answers.patience)
      if descriptors[0].revents != 0 { throw .interrupted }
      let saved = answers.take()
      if !saved.isEmpty { return saved }
    }
  }
}
