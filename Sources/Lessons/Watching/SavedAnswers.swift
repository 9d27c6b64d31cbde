import CLinux
import Glibc

/// Notices which answers have been saved; waiting is left to whoever asks.
///
/// The kernel tells that something in `answers/` was written; which answer it was, and whether it
/// was one, is seen from the files. Where the kernel does not tell (a file system from another
/// machine, a folder that is not there yet), looking again and again does.
public struct SavedAnswers: ~Copyable {
  private let exercises: [ExerciseFolder]
  private let mayAsk: Bool
  /// Readable when something was written; negative where saves are noticed by looking.
  public private(set) var descriptor: Int32 = -1
  /// How the answers were when the last saves were told of.
  private var known: [String: FileStamp] = [:]

  /// How often to look where nobody tells, in milliseconds.
  private static let pollInterval: Int32 = 250
  /// How often to look all the same where the kernel should tell, in milliseconds.
  private static let safetyInterval: Int32 = 2000

  /// - Parameter poll: do not ask the kernel, look.
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

  /// How long to wait at most, for the descriptor to be readable, before asking for saves.
  public var patience: Int32 { descriptor < 0 ? Self.pollInterval : Self.safetyInterval }

  /// The exercises whose answers have been saved since they were last taken.
  public mutating func take() -> [ExerciseFolder] {
    if descriptor >= 0 { _ = linux_take_changes(descriptor) } else { askToBeTold() }
    return exercises.filter { isNews($0) }
  }

  /// Takes one answer as it is now for known, and tells whether that is news.
  public mutating func take(_ exercise: String) -> Bool {
    exercises.first { $0.id == exercise }.map { isNews($0) } ?? false
  }

  /// Takes an answer for known as it was when it was checked.
  public mutating func checked(_ verdict: Verdict) {
    known[verdict.exercise] = verdict.file
  }

  private mutating func isNews(_ exercise: ExerciseFolder) -> Bool {
    // Some editors take the file away for a moment before they put another in its place.
    guard let stamp = FileStamp(exercise.answer), stamp != known[exercise.id] else { return false }
    known[exercise.id] = stamp
    return true
  }
}
