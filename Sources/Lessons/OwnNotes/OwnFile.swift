import Glibc
import NoteFormat
import ProgramSupport

/// Reads Markdown files of the user, with a limit on their size.
enum OwnFile {
  static let maximumBytes = 4 << 20

  /// Reads a file.
  ///
  /// - Throws: a problem for a file that cannot be read, is too large, or is not text.
  static func read(_ file: String) throws(Problem) -> [UInt8] {
    func problem(_ message: String) -> Problem {
      Problem(file: file, position: SourcePosition(line: 1, column: 1), message: message)
    }
    var status = stat()
    guard stat(file, &status) == 0, access(file, R_OK) == 0 else {
      throw problem("this file cannot be read: \(String(cString: strerror(errno)))")
    }
    // The size is checked first, so that a huge file is rejected without being read.
    guard status.st_size <= maximumBytes else {
      throw problem("this file is larger than 4 MiB, too much for one note; split it")
    }
    let bytes: [UInt8]
    do throws(WorkbookError) { bytes = try readFile(file) } catch {
      throw problem(error.messages.joined(separator: "; "))
    }
    if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
      throw problem("this file is UTF-16; save it as UTF-8")
    }
    return bytes
  }

  /// The position of the first bytes that are not UTF-8; nil for a valid file.
  static func encodingProblem(of bytes: [UInt8], file: String) -> Problem? {
    guard let offset = firstInvalidOffset(in: bytes) else { return nil }
    let before = bytes[..<offset]
    let lineStart = before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
    return Problem(
      file: file,
      position: SourcePosition(
        line: before.count { $0 == UInt8(ascii: "\n") } + 1, column: offset - lineStart + 1),
      message: "this is not UTF-8 (byte \(offset)); what cannot be read is shown as \u{FFFD}")
  }

  private static func firstInvalidOffset(in bytes: [UInt8]) -> Int? {
    // Nearly every file is valid, which is checked quickly.
    guard String(validating: bytes, as: UTF8.self) == nil else { return nil }
    var decoder = UTF8.ForwardParser()
    var iterator = bytes.makeIterator()
    var offset = 0
    while true {
      switch decoder.parseScalar(from: &iterator) {
      case .valid(let scalar): offset += scalar.count
      case .emptyInput, .error: return offset
      }
    }
  }

  /// A file name without `.md` or `.markdown`.
  static func withoutEnding(_ name: String) -> String {
    for ending in [".md", ".markdown"] where name.lowercased().hasSuffix(ending) {
      return String(name.dropLast(ending.count))
    }
    return name
  }

  /// The absolute path of the folder that contains a file.
  static func folder(of file: String) throws(WorkbookError) -> String {
    let full = try absolutePath(file)
    let folder = full.lastIndex(of: "/").map { String(full[..<$0]) } ?? ""
    return folder.isEmpty ? "/" : folder
  }
}
