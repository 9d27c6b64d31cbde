import Glibc
import ProgramSupport

/// Replaces the contents of a file of the learner's, and keeps the old ones as a backup.
///
/// - Returns: the path of the backup; nil if nothing would change.
/// - Throws: `WorkbookError.notWritten` if files cannot be written; the file is then unchanged.
func replaceKeepingBackup(
  _ path: String, with fresh: [UInt8]
) throws(WorkbookError) -> String? {
  guard try readFile(path) != fresh else { return nil }
  let backup = try keepBackup(of: path)
  do {
    try writeFile(path, fresh)
  } catch {
    // What the backup would keep is still there.
    unlink(backup)
    throw error.naming("WORKBOOK_ANSWERS")
  }
  return backup
}

/// Gives a file a second, unused name, so that the first one can be given to another file.
///
/// - Returns: the name, `FILE.1~` or the next free number.
/// - Throws: `WorkbookError.notWritten` if it cannot be made.
private func keepBackup(of path: String) throws(WorkbookError) -> String {
  for number in 1...9999 {
    let backup = "\(path).\(number)~"
    if link(path, backup) == 0 { return backup }
    switch errno {
    case EEXIST: continue
    case EPERM, EOPNOTSUPP, ENOSYS, EMLINK:
      // The file system does not support links.
      if isFile(backup) { continue }
      try writeNewFile(backup, try readFile(path))
      return backup
    case let code: throw .notWritten("make the backup \(backup)", code)
    }
  }
  throw .missing("there are 9999 backups of \(path)", remedy: "delete some of them")
}
