public import Simulator
public import Terminal

/// All steps of a trace as text, one after the other: for screen readers, pipes and logs.
public enum StepText {
  /// Each step in a paragraph: what happens, the fields of a packet where it is sent and those that a
  /// router changes, and a table where it changes.
  ///
  /// - Complexity: O(the events ⋅ the changes of tables).
  public static func lines(of trace: Trace, _ presentation: Presentation) -> [StyledText] {
    let timeline = Timeline(trace)
    var lines: [StyledText] = []
    for index in 0..<timeline.count {
      if index > 0 { lines.append("") }
      lines.append(
        StyledText(timeline.heading(at: index) + ": ", .label)
          + StyledText(timeline.sentence(at: index) + "."))
      switch trace.events[index].kind {
      case .sent(_, let bytes, _): lines += fields(of: bytes)
      case .forwarded(_, let before, let after): lines += changes(before.bytes, after.bytes)
      case .table: lines += timeline.tables(at: index, presentation).lines
      default: break
      }
    }
    return lines
  }

  private static func fields(of bytes: [UInt8]) -> [StyledText] {
    PacketField.fields(of: bytes).map { StyledText("  \($0.part) \($0.name): \($0.meaning)") }
  }

  private static func changes(_ before: [UInt8], _ after: [UInt8]) -> [StyledText] {
    let pairs = FieldPair.pairs(PacketField.fields(of: before), PacketField.fields(of: after))
    return pairs.compactMap { pair in
      switch (pair.left, pair.right) {
      case (let left?, let right?):
        guard before[left.bytes] != after[right.bytes] else { return nil }
        let words =
          left.meaning == right.meaning
          ? "other bytes, \(left.meaning)" : "\(left.meaning) becomes \(right.meaning)"
        return StyledText("  \(left.part) \(left.name): \(words)")
      case (let left?, nil): return StyledText("  \(left.part) \(left.name) is gone")
      case (nil, let right?):
        return StyledText("  \(right.part) \(right.name) is new: \(right.meaning)")
      case (nil, nil): return nil
      }
    }
  }
}
