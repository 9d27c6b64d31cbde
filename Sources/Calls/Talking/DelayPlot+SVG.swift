public import Media
import Simulator

extension DelayPlot {
  /// The picture as SVG: a stroke for each packet, and red ones below for those that are lost.
  ///
  /// - Complexity: O(*n*) in the packets.
  public func svg() -> String {
    var picture = SVGPicture()
    guard let range = delayRange else {
      picture.add(text(), at: 16, 34, "muted")
      return picture.document(title: Self.title, description: words())
    }
    let labels = [Self.rounded(range.upperBound), Self.rounded(range.lowerBound)]
    let left = 24 + SVGPicture.width(longest: labels + ["lost"])
    let (top, bottom, right) = (24, 24 + Self.height, left + Self.width)
    let axis = bottom + (lostCount > 0 ? Self.lostHeight : 0)
    for (label, y) in zip(labels, [top, bottom]) {
      picture.add(label, at: left - 8, y + 4, "muted", .end)
      picture.addLine(from: (left, y), to: (right, y), "host")
    }
    if lostCount > 0 {
      picture.add("lost", at: left - 8, axis - 4, "failed-text", .end)
      picture.addLine(from: (left, axis), to: (right, axis), "host")
    }
    addSeconds(to: &picture, left, axis)
    addPackets(to: &picture, in: range, left, top)
    var y = axis + 2 * SVGPicture.line + 12
    for line in legend {
      picture.add(line.text, at: left, y, line.style)
      y += SVGPicture.line
    }
    return picture.document(title: Self.title, description: words(), width: right + 24)
  }

  private static let title = "The delay of each packet"
  private static let (width, height, lostHeight) = (600, 140, 24)

  /// How far to the right a packet is.
  private func x(of index: Int, _ left: Int) -> Int {
    left + index * Self.width / max(1, points.count)
  }

  private func addSeconds(to picture: inout SVGPicture, _ left: Int, _ bottom: Int) {
    let perSecond = Int(Duration.seconds(1) / MediaConfiguration.packetDuration)
    let step = max(1, (points.count + 12 * perSecond - 1) / (12 * perSecond))
    for second in stride(from: 0, through: points.count / perSecond, by: step) {
      let x = x(of: second * perSecond, left)
      picture.addLine(from: (x, bottom), to: (x, bottom + 6), "host")
      picture.add("\(second) s", at: x, bottom + 22, "muted", .middle)
    }
  }

  private func addPackets(
    to picture: inout SVGPicture, in range: ClosedRange<Duration>, _ left: Int, _ top: Int
  ) {
    let span = max((range.upperBound - range.lowerBound) / .nanoseconds(1), 1)
    let stroke = max(4, Self.width / max(1, points.count) - 2)
    var (inTime, late, lost) = ("", "", "")
    for (index, point) in points.enumerated() {
      let x = x(of: index, left)
      guard let delay = point.delay else {
        lost += "M\(x + 2) \(top + Self.height + 6)v\(Self.lostHeight - 8)"
        continue
      }
      let above = (delay - range.lowerBound) / .nanoseconds(1) / span
      let y = top + Self.height - Int(above * Double(Self.height))
      if point.isLate { late += "M\(x) \(y)h\(stroke)" } else { inTime += "M\(x) \(y)h\(stroke)" }
    }
    for (path, style) in [(lost, "lost"), (inTime, "packet"), (late, "nat")] where !path.isEmpty {
      picture.addPath(path, style)
    }
  }

  /// What the strokes mean, and how many of each there are.
  private var legend: [(text: String, style: String)] {
    let inTime = points.count - lostCount - lateCount
    let above = isRelative ? ", delays above the quickest packet's" : ""
    var lines = [("\(inTime) of \(points.count) packets in time\(above)", "")]
    if lostCount > 0 { lines.append(("\(lostCount) lost", "failed-text")) }
    if lateCount > 0 { lines.append(("\(lateCount) too late to be played", "nat-text")) }
    return lines
  }
}
