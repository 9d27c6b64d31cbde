import CLinux
import Glibc
public import ProgramSupport

/// Waits for answers to be saved, until the process is told to stop.
public struct AnswerWatch: ~Copyable {
  private var answers: SavedAnswers
  private let stops: Int32

  /// Whether saves are noticed by looking rather than told by the kernel.
  public var polls: Bool { answers.descriptor < 0 }

  /// - Parameter poll: do not ask the kernel, look.
  /// - Throws: `WorkbookError.missing` where there is no room for another descriptor.
  public init(_ exercises: [ExerciseFolder], poll: Bool) throws(WorkbookError) {
    answers = SavedAnswers(exercises, poll: poll)
    stops = linux_hold_stop_signals()
    guard stops >= 0 else {
      throw .missing("cannot watch: \(String(cString: strerror(errno)))", remedy: nil)
    }
  }

  deinit { if stops >= 0 { close(stops) } }

  /// An answer has been checked as it was then; only what is saved after that is news.
  public mutating func checked(_ verdict: Verdict) { answers.checked(verdict) }

  /// Waits for the next saves and gives the exercises whose answers they were.
  ///
  /// - Throws: `WorkbookError.interrupted` when this process is told to stop.
  public mutating func next() throws(WorkbookError) -> [ExerciseFolder] {
    while true {
      // A descriptor below zero is passed over.
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
