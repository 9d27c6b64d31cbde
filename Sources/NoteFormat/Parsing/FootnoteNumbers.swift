/// The numbers of a note's footnotes, in the order in which the text refers to them.
struct FootnoteNumbers {
  private(set) var byName: [String: Int] = [:]

  /// No footnotes.
  init() {}

  /// Finds the footnotes that are defined in a text.
  ///
  /// - Complexity: O(*n*) in the length of the text.
  init(_ source: SourceText) {
    guard source.contains("[^") else { return }
    var defined: Set<String> = []
    var order: [String] = []
    for number in 1...source.lineCount {
      let line = source[line: number]
      var index = line.startIndex
      while let mark = FootnoteMark(in: line, from: index) {
        if mark.isDefinition { defined.insert(mark.name) } else { order.append(mark.name) }
        index = mark.range.upperBound
      }
    }
    for name in order + defined.sorted() where defined.contains(name) && byName[name] == nil {
      byName[name] = byName.count + 1
    }
  }
}

/// A `[^name]` in a line, or a `[^name]:` at its beginning.
struct FootnoteMark {
  var name: String
  /// The bytes of the line that it occupies, without a colon.
  var range: Range<Int>
  var isDefinition: Bool

  private static let longestName = 64

  /// The next mark of a line; nil if there is none.
  init?(in line: ArraySlice<UInt8>, from start: Int) {
    var index = start
    while index + 3 < line.endIndex {
      if line[index] == UInt8(ascii: "["), line[index + 1] == UInt8(ascii: "^"),
        let mark = FootnoteMark(in: line, at: index)
      {
        self = mark
        return
      }
      index += 1
    }
    return nil
  }

  /// The mark at one place of a line; nil if none begins there.
  init?(in line: ArraySlice<UInt8>, at start: Int) {
    let rest = line[start...].dropFirst(2).prefix(Self.longestName + 1)
    guard let end = rest.firstIndex(of: UInt8(ascii: "]")), end > rest.startIndex else {
      return nil
    }
    let bytes = rest[..<end]
    guard bytes.allSatisfy({ $0 > 0x20 && $0 != UInt8(ascii: "[") && $0 != UInt8(ascii: "^") })
    else { return nil }
    name = String(decoding: bytes, as: UTF8.self)
    range = start..<(end + 1)
    let before = line[..<start]
    isDefinition =
      before.count <= 3 && before.allSatisfy { $0 == UInt8(ascii: " ") }
      && end + 1 < line.endIndex && line[end + 1] == UInt8(ascii: ":")
  }
}
