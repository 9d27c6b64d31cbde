import Glibc
import ProgramSupport

/// A folder of files that can be made again, named after all that they were made from.
struct CacheFolder {
  let path: String

  /// The file with a name, if it has been made; it counts as used now.
  func file(named name: String) -> String? {
    let file = "\(path)/\(name)"
    guard isFile(file) else { return nil }
    // What was used last is kept longest.
    utimensat(AT_FDCWD, file, nil, 0)
    return file
  }

  /// Takes a finished file in, and forgets what was used longest ago of those named alike.
  ///
  /// Renaming is one step, so that two programs at once never see half a file; and what another one
  /// has just found stays, as only older files go.
  ///
  /// - Parameters:
  ///   - prefix: how those names begin that are alike.
  ///   - count: how many of them are kept.
  /// - Throws: `WorkbookError.missing` where it cannot be renamed.
  func keep(
    _ made: String, as name: String, newest count: Int, of prefix: String
  ) throws(WorkbookError) -> String {
    let file = "\(path)/\(name)"
    guard rename(made, file) == 0 else {
      throw .missing("cannot write \(file): \(String(cString: strerror(errno)))", remedy: nil)
    }
    utimensat(AT_FDCWD, file, nil, 0)
    forgetOldest(prefix, keeping: count, and: name)
    return file
  }

  private func forgetOldest(_ prefix: String, keeping count: Int, and latest: String) {
    let others = names(in: path).filter { $0.hasPrefix(prefix) && $0 != latest }
    guard others.count >= count else { return }
    let byAge = others.map { name in
      var status = stat()
      stat("\(path)/\(name)", &status)
      return (path: "\(path)/\(name)", used: (status.st_mtim.tv_sec, status.st_mtim.tv_nsec))
    }.sorted { $0.used > $1.used }
    for old in byAge.dropFirst(count - 1) { unlink(old.path) }
  }
}
