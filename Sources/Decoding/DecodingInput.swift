import Capture
import FoundationEssentials
import Glibc
import NoteFormat
public import ProgramSupport
import STUNCodec

/// What is to be decoded: the frames of a capture, or one message.
public enum DecodingInput: Sendable {
  case capture([UInt8], name: String)
  case message([UInt8])

  /// What the words of the command line mean: a file's name, or bytes in hexadecimal; with none, or
  /// with `-`, standard input.
  ///
  /// - Throws: `WorkbookError.badData` with line and column where the text is no bytes, `missing` for
  ///   a file that cannot be read.
  public init(_ words: [String]) throws(WorkbookError) {
    if words.isEmpty || words == ["-"] {
      self = try Self.reading(FileHandleBytes.standardInput(), name: "standard input")
    } else if words.count == 1, words[0].contains("/") || access(words[0], F_OK) == 0 {
      self = try Self.reading(try readFile(words[0]), name: words[0])
    } else {
      self = .message(try Self.hexadecimal(words.joined(separator: " "), name: "arguments"))
    }
  }

  /// Bytes of a file: a capture, a message as it is, or the text of one in hexadecimal.
  private static func reading(
    _ bytes: [UInt8], name: String
  ) throws(WorkbookError) -> DecodingInput {
    if CaptureFile.isCapture(bytes) { return .capture(bytes, name: name) }
    // No text has the cookie in these places.
    if bytes.count >= 8, bytes[4..<8].elementsEqual([0x21, 0x12, 0xA4, 0x42]) {
      return .message(bytes)
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw problem("neither a capture, nor a STUN message, nor hexadecimal text", in: name)
    }
    return .message(try hexadecimal(text, name: name))
  }

  private static func hexadecimal(
    _ text: String, name: String
  ) throws(WorkbookError) -> [UInt8] {
    do throws(HexTextError) {
      return try HexText.bytes(text)
    } catch {
      let message = error.problem == .empty ? "no bytes are here" : error.description
      throw problem(message, in: name, line: error.line, column: error.column)
    }
  }

  static func problem(
    _ message: String, in name: String, line: Int = 1, column: Int = 1
  ) -> WorkbookError {
    .badData([
      Problem(file: name, position: SourcePosition(line: line, column: column), message: message)
    ])
  }
}

private enum FileHandleBytes {
  /// All of standard input.
  static func standardInput() -> [UInt8] {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = read(STDIN_FILENO, &buffer, buffer.count)
      if count > 0 {
        bytes += buffer[..<count]
      } else if count == 0 || errno != EINTR {
        return bytes
      }
    }
  }
}
