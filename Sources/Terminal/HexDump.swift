/// A hexadecimal dump with labeled ranges; each range starts a new row with its label beside it.
public struct HexDump: Sendable {
  /// A range of the bytes with its label.
  public struct Range: Hashable, Sendable {
    /// The indices of the bytes.
    public var bytes: Swift.Range<Int>
    /// The meaning of the bytes.
    public var label: StyledText
    /// The role of the bytes; nil to let the theme distinguish neighbors.
    public var role: TextRole?

    /// Creates a labeled range.
    public init(_ bytes: Swift.Range<Int>, _ label: StyledText, role: TextRole? = nil) {
      self.bytes = bytes
      self.label = label
      self.role = role
    }

    /// Creates a range labeled `name: meaning`; `role` is the name's.
    public init(_ bytes: Swift.Range<Int>, _ name: String, _ meaning: String, role: TextRole) {
      self.init(
        bytes, StyledText(spans: [StyledSpan(name, role), StyledSpan(": " + meaning)]))
    }
  }

  /// The bytes to dump.
  public var bytes: [UInt8]
  /// The ranges in any order; parts outside the bytes or within an earlier range are omitted.
  public var ranges: [Range]

  /// Creates a dump of bytes.
  public init(_ bytes: [UInt8], ranges: [Range] = []) {
    self.bytes = bytes
    self.ranges = ranges
  }

  /// The dump in at most `presentation.width` columns: offset, bytes and label.
  ///
  /// A row has four bytes (32 bits, as in the diagrams of RFCs) if labels need the space, else more.
  public func lines(_ presentation: Presentation) -> [StyledText] {
    var lines = StyledLines(presentation)
    write(to: &lines)
    return lines.styledText
  }

  /// Appends the lines that `lines(_:)` returns.
  public func write(to lines: inout StyledLines) {
    let perRow = bytesPerRow(lines.presentation)
    var labels = StyledLines(lines.presentation)
    for part in parts { write(part, part.label, perRow, &labels, to: &lines) }
  }

  /// The header line with the numbers of the columns.
  public func ruler(_ presentation: Presentation) -> StyledText {
    var lines = StyledLines(presentation)
    writeRuler(.plain, to: &lines)
    return lines.styledText[0]
  }

  /// Appends the header line with the numbers of the columns.
  public func writeRuler(_ role: TextRole, to lines: inout StyledLines) {
    let numbers = (0..<UInt8(bytesPerRow(lines.presentation))).map { $0 }
    lines.append(spaces: offsetWidth + 2, role)
    lines.append(hexadecimal: 0..<numbers.count, of: numbers, role)
    lines.endLine()
  }

  private var offsetWidth: Int { bytes.count > 0x10000 ? 8 : 4 }

  private func bytesPerRow(_ presentation: Presentation) -> Int {
    let candidates = ranges.isEmpty ? [16, 8, 4] : [8, 4]
    let labelRoom = ranges.isEmpty ? 0 : 34
    return candidates.first { offsetWidth + 2 + $0 * 3 + 1 + labelRoom <= presentation.width } ?? 4
  }

  /// The minimum width of a label beside its bytes; a narrower one is placed above them.
  private static let narrowestLabel = 14

  private var sortedRanges: [Range] {
    let isSorted = ranges.indices.dropFirst().allSatisfy {
      ranges[$0 - 1].bytes.lowerBound <= ranges[$0].bytes.lowerBound
    }
    return isSorted ? ranges : ranges.sorted { $0.bytes.lowerBound < $1.bytes.lowerBound }
  }

  /// The clipped ranges in order, with unlabeled ranges for the gaps.
  var parts: [Range] {
    var parts: [Range] = []
    parts.reserveCapacity(ranges.count + 1)
    var position = 0
    var number = 0
    for range in sortedRanges {
      let lower = max(position, range.bytes.lowerBound)
      let upper = min(bytes.count, range.bytes.upperBound)
      guard
        lower < upper || (range.bytes.isEmpty && lower == range.bytes.lowerBound && lower <= upper)
      else { continue }
      if position < lower { parts.append(Range(position..<lower, "")) }
      let role = range.role ?? Theme.ranges[number % Theme.ranges.count]
      parts.append(Range(lower..<upper, range.label, role: role))
      position = upper
      number += 1
    }
    if position < bytes.count { parts.append(Range(position..<bytes.count, "")) }
    return parts
  }

  /// Appends a range with its label; `labels` is memory for the label's lines.
  private func write(
    _ part: Range, _ label: StyledText, _ perRow: Int, _ labels: inout StyledLines,
    to lines: inout StyledLines
  ) {
    let labelColumn = offsetWidth + 2 + perRow * 3 - 1 + 2
    let labelWidth = lines.presentation.width - labelColumn
    guard labelWidth >= Self.narrowestLabel || label.isEmpty else {
      lines.append(label, wrappedTo: lines.presentation.width)
      return write(part, "", perRow, &labels, to: &lines)
    }
    labels.removeAll()
    if !label.isEmpty { labels.append(label, wrappedTo: labelWidth) }
    let byteRows = (part.bytes.count + perRow - 1) / perRow
    for row in 0..<max(byteRows, labels.count) {
      let lower = part.bytes.lowerBound + row * perRow
      if row < byteRows || row == 0 {
        lines.append(hexadecimal: lower, digits: offsetWidth, .muted)
        let upper = min(lower + perRow, part.bytes.upperBound)
        if lower < upper {
          lines.append(spaces: 2)
          lines.append(hexadecimal: lower..<upper, of: bytes, part.role ?? .plain)
        }
      }
      // Wrapped lines have no spaces at their ends, and neither has this one.
      if row < labels.count, !labels.isEmpty(line: row) {
        lines.pad(to: labelColumn)
        lines.append(line: row, of: labels)
      }
      lines.endLine()
    }
  }
}
