/// The normalized text of a note, with an index of its lines.
///
/// Any bytes are accepted: invalid UTF-8 and NUL become U+FFFD, a byte order mark is removed, and
/// every line ending becomes a line feed.
struct SourceText {
  let file: String
  let bytes: [UInt8]
  private let lineStarts: [Int]

  init(file: String, bytes raw: [UInt8]) {
    var normalised: [UInt8] = []
    normalised.reserveCapacity(raw.count)
    var index = raw.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    while index < raw.count {
      switch raw[index] {
      case UInt8(ascii: "\r"):
        normalised.append(UInt8(ascii: "\n"))
        if index + 1 < raw.count, raw[index + 1] == UInt8(ascii: "\n") { index += 1 }
      case 0:
        normalised += [0xEF, 0xBF, 0xBD]
      case let byte:
        normalised.append(byte)
      }
      index += 1
    }
    self.init(file: file, text: String(decoding: normalised, as: UTF8.self))
  }

  /// Creates a source from text whose only line endings are line feeds.
  init(file: String, text: String) {
    self.file = file
    bytes = Array(text.utf8)
    var starts = [0]
    for (offset, byte) in bytes.enumerated() where byte == UInt8(ascii: "\n") {
      starts.append(offset + 1)
    }
    lineStarts = starts
  }

  /// Whether an ASCII text of one or two characters occurs.
  func contains(_ needle: StaticString) -> Bool {
    needle.withUTF8Buffer { needle in
      guard needle.count == 2 else { return bytes.contains(needle[0]) }
      var previous: UInt8 = 0
      for byte in bytes {
        if previous == needle[0], byte == needle[1] { return true }
        previous = byte
      }
      return false
    }
  }

  var lineCount: Int { lineStarts.count }

  /// The line with this number, counted from 1, without its line feed; empty past the end.
  subscript(line number: Int) -> ArraySlice<UInt8> {
    guard lineStarts.indices.contains(number - 1) else { return [] }
    let start = lineStarts[number - 1]
    return bytes[start..<(number < lineStarts.count ? lineStarts[number] - 1 : bytes.count)]
  }

  /// The text from this line to the end.
  func text(fromLine number: Int) -> String {
    guard lineStarts.indices.contains(number - 1) else { return "" }
    return String(decoding: bytes[lineStarts[number - 1]...], as: UTF8.self)
  }

  /// The text of these lines, including line feeds.
  func text(_ lines: Range<Int>) -> String {
    guard lineStarts.indices.contains(lines.lowerBound - 1) else { return "" }
    let end =
      lineStarts.indices.contains(lines.upperBound - 1)
      ? lineStarts[lines.upperBound - 1] : bytes.count
    return String(decoding: bytes[lineStarts[lines.lowerBound - 1]..<end], as: UTF8.self)
  }

  /// The next position of `needle` in the line of `position`, at most 4 KiB after it.
  func firstPosition(of needle: String, from position: SourcePosition) -> SourcePosition? {
    let needle = Array(needle.utf8)
    let line = self[line: position.line].dropFirst(position.column - 1).prefix(4096)
    guard let first = needle.first else { return nil }
    for start in line.indices where line[start] == first && line[start...].starts(with: needle) {
      return SourcePosition(
        line: position.line, column: position.column + start - line.startIndex)
    }
    return nil
  }
}
