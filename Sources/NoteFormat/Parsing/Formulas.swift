/// The dollar signs of a line, and the formulas between them.
///
/// As on GitHub, no blank follows an opening sign, none precedes a closing one, and no digit follows
/// it: `$5 and $10` are two prices.
struct DollarSigns {
  private let line: ArraySlice<UInt8>
  /// The single signs that can close a formula, and the double ones; the first one last.
  private(set) var closers: [Int] = []
  private var doubles: [Int] = []

  init(_ line: ArraySlice<UInt8>) {
    self.line = line
    var index = line.startIndex
    while index < line.endIndex {
      let byte = line[index]
      if byte == UInt8(ascii: "\\") {
        index += 2
        continue
      }
      if byte == UInt8(ascii: "$") {
        let next = index + 1 < line.endIndex ? line[index + 1] : 0
        if next == byte {
          doubles.append(index)
          index += 2
          continue
        }
        let isDigit = UInt8(ascii: "0")...UInt8(ascii: "9") ~= next
        if index > line.startIndex, !Self.isBlank(line[index - 1]), !isDigit {
          closers.append(index)
        }
      }
      index += 1
    }
    closers.reverse()
    doubles.reverse()
  }

  private static func isBlank(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t")
  }

  /// The inside of the formula that a sign opens; nil if it opens none.
  ///
  /// The signs must be asked for from left to right.
  mutating func formula(at start: Int) -> (range: Range<Int>, isDisplay: Bool)? {
    let next = start + 1 < line.endIndex ? line[start + 1] : 0
    if next == UInt8(ascii: "$") {
      while let first = doubles.last, first <= start { doubles.removeLast() }
      guard let end = doubles.last, line[(start + 2)..<end].contains(where: { !Self.isBlank($0) })
      else { return nil }
      return ((start + 2)..<end, true)
    }
    guard next != 0, !Self.isBlank(next) else { return nil }
    while let first = closers.last, first <= start + 1 { closers.removeLast() }
    guard let end = closers.last else { return nil }
    return ((start + 1)..<end, false)
  }
}

/// The formulas of a text that occupy whole lines, from a line that begins with `$$` to one that ends
/// with it.
struct DisplayFormulas {
  /// A formula on lines of its own.
  struct Found {
    /// The bytes before the formula on each of its lines: blanks, and the marks of quotes.
    var indentation: Int
    /// The number of its last line.
    var end: Int
    /// What stands on the first line behind the signs, and on the last one before them.
    var head: String
    var tail: String
  }

  /// The most lines of a formula, which bound the search for its end.
  private static let mostLines = 200

  private let source: SourceText
  /// The lines that end with `$$`, the first one first.
  private let closers: [Int]

  init(_ source: SourceText) {
    self.source = source
    guard source.contains("$$") else {
      closers = []
      return
    }
    closers = (1...source.lineCount).filter { Self.endsWithSigns(source[line: $0]) }
  }

  private static func endsWithSigns(_ line: ArraySlice<UInt8>) -> Bool {
    let line = trimmedEnd(line)
    return line.count >= 2 && line.suffix(2).allSatisfy { $0 == UInt8(ascii: "$") }
  }

  private static func trimmedEnd(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    var line = line
    while let last = line.last, last == UInt8(ascii: " ") || last == UInt8(ascii: "\t") {
      line.removeLast()
    }
    return line
  }

  /// The formula that begins on a line; nil if none does, or if it leaves its list or quote.
  func formula(at number: Int) -> Found? {
    let line = source[line: number]
    let prefix = Self.prefix(of: line)
    let rest = Self.trimmedEnd(line.dropFirst(prefix))
    guard rest.starts(with: "$$".utf8), let end = closer(after: number),
      end - number <= Self.mostLines
    else { return nil }
    let head = String(decoding: rest.dropFirst(2), as: UTF8.self)
    guard !head.contains("$$") else { return nil }
    let quotes = line.prefix(prefix).count { $0 == UInt8(ascii: ">") }
    for inner in (number + 1)...end {
      let line = source[line: inner]
      let isBlank = line.allSatisfy { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
      if isBlank, quotes == 0, inner < end { continue }
      guard line.prefix(prefix).count(where: { $0 == UInt8(ascii: ">") }) == quotes,
        line.count >= prefix || isBlank,
        line.prefix(prefix).allSatisfy({ $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: ">") }),
        !line.dropFirst(prefix).starts(with: "~~~~~~~~~~~~".utf8)
      else { return nil }
    }
    let last = Self.trimmedEnd(source[line: end].dropFirst(prefix)).dropLast(2)
    return Found(
      indentation: prefix, end: end, head: head.trimmed,
      tail: String(decoding: last, as: UTF8.self).trimmed)
  }

  private static func prefix(of line: ArraySlice<UInt8>) -> Int {
    line.prefix { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: ">") }.count
  }

  /// The first line after another that ends with `$$`, found by halving.
  private func closer(after number: Int) -> Int? {
    var (low, high) = (0, closers.count)
    while low < high {
      let middle = (low + high) / 2
      if closers[middle] > number { high = middle } else { low = middle + 1 }
    }
    return low < closers.count ? closers[low] : nil
  }
}
