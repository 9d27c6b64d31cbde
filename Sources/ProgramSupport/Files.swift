import FoundationEssentials
import Glibc

/// Whether a file, not a folder, exists at the path.
public func isFile(_ path: String) -> Bool {
  var status = stat()
  return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
}

/// Whether a folder exists at the path.
public func isFolder(_ path: String) -> Bool {
  var status = stat()
  return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
}

/// Reads the contents of a file.
///
/// - Throws: `WorkbookError.missing` with the system's reason.
public func readFile(_ path: String) throws(WorkbookError) -> [UInt8] {
  do {
    return [UInt8](try Data(contentsOf: URL(filePath: path)))
  } catch {
    throw .missing(
      "cannot read \(path): \(systemReason(for: path, mode: R_OK))", remedy: nil)
  }
}

/// The names in a folder, sorted; empty if there is no such folder.
public func names(in folder: String) -> [String] {
  ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
}

private func systemReason(for path: String, mode: Int32) -> String {
  guard access(path, mode) != 0 else { return "it is no file" }
  return String(cString: strerror(errno))
}

/// The absolute form of a path, which need not exist.
///
/// - Throws: `WorkbookError.missing` if the current folder no longer exists.
public func absolutePath(_ path: String) throws(WorkbookError) -> String {
  guard !path.hasPrefix("/") else { return path }
  guard let folder = getcwd(nil, 0) else {
    throw .missing("the current folder is gone", remedy: "change to one that exists")
  }
  defer { free(folder) }
  return String(cString: folder) + "/" + path
}
