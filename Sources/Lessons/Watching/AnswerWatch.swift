import CLinux
import Glibc

/// Waits for answers to be saved.
///
/// The kernel tells that something in `answers/` was written; which answer it was, and whether it
/// was one, is seen from the files. Where the kernel does not tell (a file system from another
/// machine), looking again and again does.
public struct AnswerWatch: ~Copyable {
  private let exercises: [ExerciseFolder]
  private var stamps: [String: Stamp] = [:]
  /// Negative where saves are noticed by looking.
  private let changes: Int32
  private let stops: Int32

  /// How a file was when it was last looked at.
  private struct Stamp: Hashable {
    var seconds: Int
    var nanoseconds: Int
    var size: Int64
    var node: UInt64
  }

  /// How long nothing must have been written before an answer counts as saved, in milliseconds.
  private static let settling: Int32 = 40
  /// How often to look where nobody tells, in milliseconds.
  private static let pollInterval: Int32 = 250
  /// How often to look all the same where the kernel should tell, in milliseconds.
  private static let safetyInterval: Int32 = 2000

  /// Whether saves are noticed by looking rather than told by the kernel.
  public var polls: Bool { changes < 0 }

  /// - Parameter poll: do not ask the kernel, look.
  /// - Throws: `WorkbookError.missing` where there is no room for another descriptor.
  public init(_ exercises: [ExerciseFolder], poll: Bool) throws(WorkbookError) {
    self.exercises = exercises
    let folder = exercises.first?.workspace.answersFolder
    changes = poll ? -1 : folder.map { linux_watch_folder($0) } ?? -1
    stops = linux_hold_stop_signals()
    stamps = Self.stamps(of: exercises)
    guard stops >= 0 else {
      throw .missing("cannot watch: \(String(cString: strerror(errno)))", remedy: nil)
    }
  }

  deinit {
    if changes >= 0 { close(changes) }
    if stops >= 0 { close(stops) }
  }

  /// Waits for the next saves and gives the exercises whose answers they were.
  ///
  /// - Throws: `WorkbookError.interrupted` when this process is told to stop.
  public mutating func next() throws(WorkbookError) -> [ExerciseFolder] {
    while true {
      try wait(polls ? Self.pollInterval : Self.safetyInterval)
      var settled = Self.stamps(of: exercises)
      guard settled != stamps else { continue }
      // Saving can take several writes; what counts is how the file is when they are over.
      var before: [String: Stamp]
      repeat {
        before = settled
        try wait(Self.settling)
        settled = Self.stamps(of: exercises)
      } while settled != before
      let saved = exercises.filter { settled[$0.id] != nil && settled[$0.id] != stamps[$0.id] }
      stamps = settled
      if !saved.isEmpty { return saved }
    }
  }

  /// Waits that long, or until something is written or a signal comes.
  private func wait(_ milliseconds: Int32) throws(WorkbookError) {
    var descriptors = [pollfd(fd: stops, events: Int16(POLLIN), revents: 0)]
    if changes >= 0 { descriptors.append(pollfd(fd: changes, events: Int16(POLLIN), revents: 0)) }
    poll(&descriptors, nfds_t(descriptors.count), milliseconds)
    if descriptors[0].revents != 0 { throw .interrupted }
    if changes >= 0 { _ = linux_take_changes(changes) }
  }

  private static func stamps(of exercises: [ExerciseFolder]) -> [String: Stamp] {
    var stamps: [String: Stamp] = [:]
    for exercise in exercises {
      var status = stat()
      guard stat(exercise.answer, &status) == 0 else { continue }
      stamps[exercise.id] = Stamp(
        seconds: status.st_mtim.tv_sec, nanoseconds: status.st_mtim.tv_nsec,
        size: Int64(status.st_size), node: UInt64(status.st_ino))
    }
    return stamps
  }
}
