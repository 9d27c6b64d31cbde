import NATTable
import SansIO
import TransportAddress

extension Ladder {
  /// The ladder as an SVG picture, light and dark by what the page's reader prefers.
  ///
  /// Its description is the ladder in words.
  public func svg() -> String {
    var drawing = LadderDrawing(trace)
    let rungs = trace.rungs(through: trace.events.count - 1)
    drawing.place(rungs)
    for rung in rungs { drawing.add(rung) }
    drawing.finish()
    return drawing.picture.document(
      title: "Ladder: " + drawing.names.joined(separator: ", "), description: words(),
      width: drawing.width)
  }
}

/// A ladder as a picture, from top to bottom.
struct LadderDrawing {
  private(set) var picture = SVGPicture()
  private let trace: Trace
  private let nodes: [NodeID]
  private var columns: [NodeID: Int] = [:]
  private var gap = 140
  /// Where the next rung begins.
  private var top = 84
  private var signs: Set<Sign> = []

  /// What the legend explains.
  private enum Sign: Hashable, CaseIterable {
    case made, used, failed

    var meaning: String {
      switch self {
      case .made: "the packet makes a mapping"
      case .used: "the packet uses a mapping"
      case .failed: "dropped or lost"
      }
    }
  }

  private static let margin = 84
  private static let headHeight = 60

  init(_ trace: Trace) {
    self.trace = trace
    nodes = LadderLayout.order(trace)
  }

  var names: [String] { nodes.map { trace.nodes[$0.index].name } }

  /// As wide as the heads and the texts beside the last line need.
  var width: Int {
    let last = nodes.last.flatMap { columns[$0] } ?? Self.margin
    return max(picture.right, last + labelWidth(of: nodes.last) / 2) + 16
  }

  private func labelWidth(of node: NodeID?) -> Int {
    guard let node else { return 0 }
    let head = trace.nodes[node.index]
    return SVGPicture.width(longest: [head.name, head.address?.description ?? ""]) + 16
  }

  // MARK: - Columns

  /// Finds the columns: as far apart as the longest texts between them need.
  mutating func place(_ rungs: [Rung]) {
    for node in nodes { gap = max(gap, labelWidth(of: node) + 8) }
    for case .packet(let journey) in rungs {
      for crossing in journey.crossings {
        for text in [
          crossing.before.source, crossing.after.source, crossing.before.destination,
          crossing.after.destination,
        ] {
          gap = max(gap, SVGPicture.width(text) + 20)
        }
      }
      let places = journey.stops.compactMap { nodes.firstIndex(of: $0) }
      let span = (places.max() ?? 0) - (places.min() ?? 0)
      gap = max(gap, (SVGPicture.width(journey.words.content) + 20) / max(1, span))
    }
    let left = Self.margin + max(20, labelWidth(of: nodes.first) / 2)
    for (number, node) in nodes.enumerated() { columns[node] = left + gap * number }
  }

  // MARK: - Rungs

  mutating func add(_ rung: Rung) {
    switch rung {
    case .packet(let journey): add(journey)
    case .report(let text, let index): addNote(text, at: index)
    case .removed(let mapping, let index):
      addNote("− \(mapping.inside) ⇄ \(mapping.outside) expired", at: index)
    }
  }

  /// A note right of a node's line, or left of it where it would leave the picture.
  private mutating func addNote(_ text: String, at index: Int) {
    let event = trace.events[index]
    guard let column = columns[event.node] else { return }
    picture.add(event.time.pictured, at: Self.margin - 8, top + 14, "muted", .end)
    let last = nodes.last.flatMap { columns[$0] } ?? column
    let fits = column + SVGPicture.width(text) + 12 <= last + gap / 2
    picture.addDot(at: column, top + 10, "used")
    picture.addOverLines(
      text, at: fits ? column + 12 : column - 12, top + 14, "", fits ? .start : .end)
    top += 34
  }

  private mutating func add(_ journey: Journey) {
    var stops = journey.stops.enumerated().compactMap { number, node in
      node == .internet && number > 0 && number < journey.stops.count - 1 ? nil : columns[node]
    }
    guard let first = stops.first else { return }
    let isOpen = ends(journey, openAfter: stops)
    if isOpen { stops.append(openEnd(of: journey, after: stops)) }
    let runs = LadderPage.runs(stops)
    let content = (journey.isCopy ? "again: " : "") + journey.words.content
    let span = runs.first ?? (first, first)
    picture.addOverLines(content, at: (span.0 + span.1) / 2, top + 14, "name", .middle)
    var y = top + 26
    picture.add(journey.start.pictured, at: Self.margin - 8, y + 4, "muted", .end)
    for (number, run) in runs.enumerated() {
      let isLast = number == runs.count - 1
      addArrow(run, y, journey, isLast: isLast, isOpen: isOpen)
      if !isLast { y += 14 }
    }
    y += 4
    addFaces(journey, "from", \.source, runs, &y)
    addFaces(journey, "to", \.destination, runs, &y)
    addReason(journey, &y)
    top = y + 18
  }

  private mutating func addArrow(
    _ run: (Int, Int), _ y: Int, _ journey: Journey, isLast: Bool, isOpen: Bool
  ) {
    let step = run.1 > run.0 ? 1 : -1
    let hasFailed = isLast && journey.hasFailed
    let end = run.1 - (isOpen && isLast ? 0 : 3 * step)
    picture.addLine(from: (run.0, y), to: (end - (hasFailed ? 6 * step : 0), y), "packet")
    if hasFailed {
      signs.insert(.failed)
      let x = end - 8 * step
      picture.addPath("M\(x - 6) \(y - 6)l12 12M\(x - 6) \(y + 6)l12 -12", "lost")
    } else if !(isLast && isOpen) {
      picture.addPath("M\(end) \(y)l\(-10 * step) -5v10z", "head")
    }
    for crossing in journey.crossings where !crossing.isHairpin {
      guard let column = columns[crossing.node],
        (min(run.0, run.1)...max(run.0, run.1)).contains(column)
      else { continue }
      signs.insert(crossing.makesMapping ? .made : .used)
      picture.addDot(at: column, y, crossing.makesMapping ? "made" : "used")
    }
  }

  // MARK: - What all rungs stand on

  /// Draws the lines of the nodes, their heads and the legend.
  mutating func finish() {
    picture.isDrawingBehind = true
    for node in nodes {
      guard let column = columns[node] else { continue }
      let head = trace.nodes[node.index]
      let style =
        switch head.kind {
        case .nat: "nat"
        case .firewall: "firewall"
        case .host, .internet: "host"
        }
      picture.addLine(from: (column, Self.headHeight), to: (column, top), style)
      let width = labelWidth(of: node)
      picture.addBox(
        x: column - width / 2, y: 12, width: width, height: Self.headHeight - 12,
        head.kind == .nat ? "nat-box" : "box")
      picture.add(head.name, at: column, 32, "name", .middle)
      if let address = head.address {
        picture.add(address.description, at: column, 50, "muted", .middle)
      }
    }
    picture.isDrawingBehind = false
    addLegend()
  }

  private mutating func addLegend() {
    top += 22
    var x = Self.margin
    func next(_ text: String) { x += SVGPicture.width(text) + 44 }
    for sign in Sign.allCases where signs.contains(sign) {
      switch sign {
      case .made: picture.addDot(at: x, top - 4, "made")
      case .used: picture.addDot(at: x, top - 4, "used")
      case .failed:
        picture.addPath("M\(x - 6) \(top - 10)l12 12M\(x - 6) \(top + 2)l12 -12", "lost")
      }
      picture.add(sign.meaning, at: x + 14, top, "muted")
      next(sign.meaning)
    }
  }

  // MARK: - Ends

  /// Whether a packet ended, or is, where there is no line.
  private func ends(_ journey: Journey, openAfter stops: [Int]) -> Bool {
    switch journey.end {
    case .lost, .onTheWay: true
    case .dropped: columns[journey.stops[journey.stops.count - 1]] == nil
    case .delivered, .consumed: false
    }
  }

  private func openEnd(of journey: Journey, after stops: [Int]) -> Int {
    let last = stops[stops.count - 1]
    if case .lost(let next, _) = journey.end, let column = columns[next] {
      return (last + column) / 2
    }
    let middle = nodes.compactMap { columns[$0] }.reduce(0, +) / max(1, nodes.count)
    let isRightward = stops.count > 1 ? last > stops[stops.count - 2] : last <= middle
    return last + (isRightward ? gap / 2 : -gap / 2)
  }

  private mutating func addReason(_ journey: Journey, _ y: inout Int) {
    guard let text = journey.reason(in: trace) else { return }
    y += SVGPicture.line
    picture.addOverLines(text, at: Self.margin, y, journey.hasFailed ? "failed-text" : "muted")
  }

  /// What NATs changed, each on both sides of its line.
  private mutating func addFaces(
    _ journey: Journey, _ word: String, _ face: KeyPath<PacketWords, String>, _ runs: [(Int, Int)],
    _ y: inout Int
  ) {
    let goesRight = runs.first.map { $0.1 > $0.0 } ?? true
    let crossings = journey.crossings.filter { $0.before[keyPath: face] != $0.after[keyPath: face] }
    for crossing in goesRight ? crossings : crossings.reversed() {
      guard let column = columns[crossing.node] else { continue }
      y += SVGPicture.line
      let (before, after) = (crossing.before[keyPath: face], crossing.after[keyPath: face])
      picture.add(word, at: Self.margin - 8, y, "muted", .end)
      if crossing.isHairpin {
        picture.add("\(before) ⇒ \(after)", at: column - 10, y, "nat-text", .end)
      } else {
        picture.add(goesRight ? before : after, at: column - 10, y, "nat-text", .end)
        picture.add(goesRight ? after : before, at: column + 10, y, "nat-text")
      }
    }
  }
}
