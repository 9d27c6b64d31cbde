import NATTable
import SansIO

/// The lines of a ladder while it is drawn.
///
/// No line is empty: what a packet is stands above its arrow and keeps it off the one before.
struct LadderPage {
  private let trace: Trace
  private let layout: LadderLayout
  /// The lines below the heads.
  private(set) var lines: [Ladder.Line] = []
  /// What is being drawn, as the place of its event.
  private var event: Int?

  init(_ trace: Trace, _ layout: LadderLayout) {
    self.trace = trace
    self.layout = layout
  }

  /// The names and addresses above the lines.
  var heads: [String] { layout.heads(trace).map(\.withoutTrailingSpaces) }

  /// The whole page.
  var text: String {
    (heads + lines.map(\.text) + legend).joined(separator: "\n")
  }

  /// What the signs mean that are on the page.
  var legend: [String] {
    let text = lines.map(\.text).joined()
    let signs: [(Character, String)] = [
      ("┃", "NAT"), ("╋", "a new mapping"), ("╂", "a mapping in use"), ("║", "firewall"),
      ("✗", "dropped or lost"),
    ]
    var rows: [String] = []
    for (sign, meaning) in signs where text.contains(sign) {
      let entry = "\(sign) \(meaning)"
      if let last = rows.last, last.count + 3 + entry.count <= layout.width {
        rows[rows.count - 1] += "   " + entry
      } else {
        rows.append(String(repeating: " ", count: LadderLayout.margin + 1) + entry)
      }
    }
    return rows
  }

  // MARK: - Rows

  /// Draws a packet or a note.
  mutating func add(_ rung: Rung) {
    event = rung.event
    switch rung {
    case .packet(let journey): add(journey)
    case .report(let text, let index): addNote("●", text, at: index)
    case .removed(let mapping, let index):
      addNote("−", "\(mapping.inside) ⇄ \(mapping.outside) expired", at: index)
    }
    event = nil
  }

  /// Draws a packet: what it is, its arrow, what NATs changed, and why it ended early.
  private mutating func add(_ journey: Journey) {
    // Whatever goes from one network to another goes through the Internet: that need not be said.
    var stops = journey.stops.enumerated().compactMap { number, node in
      node == .internet && number > 0 && number < journey.stops.count - 1
        ? nil : layout.columns[node]
    }
    // A packet that ended where there is no line ends between two.
    let ending = endingColumn(of: journey, after: stops)
    if let ending { stops.append(ending) }
    let runs = Self.runs(stops)
    var label = blank
    let span = runs.first ?? (stops.first ?? 0, stops.first ?? 0)
    let content = (journey.isCopy ? "again: " : "") + journey.words.content
    label.write(content, centeredIn: span.0, span.1, from: LadderLayout.margin)
    append(label)
    for (number, run) in runs.enumerated() {
      var line = blank
      if number == 0 { line.write(journey.start.pictured, endingAt: LadderLayout.margin - 1) }
      let isLast = number == runs.count - 1
      draw(
        run, journey, hasFailed: isLast && journey.hasFailed,
        isOpen: isLast && ending != nil, on: &line)
      append(line)
    }
    addFaces(journey, "from", \.source, runs)
    addFaces(journey, "to", \.destination, runs)
    addReason(journey)
  }

  /// Notes something beside a node's line, with a sign on the line.
  private mutating func addNote(_ sign: Character, _ text: String, at index: Int) {
    guard let column = layout.columns[trace.events[index].node] else { return }
    var line = blank
    line.write(trace.events[index].time.pictured, endingAt: LadderLayout.margin - 1)
    line[column] = sign
    // To the right of the line if there is room, or else to its left.
    let fits = column + 2 + text.count <= layout.width
    line.write(text, startingAt: fits ? column + 2 : max(0, column - 1 - text.count))
    append(line)
  }

  // MARK: - Arrows

  /// The parts of a way in one direction each: a hairpinned packet turns round.
  static func runs(_ stops: [Int]) -> [(Int, Int)] {
    var runs: [(Int, Int)] = []
    for (start, end) in zip(stops, stops.dropFirst()) where start != end {
      if let last = runs.last, (last.1 > last.0) == (end > start) {
        runs[runs.count - 1].1 = end
      } else {
        runs.append((start, end))
      }
    }
    return runs
  }

  /// Where the arrow of a packet ends that was lost between two lines; nil if it ends at one.
  private func endingColumn(of journey: Journey, after stops: [Int]) -> Int? {
    guard let last = stops.last else { return nil }
    switch journey.end {
    case .lost(let next, _):
      if let column = layout.columns[next] { return (last + column) / 2 }
    case .dropped where layout.columns[journey.stops[journey.stops.count - 1]] == nil: break
    case .onTheWay: break
    default: return nil
    }
    let half = (layout.nodes.count > 1 ? gap : 10) / 2
    return max(LadderLayout.margin, min(last + onward(after: stops) * half, layout.width - 1))
  }

  /// The direction in which a packet goes on: as before, or from its sender towards the Internet.
  private func onward(after stops: [Int]) -> Int {
    let last = stops[stops.count - 1]
    if stops.count > 1 { return last > stops[stops.count - 2] ? 1 : -1 }
    let columns = layout.nodes.compactMap { layout.columns[$0] }
    return 2 * last <= (columns.first ?? 0) + (columns.last ?? 0) ? 1 : -1
  }

  private var gap: Int {
    let columns = layout.nodes.prefix(2).compactMap { layout.columns[$0] }
    return columns.count == 2 ? columns[1] - columns[0] : 10
  }

  private func draw(
    _ run: (Int, Int), _ journey: Journey, hasFailed: Bool, isOpen: Bool, on line: inout [Character]
  ) {
    let step = run.1 > run.0 ? 1 : -1
    var column = run.0
    while column != run.1 {
      line[column] = sign(at: column, isStart: column == run.0, step, journey)
      column += step
    }
    if isOpen {
      if hasFailed { line[run.1] = "✗" }
    } else {
      line[run.1 - step] = hasFailed ? "✗" : step > 0 ? "▶" : "◀"
    }
  }

  private func sign(at column: Int, isStart: Bool, _ step: Int, _ journey: Journey) -> Character {
    guard let node = layout.nodes.first(where: { layout.columns[$0] == column }) else {
      return "─"
    }
    let kind = trace.nodes[node.index].kind
    if let crossing = journey.crossings.first(where: { $0.node == node }), !crossing.isHairpin {
      return crossing.makesMapping ? "╋" : "╂"
    }
    switch kind {
    case .nat: return isStart ? (step > 0 ? "┠" : "┨") : "╂"
    case .firewall: return isStart ? (step > 0 ? "╟" : "╢") : "╫"
    case .host, .internet: return isStart ? (step > 0 ? "├" : "┤") : "┼"
    }
  }

  // MARK: - What NATs changed, and why a packet ended

  /// Writes what NATs changed, each on both sides of its line.
  private mutating func addFaces(
    _ journey: Journey, _ word: String, _ face: KeyPath<PacketWords, String>, _ runs: [(Int, Int)]
  ) {
    var rows: [(line: [Character], free: Int)] = []
    let goesRight = runs.first.map { $0.1 > $0.0 } ?? true
    let crossings = journey.crossings.filter { $0.before[keyPath: face] != $0.after[keyPath: face] }
    for crossing in goesRight ? crossings : crossings.reversed() {
      guard let column = layout.columns[crossing.node] else { continue }
      let (before, after) = (crossing.before[keyPath: face], crossing.after[keyPath: face])
      var texts = [(goesRight ? before : after, false), (goesRight ? after : before, true)]
      if crossing.isHairpin { texts = [("\(before) ⇒ \(after)", !goesRight)] }
      let starts = texts.map { $0.1 ? column + 2 : column - 1 - $0.0.count }
      let end = (starts.last ?? 0) + (texts.last?.0.count ?? 0)
      var row = rows.firstIndex { $0.free <= (starts.first ?? 0) } ?? rows.count
      if row == rows.count {
        var line = blank
        line.write(word, endingAt: LadderLayout.margin - 1)
        rows.append((line, 0))
        row = rows.count - 1
      }
      for (text, start) in zip(texts, starts) {
        let latest = layout.width - text.0.count
        rows[row].line.write(text.0, startingAt: max(LadderLayout.margin, min(start, latest)))
      }
      rows[row].free = end + 1
    }
    for row in rows { append(row.line) }
  }

  private mutating func addReason(_ journey: Journey) {
    guard let text = journey.reason(in: trace) else { return }
    let start = LadderLayout.margin
    for (number, part) in Self.wrapped(text, layout.width - start - 2).enumerated() {
      var line = blank
      line.write(part, startingAt: start + (number == 0 ? 0 : 2))
      append(line)
    }
  }

  /// The text in lines; what stands in parentheses is not divided.
  private static func wrapped(_ text: String, _ width: Int) -> [String] {
    var parts: [String] = []
    var unit = ""
    for word in text.split(separator: " ") {
      unit += (unit.isEmpty ? "" : " ") + word
      if unit.hasPrefix("("), !word.contains(")") { continue }
      if let last = parts.last, last.count + 1 + unit.count <= width {
        parts[parts.count - 1] += " " + unit
      } else {
        parts.append(unit)
      }
      unit = ""
    }
    return unit.isEmpty ? parts : parts + [unit]
  }

  // MARK: - Lines

  /// A line with nothing but the nodes' lines.
  private var blank: [Character] {
    var line = Array(repeating: Character(" "), count: layout.width)
    for node in layout.nodes {
      guard let column = layout.columns[node] else { continue }
      switch trace.nodes[node.index].kind {
      case .nat: line[column] = "┃"
      case .firewall: line[column] = "║"
      case .host, .internet: line[column] = "│"
      }
    }
    return line
  }

  private mutating func append(_ line: [Character]) {
    lines.append(Ladder.Line(text: String(line).withoutTrailingSpaces, event: event))
  }
}

extension String {
  package var withoutTrailingSpaces: String {
    var line = Substring(self)
    while line.last == " " { line.removeLast() }
    return String(line)
  }
}

extension Journey {
  /// Whether the packet was dropped or lost.
  var hasFailed: Bool {
    switch end {
    case .dropped, .lost: true
    case .delivered, .consumed, .onTheWay: false
    }
  }
}

extension [Character] {
  fileprivate mutating func write(_ text: String, startingAt start: Int) {
    // A space on both sides keeps the text off the lines that it covers.
    if start > 0, start <= count, self[start - 1] != " " { self[start - 1] = " " }
    for (offset, character) in text.enumerated() where start + offset < count {
      self[start + offset] = character
    }
  }

  fileprivate mutating func write(_ text: String, endingAt end: Int) {
    write(text, startingAt: Swift.max(0, end - text.count))
  }

  /// Writes a text in the middle between two columns; if it is longer, over their lines.
  fileprivate mutating func write(
    _ text: String, centeredIn first: Int, _ second: Int, from margin: Int
  ) {
    let middle = (first + second) / 2
    let start = Swift.max(margin, Swift.min(middle - text.count / 2, count - text.count))
    write(text, startingAt: start)
  }
}
