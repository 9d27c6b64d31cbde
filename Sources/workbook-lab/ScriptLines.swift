import Glibc
import ProgramSupport

/// Lines of a file or of standard input, counted.
struct ScriptLines: ~Copyable {
  private let descriptor: Int32
  /// Bytes that were read, of which those before `start` have been given out.
  private var buffer: [UInt8] = []
  private var start = 0
  private var isAtEnd = false
  /// Memory for one read.
  private var piece = [UInt8](repeating: 0, count: 1 << 16)
  /// How many lines have been given out.
  private(set) var number = 0

  /// - Parameter file: nil for standard input.
  /// - Throws: `WorkbookError.missing` where the file cannot be read.
  init(file: String?) throws(WorkbookError) {
    guard let file else {
      descriptor = STDIN_FILENO
      return
    }
    // What it says where the file is none or is missing is said in one place.
    buffer = try readFile(file)
    descriptor = -1
    isAtEnd = true
  }

  /// The next line without its end; nil behind the last.
  ///
  /// - Parameter flush: called before a read that has to wait because no more input has come yet.
  mutating func next(beforeWaiting flush: () -> Void) -> String? {
    var searched = start
    while true {
      if let end = lineFeed(from: searched) {
        return take(upTo: end, rest: end + 1)
      }
      searched = buffer.count
      guard !isAtEnd else { break }
      if start > 0 {
        buffer.removeSubrange(..<start)
        (searched, start) = (searched - start, 0)
      }
      read(beforeWaiting: flush)
    }
    return start < buffer.count ? take(upTo: buffer.count, rest: buffer.count) : nil
  }

  private func lineFeed(from position: Int) -> Int? {
    buffer.withUnsafeBytes { bytes in
      guard position < bytes.count, let base = bytes.baseAddress,
        let found = memchr(base + position, 0x0A, bytes.count - position)
      else { return nil }
      return UnsafeRawPointer(found) - base
    }
  }

  private mutating func take(upTo end: Int, rest: Int) -> String {
    var last = end
    // As `readLine` has it: a line can end with a carriage return and a line feed.
    if rest > end, last > start, buffer[last - 1] == 0x0D { last -= 1 }
    let line = String(decoding: buffer[start..<last], as: UTF8.self)
    start = rest
    number += 1
    return line
  }

  private mutating func read(beforeWaiting flush: () -> Void) {
    var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    if poll(&waiting, 1, 0) == 0 { flush() }
    var count = -1
    let descriptor = descriptor
    piece.withUnsafeMutableBytes { bytes in
      repeat {
        count = Glibc.read(descriptor, bytes.baseAddress, bytes.count)
      } while count < 0 && errno == EINTR
    }
    if count > 0 { buffer.append(contentsOf: piece[..<count]) } else { isAtEnd = true }
  }
}
