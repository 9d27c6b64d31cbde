import CLinux
import Glibc

/// Detects which answers have been saved; the caller does the waiting.
///
/// inotify reports that something in `answers/` was written; the files themselves show which answer it
/// was. Where inotify does not work (a network file system, a folder that does not exist yet), the
/// files are polled.
public struct SavedAnswers: ~Copyable {
  private let exercises: [ExerciseFolder]
  private let mayAsk: Bool
  /// A descriptor that is readable when something was written; negative if the files are polled.
  public private(set) var descriptor: Int32 = -1
  /// The states of the answers when saves were last reported.
  private var known: [String: FileStamp] = [:]

  /// The polling interval without inotify, in milliseconds.
  private static let pollInterval: Int32 = 250
  /// The polling interval with inotify, as a safeguard, in milliseconds.
  private static let safetyInterval: Int32 = 2000

  /// Starts watching the answers to exercises.
  ///
  /// - Parameter poll: whether to poll instead of using inotify.
  public init(_ exercises: [ExerciseFolder], poll: Bool = false) {
    self.exercises = exercises
    mayAsk = !poll
    askToBeTold()
    _ = take()
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  private mutating func askToBeTold() {
    guard mayAsk, descriptor < 0, let folder = exercises.first?.workspace.answersFolder else {
      return
    }
    descriptor = linux_watch_folder(folder)
  }

  /// The maximum time to wait for the descriptor before calling `take`, in milliseconds.
  public var patience: Int32 { descriptor < 0 ? Self.pollInterval : Self.safetyInterval }

  /// The exercises whose answers were saved since the last call.
  public mutating func take() -> [ExerciseFolder] {
    if descriptor >= 0 { _ = linux_take_changes(descriptor) } else { askToBeTold() }
    return exercises.filter { isNews($0) }
  }

  /// Records the current state of one answer; true if it has been saved since.
  public mutating func take(_ exercise: String) -> Bool {
    exercises.first { $0.id == exercise }.map { isNews($0) } ?? false
  }

  /// Records the state in which an answer was checked.
  public mutating func checked(_ verdict: Verdict) {
    known[verdict.exercise] = verdict.file
  }

  private mutating func isNews(_ exercise: ExerciseFolder) -> Bool {
    // Some editors remove the file for a moment before they replace it.
    guard let stamp = FileStamp(exercise.answer), stamp != known[exercise.id] else { return false }
    known[exercise.id] = stamp
    return true
  }
}
