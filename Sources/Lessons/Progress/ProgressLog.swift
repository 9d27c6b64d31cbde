import Glibc
public import ProgramSupport

/// The file in which progress is recorded: JSON lines that are only ever appended.
///
/// An event is durable once `append` returns: it survives a crash, a killed process, a second process
/// that records at the same time, and a full disk.
public struct ProgressLog: Sendable {
  /// The path of the file.
  public let path: String
  /// A time that stands still instead of the clock's, in Unix seconds; nil for the clock.
  private let fixedTime: Double?

  /// The environment variable with the time to record and review at, in Unix seconds.
  public static let timeVariable = "WORKBOOK_NOW"

  /// The log of the course: `progress.jsonl` in `.workbook/` or in the folder `WORKBOOK_STATE`.
  public init(_ workspace: Workspace, environment: [String: String]) {
    path = Self.folder(workspace, environment) + "/progress.jsonl"
    fixedTime = environment[Self.timeVariable].flatMap(Double.init)
  }

  /// A separate log for the user's own notes, by their path.
  public init(
    _ workspace: Workspace, environment: [String: String], forNotesAt notes: String
  ) throws(WorkbookError) {
    let name = sha256(Array(try absolutePath(notes).utf8)).prefix(16)
    path = Self.folder(workspace, environment) + "/notes-\(name).jsonl"
    fixedTime = environment[Self.timeVariable].flatMap(Double.init)
  }

  /// The folder of what is remembered about the learner.
  static func folder(_ workspace: Workspace, _ environment: [String: String]) -> String {
    let named = environment["WORKBOOK_STATE"] ?? ""
    return named.isEmpty ? workspace.root + "/.workbook" : named
  }

  /// Creates a log at a path; the file need not exist.
  ///
  /// - Parameter now: a time that stands still, in Unix seconds; nil for the clock.
  public init(path: String, now: Double? = nil) {
    self.path = path
    fixedTime = now
  }

  /// The time that events are recorded with, in Unix seconds.
  public var now: Double {
    if let fixedTime { return fixedTime }
    var now = timespec()
    clock_gettime(CLOCK_REALTIME, &now)
    return Double(now.tv_sec) + Double(now.tv_nsec) / 1e9
  }

  /// Records an event; when this returns, the event is on disk.
  ///
  /// - Throws: `WorkbookError.notWritten` if it cannot be recorded; the file is then unchanged.
  public func append(_ event: ProgressEvent) throws(WorkbookError) {
    try append([event])
  }

  /// Records all of several events or none of them.
  ///
  /// - Throws: `WorkbookError.notWritten` if they cannot be recorded; the file is then unchanged.
  public func append(_ events: [ProgressEvent]) throws(WorkbookError) {
    guard !events.isEmpty else { return }
    let time = now
    let lines = events.map { $0.line(time: time) }.joined()
    try append { _ in Array(lines.utf8) }
  }

  /// Appends the lines that `lines` derives from the contents of the file, in one write.
  func append(
    lines: (_ recorded: () throws(WorkbookError) -> [UInt8]) throws(WorkbookError) -> [UInt8]
  ) throws(WorkbookError) {
    do { try makeFolder(folder) } catch { throw error.naming("WORKBOOK_STATE") }
    let descriptor = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw notRecorded(errno) }
    defer { close(descriptor) }
    let isLocked = try lock(descriptor, LOCK_EX)

    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw notRecorded(errno) }
    let isFile = status.st_mode & S_IFMT == S_IFREG
    // A last line without a line feed was truncated when its writer was killed; it stays separate.
    let isTorn = isFile && status.st_size > 0 && lastByte(descriptor, status.st_size) != lineFeed
    let added = try lines { () throws(WorkbookError) in isFile ? try readFile(path) : [] }
    guard !added.isEmpty else { return }
    if let code = writeAll((isTorn ? [lineFeed] : []) + added, to: descriptor, durably: true) {
      // A partial line is useless, and its space may be needed for the next one.
      if isFile, isLocked { ftruncate(descriptor, status.st_size) }
      throw notRecorded(code)
    }
    if status.st_size == 0 { syncFolder(of: path) }
  }

  /// Reads the progress recorded so far; a missing file is no progress, and not an error.
  ///
  /// - Throws: `WorkbookError.missing` if the file cannot be read.
  /// - Complexity: O(*n* log *n*) in the length of the file.
  public func read() throws(WorkbookError) -> Progress {
    var progress = Progress()
    var events: [(event: ProgressEvent, time: Double, index: Int)] = []
    for line in try contents().split(separator: lineFeed) {
      if let (event, time) = ProgressEvent.read(line) {
        events.append((event, time, events.count))
      } else {
        progress.skippedLines += 1
      }
    }
    // Imported events may follow newer ones.
    events.sort { ($0.time, $0.index) < ($1.time, $1.index) }
    for entry in events { progress.record(entry.event, at: entry.time) }
    return progress
  }

  /// The bytes of the file, read while no line is being written.
  func contents() throws(WorkbookError) -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    if descriptor < 0, errno == ENOENT { return [] }
    guard descriptor >= 0 else { throw failure("read", errno) }
    defer { close(descriptor) }
    _ = try lock(descriptor, LOCK_SH)
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw failure("read", errno) }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw .missing("cannot read \(path): it is no file", remedy: nil)
    }
    return try readFile(path)
  }

  // MARK: The file system

  var lineFeed: UInt8 { UInt8(ascii: "\n") }

  private var folder: String { path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "." }

  private func failure(_ what: String, _ code: Int32) -> WorkbookError {
    .missing("cannot \(what) \(path): \(String(cString: strerror(code)))", remedy: nil)
  }

  private func notRecorded(_ code: Int32) -> WorkbookError {
    .notWritten("record progress in \(path)", code).naming("WORKBOOK_STATE")
  }

  /// Waits for the lock, for much longer than writing takes; false if the file system has no locks.
  private func lock(_ descriptor: Int32, _ kind: Int32) throws(WorkbookError) -> Bool {
    let deadline = ContinuousClock.now + .seconds(5)
    while flock(descriptor, kind | LOCK_NB) != 0 {
      guard errno == EWOULDBLOCK || errno == EINTR else { return false }
      guard ContinuousClock.now < deadline else {
        throw .missing("another process has held \(path) for five seconds", remedy: "end it")
      }
      usleep(500)
    }
    return true
  }

  private func lastByte(_ descriptor: Int32, _ size: off_t) -> UInt8? {
    var byte: UInt8 = 0
    return pread(descriptor, &byte, 1, size - 1) == 1 ? byte : nil
  }
}
