import Glibc

/// Writes a file atomically: on failure the old file stays unchanged and no other file remains.
///
/// - Throws: `WorkbookError.notWritten` with the system's reason.
public func writeFile(
  _ path: String, _ text: String, durably: Bool = true
) throws(WorkbookError) {
  try writeFile(path, Array(text.utf8), durably: durably)
}

/// Writes a file atomically: on failure the old file stays unchanged and no other file remains.
///
/// The bytes go into a file beside it, which then takes its name and its permissions.
/// - Parameter durably: whether to wait until they are on disk, which a temporary file does not need.
/// - Throws: `WorkbookError.notWritten` with the system's reason.
public func writeFile(
  _ path: String, _ bytes: [UInt8], durably: Bool = true
) throws(WorkbookError) {
  let made = try makeFile(beside: path, bytes, durably: durably)
  guard rename(made, path) == 0 else {
    let code = errno
    unlink(made)
    throw .notWritten("write \(path)", code)
  }
  if durably { syncFolder(of: path) }
}

/// Creates a new file with all of the bytes; an existing file stays unchanged.
///
/// - Throws: `WorkbookError.missing` if there is a file of that name, `notWritten` if it cannot be
///   written; there is no file then.
public func writeNewFile(
  _ path: String, _ bytes: [UInt8], durably: Bool = true
) throws(WorkbookError) {
  let made = try makeFile(beside: path, bytes, durably: durably)
  defer { unlink(made) }
  // Unlike renaming, linking never replaces a file.
  var code = link(made, path) == 0 ? 0 : errno
  if [EPERM, EOPNOTSUPP, ENOSYS, EMLINK].contains(code) {
    // The file system does not support links.
    code = access(path, F_OK) == 0 ? EEXIST : rename(made, path) == 0 ? 0 : errno
  }
  guard code != EEXIST else {
    throw .missing("cannot make \(path): it is there already", remedy: nil)
  }
  guard code == 0 else { throw .notWritten("make \(path)", code) }
  if durably { syncFolder(of: path) }
}

/// Creates a folder and its missing parents.
///
/// - Returns: the folders that were not there, the outermost first.
/// - Throws: `WorkbookError.notWritten` with the system's reason; none of them is there then.
@discardableResult
public func makeFolder(_ path: String) throws(WorkbookError) -> [String] {
  var missing: [String] = []
  var folder = path[...]
  while folder.count > 1, folder.last == "/" { folder.removeLast() }
  while !folder.isEmpty, !isFolder(String(folder)) {
    missing.append(String(folder))
    folder = folder.lastIndex(of: "/").map { folder[..<$0] } ?? ""
  }
  var made: [String] = []
  for folder in missing.reversed() {
    guard mkdir(folder, 0o777) != 0 else {
      made.append(folder)
      continue
    }
    let code = errno
    // Another process may have made it meanwhile.
    guard !isFolder(folder) else { continue }
    for folder in made.reversed() { rmdir(folder) }
    throw .notWritten("make the folder \(path)", code)
  }
  return made
}

/// Writes all bytes and, if `durably`, waits until they are on disk; the `errno` of a failure.
///
/// A limit on file sizes is such a failure, and not the end of the process.
public func writeAll(_ bytes: [UInt8], to descriptor: Int32, durably: Bool) -> Int32? {
  holdingFileSizeSignal {
    var written = 0
    while written < bytes.count {
      let count = bytes[written...].withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
      if count > 0 {
        written += count
      } else if count == 0 || errno != EINTR {
        return count == 0 ? EIO : errno
      }
    }
    // Something other than a file, such as a device, has nothing to synchronize.
    guard durably, fdatasync(descriptor) != 0, errno != EINVAL, errno != EROFS else { return nil }
    return errno
  }
}

/// Synchronizes the folder of a file, without which a new name is not durable.
public func syncFolder(of path: String) {
  let descriptor = open(folder(of: path), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
  guard descriptor >= 0 else { return }
  fsync(descriptor)
  close(descriptor)
}

private func folder(of path: String) -> String {
  guard let slash = path.lastIndex(of: "/") else { return "." }
  return slash == path.startIndex ? "/" : String(path[..<slash])
}

/// Makes a file with the bytes in the folder of `path`, to be given that name.
private func makeFile(
  beside path: String, _ bytes: [UInt8], durably: Bool
) throws(WorkbookError) -> String {
  var template = Array("\(folder(of: path))/.workbook-XXXXXX".utf8CString)
  let descriptor = mkstemp(&template)
  guard descriptor >= 0 else { throw .notWritten("write \(path)", errno) }
  _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
  let made = template.withUnsafeBufferPointer { String(cString: $0.baseAddress!) }
  var status = stat()
  let isThere = stat(path, &status) == 0
  // A file system without permissions refuses, which does no harm.
  fchmod(descriptor, isThere ? status.st_mode & 0o7777 : 0o666 & ~creationMask)
  var failure = writeAll(bytes, to: descriptor, durably: durably)
  if close(descriptor) != 0, failure == nil { failure = errno }
  if let failure {
    unlink(made)
    throw .notWritten("write \(path)", failure)
  }
  return made
}

/// The permissions that new files do not get; it can only be read by setting it.
private let creationMask: mode_t = {
  let mask = umask(0o077)
  umask(mask)
  return mask
}()

/// Blocks SIGXFSZ, which would end the program at a limit on file sizes; the error is sufficient.
private func holdingFileSizeSignal(_ body: () -> Int32?) -> Int32? {
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

extension WorkbookError {
  /// A failed write, with the system's reason and what can be done about it.
  ///
  /// - Parameters:
  ///   - deed: what failed and where, such as `write /tmp/x`.
  ///   - code: the `errno`.
  public static func notWritten(_ deed: String, _ code: Int32) -> WorkbookError {
    let remedy: String? =
      switch code {
      case ENOSPC, EDQUOT, EFBIG: makeRoom
      case EROFS, EACCES, EPERM: chooseAnother
      default: nil
      }
    return .notWritten("cannot \(deed): \(String(cString: strerror(code)))", remedy: remedy)
  }

  private static let makeRoom = "make room, and do it again; nothing was changed"
  private static let chooseAnother = "make it writable, or choose another folder"

  /// The same error, naming the environment variable that chooses another folder.
  public func naming(_ variable: String) -> WorkbookError {
    guard case .notWritten(let message, Self.chooseAnother?) = self else { return self }
    return .notWritten(message, remedy: "make it writable, or name another folder in \(variable)")
  }
}
