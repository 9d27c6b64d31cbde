import Glibc
public import ProgramSupport

/// The file that progress is recorded in: JSON lines that are only ever added to.
///
/// Nothing that `append` has returned from can be lost: not by a crash or the process being killed,
/// not by a second process that records at the same time, not by a full disk.
public struct ProgressLog: Sendable {
  public let path: String

  /// `progress.jsonl` in `.workbook/`, or in the folder that `WORKBOOK_STATE` names.
  public init(_ workspace: Workspace, environment: [String: String]) {
    path = Self.folder(workspace, environment) + "/progress.jsonl"
  }

  /// A file of its own for somebody's own notes, by the path that they lie at.
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

  public init(path: String) {
    self.path = path
  }

  /// Records an event: when this returns, the event is on the disk.
  ///
  /// - Throws: `WorkbookError.missing` where it could not be recorded; then the file is as before.
  public func append(_ event: ProgressEvent) throws(WorkbookError) {
    try append([event])
  }

  /// Records several events, all or none of them.
  ///
  /// - Throws: as for one event.
  public func append(_ events: [ProgressEvent]) throws(WorkbookError) {
    guard !events.isEmpty else { return }
    var now = timespec()
    clock_gettime(CLOCK_REALTIME, &now)
    let time = Double(now.tv_sec) + Double(now.tv_nsec) / 1e9
    let lines = events.map { $0.line(time: time) }.joined()
    try append { _ in Array(lines.utf8) }
  }

  /// Adds the whole lines that `lines` makes of what is in the file, in one write.
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
    // A last line without its end was torn off when its writer was killed: it stays, on its own.
    let isTorn = isFile && status.st_size > 0 && lastByte(descriptor, status.st_size) != lineFeed
    let added = try lines { () throws(WorkbookError) in isFile ? try readFile(path) : [] }
    guard !added.isEmpty else { return }
    if let code = Self.write((isTorn ? [lineFeed] : []) + added, to: descriptor) {
      // Half a line is of no use to anybody, and its room may be what the next one needs.
      if isFile, isLocked { ftruncate(descriptor, status.st_size) }
      throw failure("record progress in", code)
    }
    if status.st_size == 0 { syncFolder() }
  }

  /// Everything recorded so far; a file that is not there yet is no progress, and no error.
  ///
  /// - Throws: `WorkbookError.missing` where the file cannot be read.
  /// - Complexity: O(*n* log *n*) in the length of the file.
  public func read() throws(WorkbookError) -> Progress {
    var progress = Progress()
    var events: [(event: ProgressEvent, time: Double, place: Int)] = []
    for line in try contents().split(separator: lineFeed) {
      if let (event, time) = ProgressEvent.read(line) {
        events.append((event, time, events.count))
      } else {
        progress.skippedLines += 1
      }
    }
    // What was brought in from another machine stands behind what is newer.
    events.sort { ($0.time, $0.place) < ($1.time, $1.place) }
    for entry in events { progress.record(entry.event) }
    return progress
  }

  /// The file's bytes, not while somebody is writing a line.
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

  /// Waits for the lock as long as a line takes to write, and much longer; false on file systems
  /// that have no locks.
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

  /// Writes the bytes and waits until they are on the disk; the error's number where that failed.
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
      // What is no file, such as a device, has nothing to bring to a disk.
      guard fdatasync(descriptor) != 0, errno != EINVAL, errno != EROFS else { return nil }
      return errno
    }
  }

  /// A limit on file sizes is told by a signal that would end the program; the error is enough.
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

  /// A new file is safe only when its folder's list of files is.
  private func syncFolder() {
    let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    fsync(descriptor)
    close(descriptor)
  }
}
