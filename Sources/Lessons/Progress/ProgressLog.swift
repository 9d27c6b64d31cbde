import Glibc
public import ProgramSupport

/// The file in which progress is recorded: JSON lines that are only ever appended.
///
/// An event is durable once `append` returns: it survives a crash, a killed process, a second process
/// that records at the same time, and a full disk.
public struct ProgressLog: Sendable {
  /// The path of the file.
  public let path: String

  /// The log of the course: `progress.jsonl` in `.workbook/` or in the folder `WORKBOOK_STATE`.
  public init(_ workspace: Workspace, environment: [String: String]) {
    path = Self.folder(workspace, environment) + "/progress.jsonl"
  }

  /// A separate log for the user's own notes, by their path.
  public init(
    _ workspace: Workspace, environment: [String: String], forNotesAt notes: String
  ) throws(WorkbookError) {
    let name = sha256(Array(try absolutePath(notes).utf8)).prefix(16)
    path = Self.folder(workspace, environment) + "/notes-\(name).jsonl"
  }

  private static func folder(_ workspace: Workspace, _ environment: [String: String]) -> String {
    let named = environment["WORKBOOK_STATE"] ?? ""
    return named.isEmpty ? workspace.root + "/.workbook" : named
  }

  /// Creates a log at a path; the file need not exist.
  public init(path: String) {
    self.path = path
  }

  /// Records an event; when this returns, the event is on disk.
  ///
  /// - Throws: `WorkbookError.missing` if it cannot be recorded; the file is then unchanged.
  public func append(_ event: ProgressEvent) throws(WorkbookError) {
    try append([event])
  }

  /// Records all of several events or none of them.
  ///
  /// - Throws: `WorkbookError.missing` if they cannot be recorded; the file is then unchanged.
  public func append(_ events: [ProgressEvent]) throws(WorkbookError) {
    guard !events.isEmpty else { return }
    var now = timespec()
    clock_gettime(CLOCK_REALTIME, &now)
    let time = Double(now.tv_sec) + Double(now.tv_nsec) / 1e9
    let lines = events.map { $0.line(time: time) }.joined()
    try append { _ in Array(lines.utf8) }
  }

  /// Appends the lines that `lines` derives from the contents of the file, in one write.
  func append(
    lines: (_ recorded: () throws(WorkbookError) -> [UInt8]) throws(WorkbookError) -> [UInt8]
  ) throws(WorkbookError) {
    try makeFolder(folder)
    let descriptor = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw failure("record progress in", errno) }
    defer { close(descriptor) }
    let isLocked = try lock(descriptor, LOCK_EX)

    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw failure("record progress in", errno) }
    let isFile = status.st_mode & S_IFMT == S_IFREG
    // A last line without a line feed was truncated when its writer was killed; it stays separate.
    let isTorn = isFile && status.st_size > 0 && lastByte(descriptor, status.st_size) != lineFeed
    let added = try lines { () throws(WorkbookError) in isFile ? try readFile(path) : [] }
    guard !added.isEmpty else { return }
    if let code = Self.write((isTorn ? [lineFeed] : []) + added, to: descriptor) {
      // A partial line is useless, and its space may be needed for the next one.
      if isFile, isLocked { ftruncate(descriptor, status.st_size) }
      throw failure("record progress in", code)
    }
    if status.st_size == 0 { syncFolder() }
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
    for entry in events { progress.record(entry.event) }
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
    .missing(
      "cannot \(what) \(path): \(String(cString: strerror(code)))",
      remedy: code == ENOSPC || code == EFBIG || code == EDQUOT
        ? "make room; what was recorded before is still there" : nil)
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

  /// Writes the bytes and waits until they are on disk; the `errno` of a failure.
  private static func write(_ bytes: [UInt8], to descriptor: Int32) -> Int32? {
    holdingFileSizeSignal {
      var written = 0
      while written < bytes.count {
        let count = bytes[written...].withUnsafeBytes {
          Glibc.write(descriptor, $0.baseAddress, $0.count)
        }
        if count > 0 {
          written += count
        } else if count == 0 || errno != EINTR {
          return count == 0 ? EIO : errno
        }
      }
      // Something other than a file, such as a device, has nothing to synchronize.
      guard fdatasync(descriptor) != 0, errno != EINVAL, errno != EROFS else { return nil }
      return errno
    }
  }

  /// Blocks SIGXFSZ, which would end the program at a limit on file sizes; the error is sufficient.
  private static func holdingFileSizeSignal(_ body: () -> Int32?) -> Int32? {
    var signal = sigset_t()
    sigemptyset(&signal)
    sigaddset(&signal, SIGXFSZ)
    var previous = sigset_t()
    pthread_sigmask(SIG_BLOCK, &signal, &previous)
    let failure = body()
    if failure == EFBIG {
      var noWait = timespec()
      sigtimedwait(&signal, nil, &noWait)
    }
    pthread_sigmask(SIG_SETMASK, &previous, nil)
    return failure
  }

  /// Synchronizes the folder, without which a new file is not durable.
  private func syncFolder() {
    let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    fsync(descriptor)
    close(descriptor)
  }
}
