/// Bytes as people paste them: plain hexadecimal, with `0x`, commas or colons, as C arrays, or as
/// dumps of xxd, hexdump and Wireshark with offsets before and characters behind.
public enum HexText {
  /// The bytes that the text spells.
  ///
  /// A line that opens with an offset which is the count of the bytes so far is a dump's line: what
  /// stands behind its bytes is not read.
  ///
  /// - Throws: `HexTextError` at the first thing that is no byte, or when there is none at all.
  public static func bytes(_ text: String) throws(HexTextError) -> [UInt8] {
    var bytes: [UInt8] = []
    var lineNumber = 0
    var isDump = false
    let lines = Array(text.utf8).split(
      separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    for line in lines {
      lineNumber += 1
      var characters = Array(line)
      if characters.last == UInt8(ascii: "\r") { characters.removeLast() }
      let start = dumpStart(of: characters, after: bytes.count)
      isDump = isDump || start > 0
      // hexdump ends with the offset behind the last byte.
      if isDump, isBareOffset(characters, bytes.count) { continue }
      let end = start > 0 ? dumpEnd(of: characters, from: start) : characters.count
      try read(characters, start..<end, line: lineNumber, into: &bytes)
    }
    guard !bytes.isEmpty else { throw HexTextError(line: 1, column: 1, problem: .empty) }
    return bytes
  }

  /// Where a dump's bytes begin: behind an offset, its colon and its spaces; 0 where there is none.
  private static func dumpStart(of line: [UInt8], after count: Int) -> Int {
    var index = 0
    while index < line.count, isSpace(line[index]) { index += 1 }
    let first = index
    var offset = 0
    while index < line.count, let digit = digit(line[index]), index - first < 9 {
      offset = offset << 4 | Int(digit)
      index += 1
    }
    guard (4...8).contains(index - first), offset == count, index < line.count else { return 0 }
    let hasColon = line[index] == UInt8(ascii: ":")
    if hasColon { index += 1 }
    var spaces = 0
    while index < line.count, isSpace(line[index]) {
      index += 1
      spaces += 1
    }
    // "0000 0100" might be bytes: an offset without a colon is followed by two spaces or more.
    guard index < line.count, spaces >= (hasColon ? 1 : 2) else { return 0 }
    return index
  }

  private static func isBareOffset(_ line: [UInt8], _ count: Int) -> Bool {
    let digits = line.filter { !isSpace($0) }
    guard (4...8).contains(digits.count) else { return false }
    return digits.reduce(0) { value, character in
      value < 0 ? value : digit(character).map { value << 4 | Int($0) } ?? -1
    } == count
  }

  /// Where a dump's bytes end and its characters begin.
  private static func dumpEnd(of line: [UInt8], from start: Int) -> Int {
    if let bar = line[start...].firstIndex(of: UInt8(ascii: "|")) { return bar }
    var digits = 0
    var index = start
    while index < line.count {
      if isSpace(line[index]) {
        let gap = line[index...].prefix(while: isSpace).count
        // Some dumps leave two spaces in the middle of sixteen bytes.
        let isMiddle =
          gap == 2 && digits == 16 && digit(line[min(index + gap, line.count - 1)]) != nil
        if gap > 1, !isMiddle || !hasByte(line, at: index + gap) { return index }
        index += gap
      } else {
        guard digit(line[index]) != nil else { return line.count }
        digits += 1
        index += 1
      }
      if digits == 32 { return index }
    }
    return line.count
  }

  /// Whether exactly two digits stand here.
  private static func hasByte(_ line: [UInt8], at index: Int) -> Bool {
    guard index + 1 < line.count, digit(line[index]) != nil, digit(line[index + 1]) != nil else {
      return false
    }
    return index + 2 >= line.count || isSpace(line[index + 2])
  }

  private static func read(
    _ line: [UInt8], _ range: Range<Int>, line lineNumber: Int, into bytes: inout [UInt8]
  ) throws(HexTextError) {
    var index = range.lowerBound
    while index < range.upperBound {
      let character = line[index]
      if isSeparator(character) {
        index += 1
        continue
      }
      let isPrefix =
        index + 1 < range.upperBound && (line[index + 1] | 0x20) == UInt8(ascii: "x")
        && (character == UInt8(ascii: "0") || character == UInt8(ascii: "\\"))
      if isPrefix {
        index += 2
        continue
      }
      guard let high = digit(character) else {
        throw HexTextError(line: lineNumber, column: index + 1, problem: .notADigit)
      }
      guard index + 1 < range.upperBound, let low = digit(line[index + 1]) else {
        throw HexTextError(line: lineNumber, column: index + 1, problem: .loneDigit)
      }
      bytes.append(high << 4 | low)
      index += 2
    }
  }

  private static func isSpace(_ character: UInt8) -> Bool {
    character == UInt8(ascii: " ") || character == UInt8(ascii: "\t")
  }

  private static func isSeparator(_ character: UInt8) -> Bool {
    switch character {
    case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: ":"), UInt8(ascii: ","),
      UInt8(ascii: "-"), UInt8(ascii: ";"), UInt8(ascii: "{"), UInt8(ascii: "}"),
      UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "["), UInt8(ascii: "]"):
      true
    default: false
    }
  }

  private static func digit(_ character: UInt8) -> UInt8? {
    switch character {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): character - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): character - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): character - UInt8(ascii: "A") + 10
    default: nil
    }
  }
}

/// What keeps a text from being read as bytes, and where.
public struct HexTextError: Error, Hashable, Sendable {
  /// The kinds of error.
  public enum Problem: Hashable, Sendable {
    case empty
    case notADigit
    case loneDigit
  }

  /// The line, counted from 1.
  public let line: Int
  /// The column in UTF-8 bytes, counted from 1.
  public let column: Int
  /// The kind of error.
  public let problem: Problem

  /// Creates an error at a position.
  public init(line: Int, column: Int, problem: Problem) {
    (self.line, self.column, self.problem) = (line, column, problem)
  }
}

extension HexTextError: CustomStringConvertible {
  /// One sentence with the position.
  public var description: String {
    problem == .empty ? message : "line \(line), column \(column): \(message)"
  }

  /// One sentence without the position.
  public var message: String {
    switch problem {
    case .empty: "no bytes are here"
    case .notADigit: "this is not a hexadecimal digit"
    case .loneDigit: "a byte needs two hexadecimal digits; this one stands alone"
    }
  }
}
