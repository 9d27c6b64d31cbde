import Glibc
import ProgramSupport

/// A disk of a few pages and files of the test's own, so that each write in turn can be made to fail.
public final class SmallDisk {
  /// What limits it.
  public enum Limit: String, CaseIterable, Sendable {
    /// How many pages of 4 KiB there are.
    case pages
    /// How many files and folders there are.
    case files
  }

  public struct Failure: Error, CustomStringConvertible {
    public var description: String
  }

  public let path: String

  /// A disk with much room, mounted at a folder, which is made.
  public init(at path: String) throws {
    self.path = path
    try makeFolder(path)
    try Self.mount("size=1g,nr_inodes=65536", ["-t", "tmpfs", "pathfinder-test", path])
    // A limit of 0 pages would be none.
    try writeFile(path + "/ballast", Array(repeating: 0, count: 4096))
  }

  deinit {
    _ = try? Program.run("umount", ["-l", path])
  }

  /// Leaves room for so many more.
  public func leave(_ room: Int, of limit: Limit) throws {
    var disk = statvfs()
    statvfs(path, &disk)
    switch limit {
    case .pages:
      try remount("size=\((Int(disk.f_blocks) - Int(disk.f_bfree) + room) * Int(disk.f_bsize))")
    case .files: try remount("nr_inodes=\(Int(disk.f_files) - Int(disk.f_ffree) + room)")
    }
  }

  /// Makes much room again.
  public func makeRoom() throws {
    try remount("size=1g,nr_inodes=65536")
  }

  /// Allows no writing at all, or allows it again.
  public func setReadOnly(_ isReadOnly: Bool) throws {
    try remount(isReadOnly ? "ro" : "rw")
  }

  /// The contents of every file, by its path in the disk; a folder has none.
  public var contents: [String: [UInt8]?] {
    var contents: [String: [UInt8]?] = [:]
    func add(_ folder: String) {
      for name in names(in: "\(path)/\(folder)") where name != "ballast" {
        let file = folder + name
        if isFolder("\(path)/\(file)") {
          contents.updateValue(nil, forKey: file)
          add(file + "/")
        } else {
          contents[file] = try? readFile("\(path)/\(file)")
        }
      }
    }
    add("")
    return contents
  }

  private func remount(_ options: String) throws {
    try Self.mount("remount,\(options)", [path])
  }

  private static func mount(_ options: String, _ arguments: [String]) throws {
    let result = try Program.run("mount", ["-o", options] + arguments)
    guard result.exitCode == 0 else { throw Failure(description: result.errorOutput) }
  }
}
