import Glibc
import Lessons
public import ProgramSupport

/// The output folder of a site.
///
/// Only files of an earlier export, which are listed in a marker file, are replaced or removed.
public struct SiteFolder: Sendable {
  /// The path of the folder.
  public let path: String
  /// The name of the marker file.
  public static let marker = ".workbook-export"
  private static let markerTitle = "What 'workbook export' wrote here and may replace:"

  /// Opens or creates a folder for a site.
  ///
  /// - Throws: `WorkbookError.missing` if the folder contains anything but an earlier export.
  public init(_ path: String) throws(WorkbookError) {
    var path = path
    while path.count > 1, path.hasSuffix("/") { path.removeLast() }
    self.path = path
    if isFolder(path) {
      let marked = isFile(path + "/" + Self.marker)
      guard marked || names(in: path).isEmpty else {
        throw .missing(
          "\(path) holds something else than an earlier export",
          remedy: "name a folder that is empty or not there yet")
      }
    } else if access(path, F_OK) == 0 {
      throw .missing("\(path) is no folder", remedy: "name one that is empty or not there yet")
    }
  }

  /// Writes every file atomically, and removes files of an earlier export that no longer exist.
  ///
  /// - Returns: the number of files that are new or different.
  /// - Throws: `WorkbookError.missing` if a file that no export wrote is in the way, or if a file cannot
  ///   be written; the marker then still lists every file that was written.
  @discardableResult
  public func write(_ site: HTMLSite) throws(WorkbookError) -> Int {
    let old = earlierFiles
    let new = Set(site.files.keys)
    for file in new.subtracting(old).sorted() where access("\(path)/\(file)", F_OK) == 0 {
      throw .missing(
        "\(path)/\(file) is in the way and was not written by an export",
        remedy: "move it elsewhere")
    }
    try makeFolder(path)
    // If the export is interrupted, the marker lists at least every file that was written.
    try writeMarker(old.union(new))
    var changed = 0
    for (file, bytes) in site.files.sorted(by: { $0.key < $1.key }) {
      if let present = try? readFile("\(path)/\(file)"), present == bytes { continue }
      if let slash = file.lastIndex(of: "/") { try makeFolder("\(path)/\(file[..<slash])") }
      try writeFile("\(path)/\(file)", bytes)
      changed += 1
    }
    for file in old.subtracting(new).sorted() { remove(file) }
    try writeMarker(new)
    return changed
  }

  private var earlierFiles: Set<String> {
    guard let bytes = try? readFile(path + "/" + Self.marker) else { return [] }
    let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n").dropFirst()
    // A manipulated marker must not lead outside the folder.
    return Set(
      lines.map(String.init).filter { file in
        !file.hasPrefix("/") && !file.split(separator: "/").contains { $0 == ".." || $0 == "." }
      })
  }

  private func writeMarker(_ files: Set<String>) throws(WorkbookError) {
    let text = ([Self.markerTitle] + files.sorted()).map { $0 + "\n" }.joined()
    try writeFile(path + "/" + Self.marker, Array(text.utf8))
  }

  /// Removes a file and the folders that become empty.
  private func remove(_ file: String) {
    unlink("\(path)/\(file)")
    var folder = file[...]
    while let slash = folder.lastIndex(of: "/") {
      folder = folder[..<slash]
      guard rmdir("\(path)/\(folder)") == 0 else { return }
    }
  }
}
