import Glibc
import ProgramSupport

/// A temporary folder, removed at the end of its lifetime.
struct TemporaryFolder {
  let path: String

  init(in parent: String) throws(WorkbookError) {
    var template = Array((parent + "/work-XXXXXX").utf8CString)
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
}
