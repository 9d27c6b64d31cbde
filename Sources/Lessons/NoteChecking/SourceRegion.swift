import NoteFormat
import ProgramSupport

/// The lines of a source file between `// snippet.NAME` and `// snippet.end`.
enum SourceRegion {
  enum Failure: Error {
    case noFile
    case noRegion(known: [String])
  }

  /// The lines of the region without their common indentation.
  static func text(
    path: String, region: String, in workspace: Workspace
  ) throws(Failure) -> String {
    let full = workspace.root + "/" + path
    // A note may quote only files of the project.
    guard !path.hasPrefix("/"), !path.split(separator: "/").contains(".."),
      let bytes = try? readFile(full)
    else { throw .noFile }
    var known: [String] = []
    var lines: [String]?
    for line in String(decoding: bytes, as: UTF8.self).split(
      separator: "\n", omittingEmptySubsequences: false)
    {
      let words = line.split(separator: " ")
      if words.count == 2, words[0] == "//", words[1].hasPrefix("snippet.") {
        let name = words[1].dropFirst("snippet.".count)
        if name == "end" {
          if let lines { return withoutSharedIndentation(lines) }
        } else {
          known.append(String(name))
          if name == region { lines = [] }
        }
      } else {
        lines?.append(String(line))
      }
    }
    throw .noRegion(known: known)
  }

  private static func withoutSharedIndentation(_ lines: [String]) -> String {
    let shared =
      lines.filter { !$0.allSatisfy { $0 == " " } }
      .map { $0.prefix { $0 == " " }.count }.min() ?? 0
    return lines.map { $0.dropFirst(shared) + "\n" }.joined()
  }
}
