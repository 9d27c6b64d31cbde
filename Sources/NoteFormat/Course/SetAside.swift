/// The list of notes that do not compile, whose examples are left out of the program.
///
/// The script `workbook` writes the compiler's messages about them into a file and builds again, so
/// that one such note does not keep the others' examples from running. Where the list is older than
/// the note, it says nothing about the note.
public enum SetAside {
  /// The path of the list below the project's root.
  public static let path = ".build/workbook-set-aside"

  /// The messages about one note; empty if there are none.
  ///
  /// - Parameters:
  ///   - list: the list's text, one line for each message: `notes/02-nat.md:9:3: error: …`.
  ///   - file: the note's path as messages begin with it.
  /// - Complexity: O(*n*) in the length of the list.
  public static func problems(in list: String, of file: String) -> [Problem] {
    list.split(separator: "\n").compactMap { problem(in: $0, of: file) }
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
}
