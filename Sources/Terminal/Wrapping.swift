extension StyledText {
  /// This text broken into lines of at most `width` columns, prefixes included.
  ///
  /// Lines break at spaces; a run of code only breaks inside when it has to; a word longer than a
  /// line is cut between grapheme clusters, which are never split themselves (one wider than the
  /// whole line gets a line of its own). Line feeds in the text start a new line. Sanitise first.
  /// - Parameters:
  ///   - width: columns; less than 1 counts as 1.
  ///   - first: goes before the first line, such as a list's bullet.
  ///   - continuation: goes before every other line, such as the spaces below the bullet.
  /// - Complexity: O(n).
  public func wrapped(
    to width: Int, first: StyledText = "", continuation: StyledText = ""
  ) -> [StyledText] {
    var wrapper = Wrapper(width: width, first: first, continuation: continuation)
    for (index, line) in expandingTabs().lines.enumerated() {
      if index > 0 { wrapper.breakLine() }
      wrapper.add(line.cells)
    }
    wrapper.breakLine()
    return wrapper.lines
  }

  /// This line cut to at most `width` columns, with `marker` at its end where something is missing.
  public func truncated(to width: Int, marker: String = "…") -> StyledText {
    guard displayWidth > width else { return self }
    guard marker.displayWidth <= width else { return StyledText() }
    var room = width - marker.displayWidth
    var result: [Cell] = []
    for cell in expandingTabs().cells {
      guard cell.width <= room else { break }
      room -= cell.width
      result.append(cell)
    }
    let style = result.last?.span ?? Span("")
    return StyledText(cells: result[...]) + StyledText(marker, style.role, emphasis: style.emphasis)
  }

  /// This line with spaces added up to `width` columns; a longer one stays as it is.
  public func padded(to width: Int, alignment: Alignment = .leading) -> StyledText {
    let missing = width - displayWidth
    guard missing > 0 else { return self }
    let spaces = StyledText(String(repeating: " ", count: missing))
    return alignment == .leading ? self + spaces : spaces + self
  }
}

/// Where short text stands in a wider place.
public enum Alignment: Hashable, Sendable {
  case leading, trailing
}

/// One grapheme cluster with its style and its width.
struct Cell {
  var character: Character
  /// The style; its text is not used.
  var span: Span
  var width: Int

  var isSpace: Bool { character == " " }
  /// A space where a line may break without harm.
  var isBreak: Bool { isSpace && span.role != .code }
}

extension StyledText {
  /// The grapheme clusters; one that reaches over a change of style takes the style it starts in.
  var cells: [Cell] {
    var cells: [Cell] = []
    var style = spans[...]
    var bytesLeft = style.first?.text.utf8.count ?? 0
    for character in text {
      while bytesLeft <= 0, let next = style.dropFirst().first {
        style.removeFirst()
        bytesLeft += next.text.utf8.count
      }
      guard let span = style.first else { break }
      let bare = Span("", span.role, emphasis: span.emphasis)
      cells.append(Cell(character: character, span: bare, width: DisplayWidth.of(character)))
      bytesLeft -= character.utf8.count
    }
    return cells
  }

  init(cells: ArraySlice<Cell>) {
    self.init()
    for cell in cells {
      append(String(cell.character), cell.span.role, emphasis: cell.span.emphasis)
    }
  }
}

/// Fills lines with chunks of cells that should stay together.
private struct Wrapper {
  let width: Int
  let first: StyledText
  let continuation: StyledText
  var lines: [StyledText] = []
  /// The line being filled, and its width without the prefix.
  private var line: [Cell] = []
  private var used = 0
  /// Spaces seen since the last chunk: they count only if another chunk follows on this line.
  private var spaces: [Cell] = []

  init(width: Int, first: StyledText, continuation: StyledText) {
    self.width = width
    self.first = first
    self.continuation = continuation
  }

  /// Columns for text on a line with the given prefix; always at least one.
  private func room(_ prefix: StyledText) -> Int { max(1, width - prefix.displayWidth) }
  private var room: Int { room(lines.isEmpty ? first : continuation) }

  mutating func breakLine() {
    let prefix = lines.isEmpty ? first : continuation
    // A prefix alone keeps what it draws, not the spaces behind it.
    lines.append(
      line.isEmpty ? prefix.trimmingTrailingSpaces() : prefix + StyledText(cells: line[...]))
    line.removeAll(keepingCapacity: true)
    spaces.removeAll(keepingCapacity: true)
    used = 0
  }

  mutating func add(_ cells: [Cell]) {
    forEachChunk(of: cells[...], breakingAt: \.isBreak) { wrapper, chunk, width in
      if wrapper.place(chunk, width) { return }
      // Too long for any line: its inner spaces are the next best places to break.
      wrapper.forEachChunk(of: chunk, breakingAt: \.isSpace) { wrapper, part, width in
        if !wrapper.place(part, width) { wrapper.cut(part) }
      }
    }
  }

  /// Calls `body` with each run between breaks, and keeps the breaks themselves as spaces.
  private mutating func forEachChunk(
    of cells: ArraySlice<Cell>, breakingAt isBreak: (Cell) -> Bool,
    _ body: (inout Wrapper, ArraySlice<Cell>, Int) -> Void
  ) {
    var start = cells.startIndex
    var chunkWidth = 0
    for index in cells.indices {
      let cell = cells[index]
      if isBreak(cell) {
        if start < index { body(&self, cells[start..<index], chunkWidth) }
        spaces.append(cell)
        (start, chunkWidth) = (index + 1, 0)
      } else {
        chunkWidth += cell.width
      }
    }
    if start < cells.endIndex { body(&self, cells[start..<cells.endIndex], chunkWidth) }
  }

  /// Puts a chunk on this line or the next; false if no line can hold it.
  private mutating func place(_ chunk: ArraySlice<Cell>, _ chunkWidth: Int) -> Bool {
    if used + spaces.count + chunkWidth <= room {
      take(chunk, chunkWidth)
      return true
    }
    guard chunkWidth <= room(continuation) else { return false }
    if used > 0 || lines.isEmpty {
      breakLine()
    }
    spaces.removeAll(keepingCapacity: true)
    take(chunk, chunkWidth)
    return true
  }

  private mutating func take(_ chunk: ArraySlice<Cell>, _ chunkWidth: Int) {
    line += spaces
    line += chunk
    used += spaces.count + chunkWidth
    spaces.removeAll(keepingCapacity: true)
  }

  /// Fills line after line with a chunk that has no place to break.
  private mutating func cut(_ chunk: ArraySlice<Cell>) {
    if used > 0 { breakLine() }
    spaces.removeAll(keepingCapacity: true)
    for cell in chunk {
      if used > 0 && used + cell.width > room { breakLine() }
      line.append(cell)
      used += cell.width
    }
  }
}
