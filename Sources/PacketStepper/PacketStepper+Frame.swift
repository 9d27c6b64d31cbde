public import Terminal

/// The screen.
extension PacketStepper {
  /// From this width on the ladder stands beside the bytes and the tables.
  private static let widthForColumns = 120

  /// The contents of the screen.
  public var frame: ScreenFrame {
    var frame = ScreenFrame(lines: head)
    switch panel {
    case .help(let top): frame.lines += helpContent.visible(height: bodyHeight, top: top)
    case .comparison(let comparison, let top):
      frame.lines += content(of: comparison).visible(height: bodyHeight, top: top)
    case .moment, .search: frame.lines += panes
    }
    frame.lines = frame.lines.map { $0.truncated(to: presentation.width) }
    frame.lines.append(foot)
    // A screen of a few lines has room for the foot and what is above it.
    frame.lines.removeFirst(max(0, frame.lines.count - max(1, rows)))
    if case .search(let words) = panel {
      frame.cursor = (frame.lines.count - 1, min(presentation.width - 1, 1 + words.displayWidth))
    }
    return frame
  }

  // MARK: - Head and foot

  /// The number of the moment, and what happens in it.
  private var head: [StyledText] {
    guard timeline.count > 0 else { return [StyledText("Nothing has happened.", .heading)] }
    let heading = StyledText(timeline.heading(at: index), .heading)
    let sentence = presentation.prepared(StyledText(timeline.sentence(at: index), emphasis: .bold))
      .wrapped(to: max(1, presentation.width))
    // As many lines in each step, so that what is below them stays where it is.
    let count = rows < 16 || presentation.width >= 120 ? 1 : presentation.width >= 60 ? 2 : 3
    let shown = sentence.prefix(count) + Array(repeating: "", count: max(0, count - sentence.count))
    return [heading] + shown.dropLast()
      + [sentence.count > count ? shown[count - 1] + "…" : shown[count - 1]]
  }

  /// The height of what is between head and foot.
  var bodyHeight: Int { max(1, rows - head.count - 1) }

  private var foot: StyledText {
    if case .search(let words) = panel { return StyledText("/" + words, .key) }
    if let message { return message.truncated(to: presentation.width) }
    let keys = keys.map { StyledText($0.0, .key) + " \($0.1)" }
    var line = StyledText()
    // Whole keys only.
    for key in keys where line.displayWidth + 2 + key.displayWidth <= presentation.width {
      line += (line.isEmpty ? "" : "  ") + key
    }
    return line
  }

  private var keys: [(String, String)] {
    switch panel {
    case .moment, .search:
      [
        ("?", "help"), ("q", "quit"), ("n", "next"), ("p", "back"), ("]", "packet"), ("d", "drop"),
        ("t", "table"), ("x", "translated"), ("Tab", "pane"), ("z", "zoom"), ("/", "search"),
      ]
    case .help, .comparison: [("up, down", "scroll"), ("Esc", "back")]
    }
  }

  // MARK: - Panes

  /// What a pane shows at its width.
  func content(of pane: Pane) -> PaneContent {
    let presentation = presentation.width(max(1, width(of: pane)))
    return switch pane {
    case .ladder: timeline.ladder(at: index, presentation)
    case .bytes: timeline.bytes(at: index, presentation)
    case .tables: timeline.tables(at: index, presentation)
    }
  }

  /// Whether panes stand in two columns.
  private var hasColumns: Bool {
    presentation.width >= Self.widthForColumns && !shows(onlyFocus: true)
  }

  /// Whether only the focused pane is shown: it was asked for, or there is no room for three.
  private func shows(onlyFocus: Bool) -> Bool { isZoomed || bodyHeight < 12 }

  private func width(of pane: Pane) -> Int {
    guard hasColumns else { return presentation.width }
    let left = (presentation.width * 3 / 5)
    return pane == .ladder ? left : presentation.width - left - 3
  }

  /// The height of a pane without its title.
  func height(of pane: Pane) -> Int { heights[pane] ?? 0 }

  /// The heights of the panes that are shown, without their titles.
  private var heights: [Pane: Int] {
    guard !shows(onlyFocus: true) else { return [focus: bodyHeight - 1] }
    // The shares are the same in each step, so that no pane moves.
    if hasColumns {
      let room = bodyHeight - 2
      let tables = focus == .tables ? room * 3 / 5 : room * 2 / 5
      return [.ladder: bodyHeight - 1, .tables: tables, .bytes: room - tables]
    }
    let room = bodyHeight - Pane.allCases.count
    var heights: [Pane: Int] = [:]
    for pane in Pane.allCases where pane != focus {
      heights[pane] = pane == .ladder ? room * 2 / 5 : room * 3 / 10
    }
    heights[focus] = room - heights.values.reduce(0, +)
    return heights
  }

  private var panes: [StyledText] {
    guard timeline.count > 0 else { return Array(repeating: "", count: bodyHeight) }
    let heights = heights
    func lines(_ pane: Pane) -> [StyledText] {
      guard let height = heights[pane] else { return [] }
      let content = content(of: pane)
      let isScrolled = tops[pane]
      return [title(of: pane, content)] + content.visible(height: height, top: isScrolled)
    }
    guard hasColumns else { return Pane.allCases.flatMap(lines) }
    let left = lines(.ladder)
    let right = lines(.bytes) + lines(.tables)
    let separator = StyledText(" \(presentation.symbols.vertical) ", .muted)
    return left.indices.map { row in
      left[row].truncated(to: width(of: .ladder)).padded(to: width(of: .ladder)) + separator
        + (row < right.count ? right[row] : "")
    }
  }

  /// The title of a pane in a rule; that of the focused one has a mark.
  private func title(of pane: Pane, _ content: PaneContent) -> StyledText {
    let isFocused = pane == focus
    let rule = presentation.symbols.horizontal
    let mark = isFocused ? "* " : rule + " "
    let text = StyledText(mark + content.title + " ", isFocused ? .heading : .muted)
    let width = width(of: pane)
    let left = rule.isEmpty ? 0 : max(0, width - text.displayWidth) / max(1, rule.count)
    return (text + StyledText(String(repeating: rule, count: left), .muted)).truncated(to: width)
  }

  // MARK: - What covers the panes

  /// Two packets side by side.
  func content(of comparison: Comparison) -> PaneContent {
    let (lines, first) = comparison.lines(width: presentation.width)
    var content = PaneContent(title: "", heads: comparison.heads(width: presentation.width))
    content.lines = lines
    content.present = first.map { $0..<$0 + 2 }
    return content
  }

  private static let help: [(String, String)] = [
    ("n, right", "the next step; Enter and space too"), ("p, left", "the step before"),
    ("], [", "where the next packet is sent, or the one before"),
    ("f, b", "follow this packet: its next step, or the one before"),
    ("d, D", "the next drop or loss, or the one before"),
    ("t, T", "the next change of a NAT's table, or the one before"),
    ("g, G", "the first step, the last step; Home and End too"),
    ("/", "search: a name, an address, 'Binding', 'drops'"),
    (". and ,", "the next step that was searched for, or the one before"),
    ("x", "the packet before and after this router, byte by byte"),
    ("m, c", "mark a packet; compare the packet of another step with it"),
    ("Tab", "go to another pane; up and down scroll it"),
    ("z", "give the whole screen to this pane, and take it back"),
    ("Esc", "back"), ("q, Ctrl-C", "quit"),
  ]

  /// The keys, and what the signs mean.
  var helpContent: PaneContent {
    var lines = [StyledText("Keys", .subheading)]
    for (key, what) in Self.help {
      lines += StyledText(what).wrapped(
        to: max(20, presentation.width), first: StyledText("  " + key, .key).padded(to: 14),
        continuation: StyledText(String(repeating: " ", count: 14)))
    }
    lines += ["", StyledText("Signs", .subheading)]
    for sign in [
      ">  what this step belongs to, in the ladder", "≠  a field that the router has changed",
      "+  a new mapping    ~  one with another filter or state",
      "=  one that lives longer    −  one that is gone",
      "╋  a NAT where the packet makes a mapping", "╂  a NAT where it uses one",
      "✗  where a packet was dropped or lost",
    ] {
      lines += StyledText(sign).wrapped(
        to: max(20, presentation.width), first: "  ", continuation: "     ")
    }
    return PaneContent(title: "", lines: lines.map { presentation.prepared($0) })
  }
}
