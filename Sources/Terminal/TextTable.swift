/// A table with aligned columns that is fitted to a width, or becomes a list if that is too narrow.
public struct TextTable: Sendable {
  /// The header of a column.
  public struct Column: Hashable, Sendable {
    /// The title.
    public var title: String
    /// The alignment of the title and the cells.
    public var alignment: TextAlignment

    /// Creates a column.
    public init(_ title: String, _ alignment: TextAlignment = .leading) {
      self.title = title
      self.alignment = alignment
    }
  }

  /// The columns from left to right.
  public var columns: [Column]
  /// The cells of each row; missing cells are empty, and surplus cells are not shown.
  public var rows: [[StyledText]]

  /// Creates a table.
  public init(columns: [Column], rows: [[StyledText]] = []) {
    self.columns = columns
    self.rows = rows
  }

  private static let gap = 2
  /// The table in at most `presentation.width` columns: header, rule and rows; cells wrap at spaces.
  ///
  /// If words would have to be cut, each row becomes a list of `title: value` instead.
  public func lines(_ presentation: Presentation) -> [StyledText] {
    guard !columns.isEmpty else { return [] }
    let (titles, cells) = prepared(presentation)
    guard let widths = fit(titles, cells, into: presentation.width) else {
      return list(titles, cells, presentation)
    }
    return grid(titles, cells, widths, presentation)
  }

  /// The table in at most `presentation.width` columns; nil if words would have to be cut.
  ///
  /// Where it does not fit, titles break behind hyphens as well.
  /// - Parameter tallestRow: the most lines of a row that had to be wrapped.
  public func grid(_ presentation: Presentation, tallestRow: Int = .max) -> [StyledText]? {
    guard !columns.isEmpty else { return nil }
    var (titles, cells) = prepared(presentation)
    var fitted = fit(titles, cells, into: presentation.width)
    if fitted == nil {
      titles = titles.map { $0.mapText { $0.replacing("-", with: "-\n") } }
      fitted = fit(titles, cells, into: presentation.width)
    }
    guard let widths = fitted else { return nil }
    let isNarrowed = cells.contains { row in
      zip(row, widths).contains { cell, width in
        cell.displayWidth > width
          && cell.wrapped(to: max(1, width)).count > tallestRow
      }
    }
    return isNarrowed ? nil : grid(titles, cells, widths, presentation)
  }

  private func prepared(
    _ presentation: Presentation
  ) -> (titles: [StyledText], cells: [[StyledText]]) {
    let titles = columns.map { presentation.prepared(StyledText($0.title, .label)) }
    let cells = rows.map { row in
      columns.indices.map { $0 < row.count ? presentation.prepared(row[$0]) : "" }
    }
    return (titles, cells)
  }

  private func grid(
    _ titles: [StyledText], _ cells: [[StyledText]], _ widths: [Int], _ presentation: Presentation
  ) -> [StyledText] {
    var lines = line(titles, widths)
    let rule = presentation.symbols.horizontal
    if !rule.isEmpty {
      let total = widths.reduce(0, +) + Self.gap * (widths.count - 1)
      lines.append(StyledText(String(repeating: rule, count: total), .muted))
    }
    for row in cells { lines += line(row, widths) }
    return lines
  }

  /// The widths of the columns, with the widest ones narrowed if necessary; nil if they cannot fit.
  private func fit(_ titles: [StyledText], _ cells: [[StyledText]], into width: Int) -> [Int]? {
    var widths: [Int] = []
    var narrowest: [Int] = []
    for column in columns.indices {
      let lines = (cells.map { $0[column] } + [titles[column]]).flatMap(\.lines)
      widths.append(lines.map(\.displayWidth).max() ?? 0)
      let words = lines.lazy.flatMap { $0.text.split(separator: " ") }
      narrowest.append(words.map { String($0).displayWidth }.max() ?? 0)
    }
    var excess = widths.reduce(0, +) + Self.gap * (widths.count - 1) - width
    guard excess <= zip(widths, narrowest).reduce(0, { $0 + $1.0 - $1.1 }) else { return nil }
    while excess > 0 {
      let narrowable = widths.indices.filter { widths[$0] > narrowest[$0] }
      guard let widest = narrowable.max(by: { widths[$0] < widths[$1] }) else { return nil }
      // Narrowed to the next widest in one step, so that a huge cell does not cause a long loop.
      let next = narrowable.filter { $0 != widest }.map { widths[$0] }.max() ?? 0
      let step = min(excess, max(1, widths[widest] - max(next, narrowest[widest])))
      widths[widest] -= step
      excess -= step
    }
    return widths
  }

  /// The lines of one row: as many as its longest cell wraps to.
  private func line(_ row: [StyledText], _ widths: [Int]) -> [StyledText] {
    let wrapped = zip(row, widths).map { cell, width in cell.wrapped(to: max(1, width)) }
    let height = wrapped.map(\.count).max() ?? 0
    return (0..<height).map { index in
      var line = StyledText()
      for (column, parts) in wrapped.enumerated() {
        let part = index < parts.count ? parts[index] : ""
        let isLast = column == wrapped.count - 1
        if column > 0 { line.append(String(repeating: " ", count: Self.gap)) }
        let alignment = columns[column].alignment
        line +=
          isLast && alignment == .leading
          ? part : part.padded(to: widths[column], alignment: alignment)
      }
      return line.trimmingTrailingSpaces()
    }
  }

  private func list(
    _ titles: [StyledText], _ cells: [[StyledText]], _ presentation: Presentation
  ) -> [StyledText] {
    var lines: [StyledText] = []
    for (index, row) in cells.enumerated() {
      if index > 0 { lines.append("") }
      for (title, cell) in zip(titles, row) where !cell.isEmpty {
        lines += cell.wrapped(
          to: presentation.width, first: title + StyledText(": ", .label), continuation: "  ")
      }
    }
    return lines
  }
}

extension StyledText {
  /// This line without trailing spaces.
  func trimmingTrailingSpaces() -> StyledText {
    var spans = self.spans[...]
    while var last = spans.popLast() {
      while last.text.hasSuffix(" ") { last.text.removeLast() }
      if !last.text.isEmpty {
        spans.append(last)
        break
      }
    }
    return StyledText(spans)
  }
}
