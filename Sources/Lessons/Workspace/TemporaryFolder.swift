import Glibc
import ProgramSupport

/// A temporary folder, removed at the end of its lifetime.
struct TemporaryFolder {
  let path: String

  private static let prefix = "work-"

  init(in parent: String) throws(WorkbookError) {
    var template = Array("\(parent)/\(Self.prefix)XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else {
      throw .notWritten("make a folder in \(parent)", errno)
    }
    path = template.withUnsafeBufferPointer { String(cString: $0.baseAddress!) }
  }

  subscript(name: String) -> String { path + "/" + name }

  /// Makes sure that files of some size can be written into it.
  ///
  /// - Throws: `WorkbookError.notWritten` if they cannot.
  func requireRoom() throws(WorkbookError) {
    try writeFile(self["room"], Array(repeating: 0, count: 1 << 16), durably: false)
    unlink(self["room"])
  }

  func remove() {
    for name in names(in: path) { unlink(self[name]) }
    rmdir(path)
  }

  /// Removes the folders that a program left there when it was killed.
  ///
  /// - Parameter age: how long nothing has been written into them, in seconds; a day is longer than
  ///   any work takes.
  static func removeAbandoned(in parent: String, age: Int = 86_400) {
    for name in names(in: parent) where name.hasPrefix(prefix) {
      let folder = TemporaryFolder(path: "\(parent)/\(name)")
      var status = stat()
      guard stat(folder.path, &status) == 0 else { continue }
      if time(nil) - status.st_mtim.tv_sec >= age { folder.remove() }
    }
  }

  private init(path: String) { self.path = path }
}
