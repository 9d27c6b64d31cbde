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
      guard marked || names(in: path).allSatisfy({ $0 == Self.stage }) else {
        throw .missing(
          "\(path) holds something else than an earlier export",
          remedy: "name a folder that is empty or not there yet")
      }
    } else if access(path, F_OK) == 0 {
      throw .missing("\(path) is no folder", remedy: "name one that is empty or not there yet")
    }
  }

  /// Writes the site as a whole, and removes files of an earlier export that no longer exist.
  ///
  /// Every file is written into a folder of its own first, and takes its place once all are written: on
  /// failure the earlier export stays as it is.
  /// - Returns: the number of files that are new or different.
  /// - Throws: `WorkbookError.missing` if a file that no export wrote is in the way; `notWritten` if a
  ///   file cannot be written.
  @discardableResult
  public func write(_ site: HTMLSite) throws(WorkbookError) -> Int {
    let old = earlierFiles
    let new = Set(site.files.keys)
    for file in new.subtracting(old).sorted() where access("\(path)/\(file)", F_OK) == 0 {
      throw .missing(
        "\(path)/\(file) is in the way and was not written by an export",
        remedy: "move it elsewhere")
    }
    var made = try makeFolder(path)
    removeStage()
    do throws(WorkbookError) {
      let changed = site.files.filter { file, bytes in
        (try? readFile("\(path)/\(file)")) != bytes
      }
      made += try stage(changed, markers: (old.union(new), new))
      try putInPlace(changed.keys.sorted())
      for file in old.subtracting(new).sorted() { remove(file) }
      try rename(Self.lastMarker, to: Self.marker)
      removeStage()
      return changed.count
    } catch {
      removeStage()
      // Half of a first export is none; what was there before holds none of these names.
      if old.isEmpty { for file in new.union([Self.marker]) { unlink("\(path)/\(file)") } }
      for folder in made.reversed() { rmdir(folder) }
      throw error
    }
  }

  // MARK: The stage

  /// The folder of files that are not yet all written; an export that was killed may leave it.
  private static let stage = ".workbook-export-new"
  private static let firstMarker = "marker-1"
  private static let lastMarker = "marker-2"

  /// Writes the files into the stage, and makes the folders that they will be in.
  ///
  /// - Returns: the folders that were not there.
  private func stage(
    _ files: [String: [UInt8]], markers: (first: Set<String>, last: Set<String>)
  ) throws(WorkbookError) -> [String] {
    let stage = "\(path)/\(Self.stage)"
    try makeFolder(stage + "/files")
    try writeFile(
      "\(stage)/\(Self.firstMarker)", Self.text(ofMarker: markers.first), durably: false)
    try writeFile("\(stage)/\(Self.lastMarker)", Self.text(ofMarker: markers.last), durably: false)
    var made: [String] = []
    do throws(WorkbookError) {
      for (file, bytes) in files {
        if let slash = file.lastIndex(of: "/") {
          try makeFolder("\(stage)/files/\(file[..<slash])")
          made += try makeFolder("\(path)/\(file[..<slash])")
        }
        try writeFile("\(stage)/files/\(file)", bytes)
      }
    } catch {
      for folder in made.reversed() { rmdir(folder) }
      throw error
    }
    return made
  }

  private func putInPlace(_ files: [String]) throws(WorkbookError) {
    // If the export is interrupted, the marker lists at least every file that was written.
    try rename(Self.firstMarker, to: Self.marker)
    for file in files { try rename("files/" + file, to: file) }
  }

  private func rename(_ staged: String, to file: String) throws(WorkbookError) {
    guard Glibc.rename("\(path)/\(Self.stage)/\(staged)", "\(path)/\(file)") == 0 else {
      throw .notWritten("write \(path)/\(file)", errno)
    }
  }

  private func removeStage() {
    Self.removeTree("\(path)/\(Self.stage)")
  }

  private static func removeTree(_ path: String) {
    guard unlink(path) != 0, errno != ENOENT else { return }
    for name in names(in: path) { removeTree("\(path)/\(name)") }
    rmdir(path)
  }

  // MARK: The marker

  private var earlierFiles: Set<String> {
    guard let bytes = try? readFile(path + "/" + Self.marker) else { return [] }
    let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n").dropFirst()
    // A manipulated marker must not lead outside the folder.
    return Set(
      lines.map(String.init).filter { file in
        !file.hasPrefix("/") && !file.split(separator: "/").contains { $0 == ".." || $0 == "." }
      })
  }

  private static func text(ofMarker files: Set<String>) -> String {
    ([markerTitle] + files.sorted()).map { $0 + "\n" }.joined()
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
