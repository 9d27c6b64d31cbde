import FoundationEssentials
import Glibc
import NoteFormat

/// The notes whose examples are left out of the program because they do not compile.
///
/// The script `workbook` writes the compiler's messages about them into a file and builds again, so
/// that one such note does not keep the others from being read. A note that was changed since then is
/// compiled as any other.
enum SetAside {
  /// The messages about one note; empty if its examples are to be compiled.
  ///
  /// - Parameters:
  ///   - list: the file with one line for each message: `notes/02-nat.md:9:3: error: …`.
  ///   - file: the note's path as messages begin with it.
  ///   - path: the note.
  static func problems(in list: String, of file: String, at path: String) -> [Problem] {
    guard let data = try? Data(contentsOf: URL(filePath: list)), !data.isEmpty,
      let listed = modification(of: list), let changed = modification(of: path), changed <= listed
    else { return [] }
    let lines = String(decoding: data, as: UTF8.self).split(separator: "\n")
    return lines.compactMap { problem(in: $0, of: file) }
  }

  private static func problem(in line: Substring, of file: String) -> Problem? {
    guard line.hasPrefix(file + ":") else { return nil }
    let parts = line.dropFirst(file.count + 1).split(separator: ":", maxSplits: 3)
    guard parts.count == 4, let number = Int(parts[0]), let column = Int(parts[1]) else {
      return nil
    }
    return Problem(
      file: file, position: SourcePosition(line: number, column: column),
      message: String(parts[3].drop { $0 == " " }))
  }

  /// The time of the last change, in nanoseconds.
  private static func modification(of path: String) -> Int? {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    return status.st_mtim.tv_sec * 1_000_000_000 + status.st_mtim.tv_nsec
  }
}
