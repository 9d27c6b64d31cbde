import Simulator
public import Terminal

/// Keys.
extension PacketStepper {
  /// Takes a key; what it asks of the driver is the result, if it asks for anything.
  public mutating func pressed(_ key: TerminalKey) -> Action? {
    message = nil
    if key == .endOfInput || key == .control("c") { return .quit }
    switch panel {
    case .moment:
      if key == .character("q") || key == .escape && !isZoomed { return .quit }
      pressedOnMoment(key)
    case .help(let top): pressedOnHelp(key, top)
    case .comparison(let comparison, let top): pressed(key, on: comparison, top)
    case .search(let words): pressed(key, searching: words)
    }
    return nil
  }

  private mutating func pressedOnMoment(_ key: TerminalKey) {
    switch key {
    case .character("?"): panel = .help(0)
    case .escape: isZoomed = false
    case .tab: focus(by: 1)
    case .backTab: focus(by: -1)
    case .character("z"): isZoomed.toggle()
    case .up: scroll(by: -1)
    case .down: scroll(by: 1)
    case .pageUp: scroll(by: 1 - max(2, height(of: focus)))
    case .pageDown: scroll(by: max(2, height(of: focus)) - 1)
    default:
      if timeline.count > 0 { pressedOnEvent(key) }
    }
  }

  private mutating func pressedOnEvent(_ key: TerminalKey) {
    switch key {
    case .right, .enter, .character("n"), .character(" "):
      go(to: index + 1, else: "This is the last step.")
    case .left, .backspace, .character("p"): go(to: index - 1, else: "This is the first step.")
    case .home, .character("g"): go(to: 0, else: "")
    case .end, .character("G"): go(to: timeline.count - 1, else: "")
    case .character("]"): go(to: nearest(1, where: timeline.isStart), else: "No later packet.")
    case .character("["): go(to: nearest(-1, where: timeline.isStart), else: "No earlier packet.")
    case .character("f"):
      go(to: nearestOfPacket(1), else: "Nothing more happens to this packet.")
    case .character("b"): go(to: nearestOfPacket(-1), else: "Here this packet begins.")
    case .character("d"): go(to: trace.nextDrop(after: index), else: "No later drop or loss.")
    case .character("D"):
      go(to: trace.previousDrop(before: index), else: "No earlier drop or loss.")
    case .character("t"):
      go(to: trace.nextTableChange(after: index), else: "No later change of a table.")
    case .character("T"):
      go(to: trace.previousTableChange(before: index), else: "No earlier change of a table.")
    case .character("/"): panel = .search("")
    case .character("."): repeatSearch(1)
    case .character(","): repeatSearch(-1)
    case .character("m"): mark()
    case .character("c"): compareWithMark()
    case .character("x"): compareTranslation()
    default: break
    }
  }

  // MARK: - Panes

  private mutating func focus(by step: Int) {
    let count = Pane.allCases.count
    focus = Pane.allCases[(focus.rawValue + step + count) % count]
  }

  private mutating func scroll(by count: Int) {
    guard timeline.count > 0 else { return }
    let content = content(of: focus)
    let height = height(of: focus)
    let top = tops[focus] ?? content.top(height: height)
    tops[focus] = content.clamped(top + count, height)
  }

  // MARK: - Search

  private mutating func pressed(_ key: TerminalKey, searching words: String) {
    switch key {
    case .escape: panel = .moment
    case .backspace: panel = words.isEmpty ? .moment : .search(String(words.dropLast()))
    case .character(let character): panel = .search(words + String(character))
    case .enter:
      panel = .moment
      if !words.isEmpty { searched = words }
      repeatSearch(1)
    default: break
    }
  }

  private mutating func repeatSearch(_ step: Int) {
    guard !searched.isEmpty else {
      message = "Nothing was searched; '/' begins a search."
      return
    }
    go(
      to: match(step),
      else: StyledText("No \(step > 0 ? "later" : "earlier") step has '\(searched)'."))
  }

  // MARK: - Comparing

  private mutating func mark() {
    guard timeline.packet(at: index) != nil else {
      message = "There is no packet to mark here."
      return
    }
    marked = index
    message = "Marked. Go to another step; 'c' compares its packet with this one."
  }

  private mutating func compareWithMark() {
    guard marked != nil else {
      message = "First mark a packet with 'm'."
      return
    }
    guard let comparison = comparisonWithMark() else {
      message = "There is no packet to compare here."
      return
    }
    panel = .comparison(comparison, nil)
  }

  private mutating func compareTranslation() {
    guard let comparison = comparisonOfTranslation() else {
      message = "No router passes a packet on here."
      return
    }
    panel = .comparison(comparison, nil)
  }

  // MARK: - Panels that cover all

  private mutating func pressedOnHelp(_ key: TerminalKey, _ top: Int) {
    guard let top = scrolled(helpContent, key, from: top) else {
      panel = .moment
      return
    }
    panel = .help(top)
  }

  private mutating func pressed(_ key: TerminalKey, on comparison: Comparison, _ top: Int?) {
    let content = content(of: comparison)
    guard let top = scrolled(content, key, from: top ?? content.top(height: bodyHeight)) else {
      panel = .moment
      return
    }
    panel = .comparison(comparison, top)
  }

  /// How many lines are above the screen after a key; nil if the key closes the panel.
  private func scrolled(_ content: PaneContent, _ key: TerminalKey, from top: Int) -> Int? {
    let page = max(1, bodyHeight - content.heads.count - 1)
    switch key {
    case .up: return content.clamped(top - 1, bodyHeight)
    case .down: return content.clamped(top + 1, bodyHeight)
    case .pageUp: return content.clamped(top - page, bodyHeight)
    case .pageDown, .character(" "): return content.clamped(top + page, bodyHeight)
    case .home: return 0
    case .end: return content.clamped(.max, bodyHeight)
    case .resized: return content.clamped(top, bodyHeight)
    default: return nil
    }
  }
}
