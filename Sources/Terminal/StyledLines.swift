/// Lines of styled text in one buffer, for output of thousands of lines.
///
/// `[StyledText]` needs an array and strings for each line; here a line costs no more than its
/// characters. The text is prepared for one presentation as it is appended.
public struct StyledLines: Sendable {
  /// A run of bytes in one style; it begins where the one before it ends.
  struct Run {
    var end: Int
    var role: TextRole
    var emphasis: Emphasis
  }

  /// The presentation that the text is prepared for.
  public let presentation: Presentation
  /// The characters of all lines as UTF-8, without line feeds.
  private(set) var bytes: [UInt8] = []
  /// The runs of all lines. As in `StyledText`, none is empty, and neighbors in a line differ in style.
  private(set) var runs: [Run] = []
  /// For each line the number of runs up to its end.
  private(set) var lineEnds: [Int] = []
  /// Where the line that is being written begins, in bytes.
  private var lineStart = 0
  /// Where lines of a text break; kept for its memory.
  private var breaks: [Range<Int>] = []

  /// No lines yet.
  public init(_ presentation: Presentation) {
    self.presentation = presentation
  }

  /// The number of lines.
  public var count: Int { lineEnds.count }

  /// Removes the lines and keeps their memory.
  public mutating func removeAll() {
    bytes.removeAll(keepingCapacity: true)
    runs.removeAll(keepingCapacity: true)
    lineEnds.removeAll(keepingCapacity: true)
    lineStart = 0
  }

  // MARK: - Whole lines

  /// Appends a text as one line, or as several where it has line feeds.
  public mutating func append(_ text: StyledText = StyledText()) {
    if appendPlainColumns(text) { return endLine() }
    for line in presentation.prepared(text).lines { append(prepared: line) }
  }

  /// Appends a text wrapped to lines of at most `width` columns.
  ///
  /// - Parameters:
  ///   - width: the maximum width in columns; less than 1 counts as 1.
  ///   - indent: the number of spaces before every line but the first.
  /// - Complexity: O(n).
  public mutating func append(_ text: StyledText, wrappedTo width: Int, indent: Int = 0) {
    let start = bytes.count
    let runCount = runs.count
    guard !text.spans.contains(where: { $0.role == .code }), appendPlainColumns(text) else {
      let indent = StyledText(String(repeating: " ", count: indent))
      let prepared = presentation.prepared(text)
      for line in prepared.wrapped(to: width, continuation: indent) { append(prepared: line) }
      return
    }
    if bytes.count - start <= width, bytes.last != UInt8(ascii: " ") || bytes.count == start {
      return endLine()
    }
    // The text stands behind the last line; its lines are copied from there, then it is removed.
    bytes.withUnsafeBufferPointer { buffer in
      breakLines(
        of: UnsafeBufferPointer(rebasing: buffer[start...]), to: width, indent: indent,
        into: &breaks)
    }
    let styles = Array(runs[runCount...])
    let source = Array(bytes[start...])
    bytes.removeSubrange(start...)
    runs.removeSubrange(runCount...)
    var run = 0
    for (number, range) in breaks.enumerated() {
      if number > 0, !range.isEmpty { pad(to: indent) }
      var position = range.lowerBound
      while position < range.upperBound {
        while styles[run].end - start <= position { run += 1 }
        let end = min(range.upperBound, styles[run].end - start)
        bytes.append(contentsOf: source[position..<end])
        closeRun(styles[run].role, styles[run].emphasis)
        position = end
      }
      endLine()
    }
  }

  private mutating func append(prepared line: StyledText) {
    for span in line.spans {
      bytes.append(contentsOf: span.text.utf8)
      closeRun(span.role, span.emphasis)
    }
    endLine()
  }

  /// Appends a text to the line if it has only characters that need no preparing.
  private mutating func appendPlainColumns(_ text: StyledText) -> Bool {
    let start = bytes.count
    for span in text.spans { bytes.append(contentsOf: span.text.utf8) }
    guard hasPlainColumns(bytes, from: start, unicode: presentation.unicode) else {
      bytes.removeSubrange(start...)
      return false
    }
    var end = start
    for span in text.spans {
      end += span.text.utf8.count
      closeRun(span.role, span.emphasis, at: end)
    }
    return true
  }

  // MARK: - Parts of a line

  /// Appends bytes in hexadecimal with spaces between them: `21 12 a4 42`.
  mutating func append(hexadecimal range: Range<Int>, of content: [UInt8], _ role: TextRole) {
    for index in range {
      if index > range.lowerBound { bytes.append(UInt8(ascii: " ")) }
      let byte = content[index]
      bytes.append(hexadecimalDigit(byte >> 4))
      bytes.append(hexadecimalDigit(byte & 0xF))
    }
    closeRun(role, [])
  }

  /// Appends a number in hexadecimal, padded with zeros: `000c`.
  mutating func append(hexadecimal number: Int, digits: Int, _ role: TextRole) {
    var digits = digits
    while digits < 16, number >> (4 * digits) != 0 { digits += 1 }
    for digit in (0..<digits).reversed() {
      bytes.append(hexadecimalDigit(UInt8(truncatingIfNeeded: number >> (4 * digit)) & 0xF))
    }
    closeRun(role, [])
  }

  /// Pads the line, which must be ASCII, with spaces to `column` columns.
  mutating func pad(to column: Int) {
    append(spaces: column - (bytes.count - lineStart))
  }

  /// Appends spaces; none for a negative number.
  mutating func append(spaces count: Int, _ role: TextRole = .plain) {
    guard count > 0 else { return }
    for _ in 0..<count { bytes.append(UInt8(ascii: " ")) }
    closeRun(role, [])
  }

  /// Appends a line of other lines.
  mutating func append(line index: Int, of other: StyledLines) {
    var start = other.start(ofLine: index)
    for run in other.runs(ofLine: index) {
      bytes.append(contentsOf: other.bytes[start..<run.end])
      closeRun(run.role, run.emphasis)
      start = run.end
    }
  }

  /// Ends the line.
  mutating func endLine() {
    lineEnds.append(runs.count)
    lineStart = bytes.count
  }

  /// Makes the bytes since the last run a run, or part of the last one if that has the same style.
  private mutating func closeRun(_ role: TextRole, _ emphasis: Emphasis, at end: Int? = nil) {
    let end = end ?? bytes.count
    let hasRun = runs.count > (lineEnds.last ?? 0)
    guard end > (hasRun ? runs[runs.count - 1].end : lineStart) else { return }
    if hasRun, runs[runs.count - 1].role == role, runs[runs.count - 1].emphasis == emphasis {
      runs[runs.count - 1].end = end
    } else {
      runs.append(Run(end: end, role: role, emphasis: emphasis))
    }
  }

  // MARK: - Reading

  /// The runs of a line.
  func runs(ofLine index: Int) -> ArraySlice<Run> {
    runs[(index > 0 ? lineEnds[index - 1] : 0)..<lineEnds[index]]
  }

  /// Where a line begins, in bytes.
  func start(ofLine index: Int) -> Int {
    let first = index > 0 ? lineEnds[index - 1] : 0
    return first > 0 ? runs[first - 1].end : 0
  }

  /// Whether a line has no characters.
  func isEmpty(line index: Int) -> Bool { runs(ofLine: index).isEmpty }

  /// The lines one by one.
  public var styledText: [StyledText] {
    (0..<count).map { index in
      var line = StyledText()
      var start = start(ofLine: index)
      for run in runs(ofLine: index) {
        let text = String(decoding: bytes[start..<run.end], as: UTF8.self)
        line.append(text, run.role, emphasis: run.emphasis)
        start = run.end
      }
      return line
    }
  }
}

private func hexadecimalDigit(_ value: UInt8) -> UInt8 {
  value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") - 10 + value
}
