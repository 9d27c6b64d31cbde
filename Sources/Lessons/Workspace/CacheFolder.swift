import Glibc
import ProgramSupport

/// A folder of cached files, which are named after a digest of their inputs.
struct CacheFolder {
  let path: String

  /// The path of a cached file, marked as just used; nil if there is none.
  func file(named name: String) -> String? {
    let file = "\(path)/\(name)"
    guard isFile(file) else { return nil }
    // The most recently used files are kept longest.
    utimensat(AT_FDCWD, file, nil, 0)
    return file
  }

  /// Moves a finished file into the cache, and removes the least recently used files of its kind.
  ///
  /// Renaming is atomic, so that a concurrent program never sees an incomplete file. A file that another
  /// program has just found is kept, because only older files are removed.
  ///
  /// - Parameters:
  ///   - prefix: the common beginning of the names of this kind.
  ///   - count: the number of files to keep.
  /// - Throws: `WorkbookError.notWritten` if the file cannot be renamed.
  func keep(
    _ made: String, as name: String, newest count: Int, of prefix: String
  ) throws(WorkbookError) -> String {
    let file = "\(path)/\(name)"
    guard rename(made, file) == 0 else {
      throw .notWritten("write \(file)", errno)
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
