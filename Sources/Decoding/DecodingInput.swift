public import Capture
import FoundationEssentials
import Glibc
import NoteFormat
public import ProgramSupport
import STUNCodec

/// A capture that is read frame by frame.
public struct CaptureSource {
  private let name: String
  /// Where it has been begun to be read; nil for a file, which can be opened again.
  private let input: CaptureInput?

  init(_ input: CaptureInput, name: String, isFile: Bool) {
    self.name = name
    self.input = isFile ? nil : input
  }

  /// A descriptor that ends a source that cannot be read again, when it becomes readable.
  public var interruptDescriptor: Int32?

  /// Whether it can be read more than once.
  public var isRereadable: Bool { input == nil }

  /// Gives each frame to `body`, and says what is wrong with the end where it is torn.
  ///
  /// - Parameter beforeWaiting: called before the source has to be waited for: the place to flush
  ///   what has been printed.
  /// - Throws: `WorkbookError.badData` for a capture of which no frame can be read.
  public func read(
    beforeWaiting: @escaping () -> Void = {}, _ body: (CapturedFrame) -> Void
  ) throws(WorkbookError) -> String? {
    var hasFrames = false
    do throws(CaptureError) {
      let input = if let input { input } else { try CaptureInput.open(name) }
      input.beforeWaiting = beforeWaiting
      input.interruptDescriptor = interruptDescriptor
      var reader = CaptureReader(input)
      while let frame = try reader.nextFrame() {
        hasFrames = true
        body(frame)
      }
      return nil
    } catch {
      // A torn end, as of a capture that was killed, does not spoil what came before it.
      guard hasFrames else { throw DecodingInput.problem(error.description, in: name) }
      return error.description
    }
  }
}

/// What is to be decoded: the frames of a capture, or one message.
public enum DecodingInput {
  /// A capture, which is read frame by frame.
  case capture(CaptureSource)
  /// One message, or bytes that are none.
  case message([UInt8])

  /// What the words of the command line mean: a file's name, or bytes in hexadecimal; with none, or
  /// with `-`, standard input.
  ///
  /// - Throws: `WorkbookError.badData` with line and column where the text is no bytes, `missing` for
  ///   a file that cannot be read.
  public init(_ words: [String]) throws(WorkbookError) {
    if words.isEmpty || words == ["-"] {
      self = try Self.reading(
        CaptureInput(descriptor: STDIN_FILENO), name: "standard input", isFile: false)
    } else if words.count == 1, words[0].contains("/") || access(words[0], F_OK) == 0 {
      let input: CaptureInput
      do throws(CaptureError) {
        input = try CaptureInput.open(words[0])
      } catch {
        throw .missing("\(words[0]) cannot be read: \(error.description)", remedy: nil)
      }
      var status = stat()
      let isFile = stat(words[0], &status) == 0 && status.st_mode & S_IFMT == S_IFREG
      self = try Self.reading(input, name: words[0], isFile: isFile)
    } else {
      self = .message(try Self.hexadecimal(words.joined(separator: " "), name: "arguments"))
    }
  }

  /// What an input holds: a capture, a message as it is, or the text of one in hexadecimal.
  private static func reading(
    _ input: CaptureInput, name: String, isFile: Bool
  ) throws(WorkbookError) -> DecodingInput {
    if CaptureFile.isCapture(input.peek(16)) {
      return .capture(CaptureSource(input, name: name, isFile: isFile))
    }
    let bytes: [UInt8]
    do throws(CaptureError) {
      bytes = try input.rest(most: 1 << 24)
    } catch {
      throw problem(error.description, in: name)
    }
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
      throw problem(error.message, in: name, line: error.line, column: error.column)
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
