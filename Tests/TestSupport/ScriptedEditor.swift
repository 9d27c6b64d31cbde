import FoundationEssentials
import Glibc

/// An editor's part, played by a script: each time it is opened it puts the next text into the file.
public enum ScriptedEditor {
  /// Writes the script into a folder.
  ///
  /// - Parameter contents: the files whose contents it puts there, one each time; the last one from
  ///   then on.
  /// - Returns: the script's path, for `EDITOR`.
  public static func make(in folder: String, writing contents: [String]) throws -> String {
    let path = folder + "/editor"
    let cases = contents.enumerated().map { index, file in
      let pattern = index == contents.count - 1 ? "*" : "\(index)"
      return "\(pattern)) cp '\(file)' \"$1\" ;;"
    }
    let script = """
      #!/bin/sh
      times=$(cat '\(path)-times' 2>/dev/null || echo 0)
      echo $((times + 1)) >'\(path)-times'
      case $times in
      \(cases.joined(separator: "\n"))
      esac
      """
    try Data(script.utf8).write(to: URL(filePath: path))
    chmod(path, 0o755)
    return path
  }
}
