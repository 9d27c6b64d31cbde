import NATTable
import TransportAddress

extension Topology {
  /// The tree as an SVG picture, light and dark by what the page's reader prefers.
  ///
  /// The Internet is on top; its description is the tree in words.
  /// - Parameter showingBehavior: whether how NATs behave stands below their names.
  public func svg(showingBehavior: Bool = true) -> String {
    var drawing = TopologyDrawing(trace, showingBehavior: showingBehavior)
    drawing.add(0, x: 16, y: 16)
    return drawing.picture.document(
      title: "Topology", description: words(showingBehavior: showingBehavior))
  }
}

/// A tree of boxes, each in the middle above those that are behind it.
private struct TopologyDrawing {
  private(set) var picture = SVGPicture()
  private let trace: Trace
  private let showsBehavior: Bool
  private var children: [[Int]]

  private static let gap = 20
  private static let levelGap = 36

  init(_ trace: Trace, showingBehavior: Bool) {
    self.trace = trace
    showsBehavior = showingBehavior
    children = Array(repeating: [], count: trace.nodes.count)
    for (index, node) in trace.nodes.enumerated() {
      if let parent = node.parent { children[parent.index].append(index) }
    }
  }

  /// The width of a node with all behind it.
  private func width(of index: Int) -> Int {
    let below =
      children[index].map(width).reduce(0, +)
      + Self.gap * max(0, children[index].count - 1)
    return max(boxWidth(of: index), below)
  }

  private func boxWidth(of index: Int) -> Int {
    SVGPicture.width(longest: lines(of: index)) + 24
  }

  /// Draws a node, and what is behind it, in a space that begins at a point.
  ///
  /// - Returns: the middle of its box.
  @discardableResult
  mutating func add(_ index: Int, x: Int, y: Int) -> Int {
    let lines = lines(of: index)
    let (boxWidth, width) = (boxWidth(of: index), width(of: index))
    let middle = x + width / 2
    let height = SVGPicture.line * lines.count + 14
    let isNAT = trace.nodes[index].kind == .nat
    picture.addBox(
      x: middle - boxWidth / 2, y: y, width: boxWidth, height: height, isNAT ? "nat-box" : "box")
    for (number, line) in lines.enumerated() {
      picture.add(
        line, at: middle, y + 20 + SVGPicture.line * number,
        number == 0 ? "name" : "muted", .middle)
    }
    let below = y + height + Self.levelGap
    var left = x + (width - widthBelow(index)) / 2
    for child in children[index] {
      let childMiddle = add(child, x: left, y: below)
      // Down, across and down, so that lines to many hosts do not cross their boxes.
      let turn = below - Self.levelGap / 2
      picture.isDrawingBehind = true
      picture.addPath("M\(middle) \(y + height)V\(turn)H\(childMiddle)V\(below)", "edge")
      picture.isDrawingBehind = false
      left += self.width(of: child) + Self.gap
    }
    return middle
  }

  private func widthBelow(_ index: Int) -> Int {
    children[index].map(width).reduce(0, +) + Self.gap * max(0, children[index].count - 1)
  }

  private func lines(of index: Int) -> [String] {
    let node = trace.nodes[index]
    var lines = [node.name]
    switch node.kind {
    case .internet: break
    case .host: lines += node.addresses.map(\.description)
    case .firewall: lines += ["firewall"] + node.gateways.map { "inside \($0)" }
    case .nat:
      lines += [node.address.map { "outside \($0)" }].compactMap { $0 }
      lines += node.gateways.map { "inside \($0)" }
    }
    if showsBehavior, let nat = node.nat {
      lines += ["mapping: \(nat.mapping)", "filtering: \(nat.filtering)"]
    }
    return lines
  }
}
