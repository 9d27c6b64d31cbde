import Simulator
import Terminal

/// What the panes show of a moment.
extension Timeline {
  /// The ladder up to a moment, with what the moment belongs to marked by `>`.
  func ladder(at index: Int, _ presentation: Presentation) -> PaneContent {
    let gutter = 2
    let width = presentation.width - gutter
    let isDrawn = presentation.unicode && !presentation.plain
    let page = Ladder(trace).page(width: width, through: index, isDrawn: isDrawn)
    let rung = rung(at: index)
    var content = PaneContent(title: "Ladder")
    content.heads = page.heads.map { StyledText("  " + $0, .label) }
    for line in page.lines {
      let isPresent = rung != nil && line.event == rung
      let start = content.lines.count
      // Sentences are longer than lines; the rows of a drawing are not.
      let text = StyledText(line.text, isPresent ? .key : .plain)
      content.lines +=
        page.heads.isEmpty
        ? presentation.prepared(text).wrapped(to: width).map { Self.gutter(isPresent) + $0 }
        : [Self.gutter(isPresent) + text]
      if isPresent {
        content.present = (content.present?.lowerBound ?? start)..<content.lines.count
      }
    }
    return content
  }

  private static func gutter(_ isPresent: Bool) -> StyledText {
    isPresent ? StyledText("> ", .key) : "  "
  }

  /// The packet's fields; where a router has just changed it, what they were before.
  func bytes(at index: Int, _ presentation: Presentation) -> PaneContent {
    guard let bytes = bytes(at: index), let packet = packet(at: index) else {
      return PaneContent(title: "Bytes", lines: ["No packet is concerned."])
    }
    let words = PacketWords(bytes)
    let fields = PacketField.fields(of: bytes)
    let before = bytesBefore(index).map { PacketField.fields(of: $0) }
    let old = before.map { FieldPair.pairs($0, fields) } ?? []
    var content = PaneContent(title: "Bytes of packet \(packet.number): \(words.content)")
    var part = ""
    var payloadStart: Int?
    var change: Range<Int>?
    for field in fields {
      let start = content.lines.count
      if part != field.part {
        part = field.part
        if !field.isOfHeader, payloadStart == nil { payloadStart = start }
        content.lines.append(StyledText(part, .subheading))
      }
      let words = self.change(of: field, old, bytesBefore(index) ?? [], bytes)
      content.lines += Self.lines(of: field, bytes, words, presentation)
      if words != nil, field.isEndpoint, change == nil { change = start..<content.lines.count }
    }
    // An address or port that a router has changed is looked at first, and else what is carried.
    content.present = change ?? payloadStart.map { $0..<content.lines.count }
    return content
  }

  /// What a field was before, as words; nil if it has not changed.
  private func change(
    of field: PacketField, _ old: [FieldPair], _ before: [UInt8], _ after: [UInt8]
  ) -> String? {
    guard let pair = old.first(where: { $0.right == field }) else { return nil }
    guard let left = pair.left else { return "new" }
    if before[left.bytes] == after[field.bytes] { return nil }
    return left.meaning == field.meaning
      ? "was \(before[left.bytes].map(\.hexadecimal).joined(separator: " "))"
      : "was \(left.meaning)"
  }

  private static func lines(
    of field: PacketField, _ bytes: [UInt8], _ change: String?, _ presentation: Presentation
  ) -> [StyledText] {
    let mark = change == nil ? "  " : "≠ "
    let role: TextRole = field.isProblem ? .failure : change == nil ? .label : .highlight
    var text = StyledText(field.name, role) + StyledText(": \(field.meaning)")
    if let change { text += StyledText(" (\(change))", .highlight) }
    // Offset and four bytes, as wide as a row of an RFC's diagram; the label beside them if there is
    // room, and else above.
    let end = field.bytes.upperBound
    let rows = stride(from: field.bytes.lowerBound, to: end, by: 4).map { start in
      let row = bytes[start..<min(start + 4, end)]
      return StyledText(UInt16(start).hexadecimal + "  ", .muted)
        + StyledText(row.map(\.hexadecimal).joined(separator: " ")).padded(to: 13)
    }
    let beside = presentation.width - mark.count - 19
    let label = presentation.prepared(text)
    let hasRoom = beside >= 20
    let notes = label.wrapped(to: hasRoom ? beside : max(1, presentation.width - mark.count))
    let empty = StyledText(String(repeating: " ", count: 19))
    var lines = hasRoom ? [] : notes
    for row in 0..<max(rows.count, hasRoom ? notes.count : 0) {
      let left = row < rows.count ? rows[row] : empty
      lines.append(left + (hasRoom && row < notes.count ? notes[row] : ""))
    }
    return lines.enumerated().map { ($0 == 0 ? StyledText(mark, .highlight) : "  ") + $1 }
  }
}

extension UInt16 {
  /// Four digits.
  var hexadecimal: String { UInt8(self >> 8).hexadecimal + UInt8(self & 0xFF).hexadecimal }
}
