extension Difference {
  /// The comparison as lines: `-` before expected lines, `+` before actual ones, or words if plain.
  ///
  /// Where one line replaces another, the differing part is marked by style or, without styles, by `^`
  /// below it. Long runs of equal lines are omitted.
  public func lines(
    _ presentation: Presentation, expected: String = "expected", actual: String = "actual"
  ) -> [StyledText] {
    let printer = Printer(presentation: presentation, expected: expected, actual: actual)
    var lines: [StyledText] = []
    if !presentation.plain && !isEmpty {
      let legend = StyledText("- \(expected)", .success) + StyledText("  + \(actual)", .failure)
      lines += presentation.prepared(legend).wrapped(to: presentation.width)
    }
    var index = 0
    while index < comparison.count {
      switch comparison[index] {
      case .same:
        let run = take(from: &index) { if case .same(let text) = $0 { text } else { nil } }
        let isFirst = index == run.count
        lines += printer.same(run, isFirst: isFirst, isLast: index == comparison.count)
      case .missing, .unexpected:
        let missing = take(from: &index) { if case .missing(let text) = $0 { text } else { nil } }
        let extra = take(from: &index) { if case .unexpected(let text) = $0 { text } else { nil } }
        lines += printer.change(missing, extra)
      }
    }
    return lines
  }

  private func take(from index: inout Int, _ text: (Line) -> String?) -> [String] {
    var run: [String] = []
    while index < comparison.count, let line = text(comparison[index]) {
      run.append(line)
      index += 1
    }
    return run
  }
}

/// Formats the parts of a comparison.
private struct Printer {
  let presentation: Presentation
  let expectedPrefix: StyledText
  let actualPrefix: StyledText
  let samePrefix: StyledText
  /// The number of equal lines to show around a difference.
  let context = 3

  init(presentation: Presentation, expected: String, actual: String) {
    self.presentation = presentation
    guard presentation.plain else {
      expectedPrefix = StyledText("- ", .success)
      actualPrefix = StyledText("+ ", .failure)
      samePrefix = "  "
      return
    }
    let wide = max(expected.displayWidth, actual.displayWidth) + 4
    expectedPrefix = StyledText("- \(expected): ", .success).padded(to: wide)
    actualPrefix = StyledText("+ \(actual): ", .failure).padded(to: wide)
    samePrefix = StyledText("  same: ").padded(to: wide)
  }

  func same(_ run: [String], isFirst: Bool, isLast: Bool) -> [StyledText] {
    let head = isFirst ? 0 : context
    let tail = isLast ? 0 : context
    // Omitting a single line would save nothing, because the remark takes a line as well.
    guard run.count > head + tail + 1 else { return run.flatMap { line($0, samePrefix, .muted) } }
    let left = run.count - head - tail
    let remark = StyledText("\(presentation.symbols.ellipsis) \(left) lines are the same", .muted)
    return run.prefix(head).flatMap { line($0, samePrefix, .muted) }
      + remark.wrapped(to: presentation.width, continuation: "  ")
      + run.suffix(tail).flatMap { line($0, samePrefix, .muted) }
  }

  func change(_ missing: [String], _ extra: [String]) -> [StyledText] {
    var lines: [StyledText] = []
    for index in 0..<max(missing.count, extra.count) {
      guard index < missing.count, index < extra.count else {
        if index < missing.count { lines += line(missing[index], expectedPrefix, .plain) }
        if index < extra.count { lines += line(extra[index], actualPrefix, .plain) }
        continue
      }
      let old = Array(text(missing[index]))
      let new = Array(text(extra[index]))
      let start = zip(old, new).prefix { $0 == $1 }.count
      let end = zip(old.dropFirst(start).reversed(), new.dropFirst(start).reversed())
        .prefix { $0 == $1 }.count
      lines += marked(old, start..<(old.count - end), expectedPrefix)
      lines += marked(new, start..<(new.count - end), actualPrefix)
      lines += carets(new, start..<(new.count - end), actualPrefix)
    }
    return lines
  }

  private func text(_ line: String) -> String { presentation.prepared(StyledText(line)).text }

  private func line(_ line: String, _ prefix: StyledText, _ role: TextRole) -> [StyledText] {
    wrap(StyledText(text(line), role), prefix)
  }

  private func wrap(_ line: StyledText, _ prefix: StyledText) -> [StyledText] {
    let indent = StyledText(String(repeating: " ", count: prefix.displayWidth))
    return line.wrapped(to: presentation.width, first: prefix, continuation: indent)
  }

  private func marked(_ line: [Character], _ part: Range<Int>, _ prefix: StyledText) -> [StyledText]
  {
    var styled = StyledText(String(line[..<part.lowerBound]))
    styled.append(String(line[part]), .highlight)
    styled.append(String(line[part.upperBound...]))
    return wrap(styled, prefix)
  }

  /// The carets below a line on terminals without styles; none if the line was wrapped.
  private func carets(_ line: [Character], _ part: Range<Int>, _ prefix: StyledText) -> [StyledText]
  {
    guard !presentation.emphasis else { return [] }
    let before = prefix.displayWidth + String(line[..<part.lowerBound]).displayWidth
    let marks = max(1, String(line[part]).displayWidth)
    guard prefix.displayWidth + String(line).displayWidth <= presentation.width,
      before + marks <= presentation.width
    else { return [] }
    return [
      StyledText(String(repeating: " ", count: before) + String(repeating: "^", count: marks))
    ]
  }
}
