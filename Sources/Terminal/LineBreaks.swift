extension StyledText {
  /// The same as `wrapped` for a text of characters that take one column each; nil for others.
  func wrappedPlainColumns(
    to width: Int, first: StyledText, continuation: StyledText
  ) -> [StyledText]? {
    var bytes: [UInt8] = []
    var hasStrings = false
    for span in spans {
      if span.role == .code { return nil }
      if span.role == .string { hasStrings = true }
      bytes.append(contentsOf: span.text.utf8)
    }
    return bytes.withUnsafeBufferPointer { bytes in
      guard hasPlainColumns(bytes, unicode: true) else { return nil }
      if hasStrings, first.displayWidth + bytes.count > width { return nil }
      let fits = bytes.count <= width && first.isEmpty
      if fits, bytes.last != UInt8(ascii: " ") { return [self] }
      var ranges: [Range<Int>] = []
      breakLines(
        of: bytes, to: width, first: first.displayWidth, indent: continuation.displayWidth,
        into: &ranges)
      var lines: [StyledText] = []
      lines.reserveCapacity(ranges.count)
      var span = 0
      var spanStart = 0
      for range in ranges {
        var line = lines.isEmpty ? first : continuation
        if range.isEmpty { line = line.trimmingTrailingSpaces() }
        var position = range.lowerBound
        while position < range.upperBound {
          let style = spans[span]
          let spanEnd = spanStart + style.text.utf8.count
          let end = min(range.upperBound, spanEnd)
          if position < end {
            let text = String(
              decoding: UnsafeBufferPointer(rebasing: bytes[position..<end]), as: UTF8.self)
            line.append(style.with(text: text))
            position = end
          }
          if position >= spanEnd { (span, spanStart) = (span + 1, spanEnd) }
        }
        lines.append(line)
      }
      return lines
    }
  }
}

/// Whether all bytes from `start` on are characters as `breakLines` needs them.
func hasPlainColumns(_ bytes: [UInt8], from start: Int, unicode: Bool) -> Bool {
  bytes.withUnsafeBufferPointer {
    hasPlainColumns(UnsafeBufferPointer(rebasing: $0[start...]), unicode: unicode)
  }
}

/// Whether each character takes one column, combines with no other, and is no control and no tab.
///
/// These are printable ASCII and, if `unicode`, the letters and signs up to U+00FF, arrows and
/// mathematical operators. Other texts may be so too; they are measured character by character.
func hasPlainColumns(_ bytes: UnsafeBufferPointer<UInt8>, unicode: Bool) -> Bool {
  // Without a branch for each byte, so that many are compared at once.
  var others: UInt8 = 0
  for index in 0..<bytes.count { others |= bytes[index] &- 0x20 < 0x5F ? 0 : 1 }
  guard others != 0 else { return true }
  guard unicode else { return false }
  var index = 0
  func follows(_ range: ClosedRange<UInt8>, _ offset: Int) -> Bool {
    index + offset < bytes.count && range.contains(bytes[index + offset])
  }
  while index < bytes.count {
    switch bytes[index] {
    case 0x20..<0x7F: index += 1
    // U+00A0 to U+00BF without the soft hyphen, which has no width.
    case 0xC2 where follows(0xA0...0xAC, 1) || follows(0xAE...0xBF, 1): index += 2
    case 0xC3 where follows(0x80...0xBF, 1): index += 2
    // U+2190 to U+22FF.
    case 0xE2 where follows(0x86...0x86, 1) && follows(0x90...0xBF, 2): index += 3
    case 0xE2 where follows(0x87...0x8B, 1) && follows(0x80...0xBF, 2): index += 3
    default: return false
    }
  }
  return true
}

/// Finds the lines of a text that `hasPlainColumns` and no code.
///
/// The same as `StyledText.wrapped`, without a value for each character. A line is a range of the
/// text, since only the spaces between two lines are left out.
/// - Parameters:
///   - width: the maximum width in columns; less than 1 counts as 1.
///   - first: the columns that precede the first line.
///   - indent: the columns that precede every other line.
///   - lines: receives the ranges; what it holds is removed.
/// - Complexity: O(n).
func breakLines(
  of text: UnsafeBufferPointer<UInt8>, to width: Int, first: Int = 0, indent: Int,
  into lines: inout [Range<Int>]
) {
  lines.removeAll(keepingCapacity: true)
  let space = UInt8(ascii: " ")
  let later = max(1, width - indent)
  var room = max(1, width - first)
  var (start, end) = (0, 0)
  // The column of a position is the number of characters before it.
  var (startColumn, column) = (0, 0)
  func breakLine(_ lines: inout [Range<Int>]) {
    lines.append(start..<end)
    room = later
  }
  var index = 0
  while index < text.count {
    if text[index] == space {
      index += 1
      column += 1
      continue
    }
    let (word, wordColumn) = (index, column)
    while index < text.count, text[index] != space {
      column += isContinuation(text[index]) ? 0 : 1
      index += 1
    }
    if column - startColumn <= room {
      end = index
    } else if column - wordColumn <= later {
      breakLine(&lines)
      (start, startColumn, end) = (word, wordColumn, index)
    } else {
      // Too long for any line.
      if end > start { breakLine(&lines) }
      (start, startColumn) = (word, wordColumn)
      while column - startColumn > room {
        end = start
        for _ in 0..<room {
          repeat { end += 1 } while isContinuation(text[end])
        }
        startColumn += room
        breakLine(&lines)
        start = end
      }
      end = index
    }
  }
  breakLine(&lines)
}

/// Whether a byte is not the first one of a character in UTF-8.
private func isContinuation(_ byte: UInt8) -> Bool { byte & 0xC0 == 0x80 }
