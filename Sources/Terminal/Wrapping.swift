extension StyledText {
  /// This text wrapped to lines of at most `width` columns, including prefixes.
  ///
  /// Lines break at spaces, and within code and strings only if necessary. A word longer than a line
  /// is cut between grapheme clusters; a cluster wider than a line gets a line of its own. A line feed
  /// starts a new line. The text must be sanitised.
  /// - Parameters:
  ///   - width: the maximum width in columns; less than 1 counts as 1.
  ///   - first: the prefix of the first line, such as a list's bullet.
  ///   - continuation: the prefix of every other line, such as the spaces below the bullet.
  /// - Complexity: O(n).
  public func wrapped(
    to width: Int, first: StyledText = "", continuation: StyledText = ""
  ) -> [StyledText] {
    wrappedPlainColumns(to: width, first: first, continuation: continuation)
      ?? wrappedByCharacter(to: width, first: first, continuation: continuation)
  }

  /// The same as `wrapped`, for any text.
  func wrappedByCharacter(
    to width: Int, first: StyledText, continuation: StyledText
  ) -> [StyledText] {
    var wrapper = Wrapper(width: width, first: first, continuation: continuation)
    for (index, line) in expandingTabs().lines.enumerated() {
      if index > 0 { wrapper.breakLine() }
      wrapper.add(line.cells)
    }
    wrapper.breakLine()
    return wrapper.lines
  }

  /// This line cut to at most `width` columns, with `marker` at its end if something was cut.
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
    let style = result.last?.span ?? StyledSpan("")
    return StyledText(cells: result[...]) + StyledText(marker, style.role, emphasis: style.emphasis)
  }

  /// This line padded with spaces to `width` columns; a longer line is unchanged.
  public func padded(to width: Int, alignment: TextAlignment = .leading) -> StyledText {
    let missing = width - displayWidth
    guard missing > 0 else { return self }
    let spaces = StyledText(String(repeating: " ", count: missing))
    return alignment == .leading ? self + spaces : spaces + self
  }
}

/// The alignment of a text within a wider column.
public enum TextAlignment: Hashable, Sendable {
  case leading, trailing
}

/// A grapheme cluster with its style and its width.
struct Cell {
  var character: Character
  /// The style; the text of the span is not used.
  var span: StyledSpan
  var width: Int

  var isSpace: Bool { character == " " }
  /// Whether a line may break here: a space outside code, and outside the texts in it.
  var isBreak: Bool { isSpace && span.role != .code && span.role != .string }
}

extension StyledText {
  /// The grapheme clusters; one that spans a change of style has the style in which it starts.
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
      let bare = span.with(text: "")
      cells.append(Cell(character: character, span: bare, width: DisplayWidth.of(character)))
      bytesLeft -= character.utf8.count
    }
    return cells
  }

  init(cells: ArraySlice<Cell>) {
    self.init()
    for cell in cells {
      append(cell.span.with(text: String(cell.character)))
    }
  }
}

/// Fills lines with chunks of cells that should not be separated.
private struct Wrapper {
  let width: Int
  let first: StyledText
  let continuation: StyledText
  var lines: [StyledText] = []
  /// The line being filled, and its width without the prefix.
  private var line: [Cell] = []
  private var used = 0
  /// The spaces since the last chunk, which are kept only if another chunk follows on this line.
  private var spaces: [Cell] = []

  init(width: Int, first: StyledText, continuation: StyledText) {
    self.width = width
    self.first = first
    self.continuation = continuation
  }

  /// The columns available for text after the prefix; always at least one.
  private func room(_ prefix: StyledText) -> Int { max(1, width - prefix.displayWidth) }
  private var room: Int { room(lines.isEmpty ? first : continuation) }

  mutating func breakLine() {
    let prefix = lines.isEmpty ? first : continuation
    // A line of only a prefix loses the spaces at its end.
    lines.append(
      line.isEmpty ? prefix.trimmingTrailingSpaces() : prefix + StyledText(cells: line[...]))
    line.removeAll(keepingCapacity: true)
    spaces.removeAll(keepingCapacity: true)
    used = 0
  }

  mutating func add(_ cells: [Cell]) {
    forEachChunk(of: cells[...], breakingAt: \.isBreak) { wrapper, chunk, width in
      if wrapper.place(chunk, width) { return }
      // Too long for any line, so it breaks at its inner spaces.
      wrapper.forEachChunk(of: chunk, breakingAt: \.isSpace) { wrapper, part, width in
        if !wrapper.place(part, width) { wrapper.cut(part) }
      }
    }
  }

  /// Calls `body` with each run between breaks, and collects the breaks in `spaces`.
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

  /// Adds a chunk to this line or the next; false if it fits on no line.
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

  /// Cuts a chunk without spaces into full lines.
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
