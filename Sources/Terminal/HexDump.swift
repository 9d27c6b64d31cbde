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
    let perRow = bytesPerRow(presentation)
    var lines: [StyledText] = []
    for part in parts {
      let label = presentation.prepared(part.label)
      lines += rows(part, label, perRow, offsetWidth, presentation.width)
    }
    return lines
  }

  /// The header line with the numbers of the columns.
  public func ruler(_ presentation: Presentation) -> StyledText {
    let numbers = (0..<bytesPerRow(presentation)).map { hexadecimal($0, digits: 2) }
    return StyledText(
      String(repeating: " ", count: offsetWidth + 2) + numbers.joined(separator: " "))
  }

  private var offsetWidth: Int { bytes.count > 0x10000 ? 8 : 4 }

  private func bytesPerRow(_ presentation: Presentation) -> Int {
    let candidates = ranges.isEmpty ? [16, 8, 4] : [8, 4]
    let labelRoom = ranges.isEmpty ? 0 : 34
    return candidates.first { offsetWidth + 2 + $0 * 3 + 1 + labelRoom <= presentation.width } ?? 4
  }

  /// The minimum width of a label beside its bytes; a narrower one is placed above them.
  private static let narrowestLabel = 14

  /// The clipped ranges in order, with unlabeled ranges for the gaps.
  var parts: [Range] {
    var parts: [Range] = []
    var position = 0
    var number = 0
    for range in ranges.sorted(by: { $0.bytes.lowerBound < $1.bytes.lowerBound }) {
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

  private func rows(
    _ part: Range, _ label: StyledText, _ perRow: Int, _ offsetWidth: Int, _ width: Int
  ) -> [StyledText] {
    let hexWidth = perRow * 3 - 1
    let labelColumn = offsetWidth + 2 + hexWidth + 2
    guard width - labelColumn >= Self.narrowestLabel || label.isEmpty else {
      return label.wrapped(to: width) + rows(part, "", perRow, offsetWidth, width)
    }
    let labels = label.isEmpty ? [] : label.wrapped(to: width - labelColumn)
    let byteRows = (part.bytes.count + perRow - 1) / perRow
    return (0..<max(byteRows, labels.count)).map { row in
      var line = StyledText()
      let lower = part.bytes.lowerBound + row * perRow
      if row < byteRows || row == 0 {
        let upper = min(lower + perRow, part.bytes.upperBound)
        line.append(hexadecimal(lower, digits: offsetWidth), .muted)
        line.append("  ")
        let digits = bytes[min(lower, upper)..<upper].map { hexadecimal(Int($0), digits: 2) }
        line.append(digits.joined(separator: " "), part.role ?? .plain)
      }
      if row < labels.count { line = line.padded(to: labelColumn) + labels[row] }
      return line.trimmingTrailingSpaces()
    }
  }
}

/// A number in hexadecimal, padded with zeros: `000c`.
func hexadecimal(_ value: Int, digits: Int) -> String {
  let text = String(value, radix: 16)
  return String(repeating: "0", count: max(0, digits - text.count)) + text
}
