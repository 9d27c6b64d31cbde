import SansIO

/// Each packet's delay in the order of sending, with those that are lost or come too late.
///
/// ```
///   36 ms ┤            •
///         ┤     •      •    ○
///         ┤  •  •  •  ••  • •
///   20 ms ┤••••••••••••••••••
///    lost ┤   x      2
///         └┬─────────┬───────
///          0 s       1 s
/// ```
/// `•` is a packet that was played, `○` one that came too late; where packets of a column are lost, there
/// is an `x` or how many.
public struct DelayPlot: Hashable, Sendable {
  /// What became of a packet.
  public struct Point: Hashable, Sendable {
    /// How long it was on its way; nil if it is lost.
    public let delay: Duration?
    /// Whether it came too late to be played.
    public let isLate: Bool

    /// A packet.
    public init(delay: Duration?, isLate: Bool) {
      (self.delay, self.isLate) = (delay, isLate)
    }
  }

  /// The packets in the order of sending, 20 ms apart.
  public let points: [Point]
  /// Whether the delays count from the quickest packet's.
  public let isRelative: Bool

  /// A picture of these packets.
  public init(_ points: [Point], isRelative: Bool) {
    (self.points, self.isRelative) = (points, isRelative)
  }

  /// When a packet was sent, since the first.
  package static func time(ofPacket index: Int) -> Duration {
    MediaConfiguration.packetDuration * index
  }

  /// The least and the greatest delay; nil if no packet has come.
  package var delayRange: ClosedRange<Duration>? {
    let delays = points.compactMap(\.delay)
    guard let least = delays.min(), let greatest = delays.max() else { return nil }
    return least...greatest
  }

  /// How many packets are lost.
  package var lostCount: Int { points.count { $0.delay == nil } }
  /// How many came too late to be played.
  package var lateCount: Int { points.count(where: \.isLate) }
}

extension DelayPlot: CustomStringConvertible {
  /// As text, 74 columns wide.
  public var description: String { text() }

  /// The picture as text.
  ///
  /// - Parameters:
  ///   - width: how many columns there are, 24 at least.
  ///   - height: how many lines are for delays, 2 at least.
  /// - Complexity: O(*n* + width × height).
  public func text(width: Int = 74, height: Int = 8) -> String {
    guard let range = delayRange else { return "no packet has come" }
    let height = max(2, height)
    let (top, base) = (Self.rounded(range.upperBound), Self.rounded(range.lowerBound))
    let labels = [top, base, "lost"]
    let labelWidth = labels.map(\.count).max() ?? 0
    let columnCount = min(max(24, width) - labelWidth - 4, max(1, points.count))
    var cells = [[Character]](
      repeating: [Character](repeating: " ", count: columnCount), count: height)
    var lost = [Int](repeating: 0, count: columnCount)
    for (index, point) in points.enumerated() {
      let column = index * columnCount / points.count
      guard let delay = point.delay else {
        lost[column] += 1
        continue
      }
      let row = Self.row(of: delay, in: range, height)
      if cells[row][column] != "•" { cells[row][column] = point.isLate ? "○" : "•" }
    }
    func line(_ label: String, _ content: [Character]) -> String {
      ("  " + String(repeating: " ", count: labelWidth - label.count) + label + " ┤"
        + String(content)).withoutSpacesAtEnd
    }
    var lines = cells.enumerated().map { row, content in
      line(row == 0 ? top : row == height - 1 ? base : "", content)
    }
    if lost.contains(where: { $0 > 0 }) {
      lines.append(
        line("lost", lost.map { $0 == 0 ? " " : $0 == 1 ? "x" : $0 > 9 ? "+" : Character("\($0)") })
      )
    }
    let margin = String(repeating: " ", count: labelWidth + 3)
    let axis = axis(columnCount)
    lines += [margin + "└" + axis.line, margin + " " + axis.labels]
    if lateCount > 0 { lines.append(margin + " ○ too late to be played") }
    return lines.joined(separator: "\n")
  }

  /// The row of a delay, the greatest in the first.
  private static func row(of delay: Duration, in range: ClosedRange<Duration>, _ height: Int) -> Int
  {
    let span = range.lowerBound.duration(to: range.upperBound)
    guard span > 0 else { return height - 1 }
    let above = range.lowerBound.duration(to: delay)
    return height - 1 - Int(Double(above) / Double(span) * Double(height - 1))
  }

  /// The axis of time, with a mark for each second, or as many as there is room for.
  private func axis(_ columnCount: Int) -> (line: String, labels: String) {
    let perSecond = Int(Duration.seconds(1) / MediaConfiguration.packetDuration)
    // A label and a space take 6 columns.
    var step = 1
    while step * perSecond * columnCount / points.count < 6 { step *= step.firstDigit == 2 ? 5 : 2 }
    var line = [Character](repeating: "─", count: columnCount)
    var labels = ""
    for second in stride(from: 0, to: points.count / perSecond + 1, by: step) {
      let column = second * perSecond * columnCount / points.count
      guard column < columnCount else { break }
      line[column] = "┬"
      let label = "\(second) s"
      // The last one may have no room, and the first one is all that a short call has.
      guard second == 0 || column + label.count <= columnCount else { break }
      labels += String(repeating: " ", count: max(0, column - labels.count)) + label
    }
    return (String(line), labels)
  }

  /// In whole milliseconds.
  package static func rounded(_ duration: Duration) -> String {
    "\((duration.wholeNanoseconds + 500_000) / 1_000_000) ms"
  }

  // MARK: - In words

  /// The picture in words, for screen readers and simple terminals.
  public func words() -> String {
    guard let range = delayRange else { return "No packet has come." }
    let delays = points.compactMap(\.delay)
    let mean = delays.reduce(.zero, +) / delays.count
    let whose = isRelative ? "Delay above the quickest packet's" : "Delay"
    var sentences = [
      "\(points.count) packets in \(Self.time(ofPacket: points.count).seconds).",
      "\(whose): at least \(range.lowerBound.milliseconds), on average \(mean.milliseconds), at most "
        + "\(range.upperBound.milliseconds).",
      "\(lostCount == 0 ? "None" : "\(lostCount)") lost\(places { $0.delay == nil }).",
    ]
    if lateCount > 0 { sentences.append("\(lateCount) too late to be played\(places(\.isLate)).") }
    return sentences.joined(separator: " ") + "\n" + seconds().joined(separator: "\n")
  }

  /// Where packets of a kind are, the first six rows of them: `: at 0.42 s, 3 in a row at 1.10 s`.
  private func places(_ isOne: (Point) -> Bool) -> String {
    var rows: [Range<Int>] = []
    for (index, point) in points.enumerated() where isOne(point) {
      if let last = rows.last, last.upperBound == index {
        rows[rows.count - 1] = last.lowerBound..<index + 1
      } else {
        rows.append(index..<index + 1)
      }
    }
    guard !rows.isEmpty else { return "" }
    let places = rows.prefix(6).map { row in
      (row.count > 1 ? "\(row.count) in a row " : "")
        + "at \(Self.time(ofPacket: row.lowerBound).seconds)"
    }
    return ": " + places.joined(separator: ", ") + (rows.count > 6 ? ", and later" : "")
  }

  /// What came in each second, or in as many as make twelve lines at most.
  private func seconds() -> [String] {
    let perSecond = Int(Duration.seconds(1) / MediaConfiguration.packetDuration)
    let step = max(1, (points.count + 12 * perSecond - 1) / (12 * perSecond))
    return stride(from: 0, to: points.count, by: step * perSecond).map { first in
      let part = points[first..<min(points.count, first + step * perSecond)]
      let delays = part.compactMap(\.delay)
      let start = first / perSecond
      let span = "\(start) to \(start + step) s: \(delays.count) of \(part.count) packets came"
      guard let least = delays.min(), let greatest = delays.max() else { return span }
      return "\(span), after \(least.milliseconds.dropLast(3)) to \(greatest.milliseconds)"
    }
  }
}

extension Int {
  /// The first decimal digit.
  fileprivate var firstDigit: Int { self < 10 ? self : (self / 10).firstDigit }
}

extension Duration {
  /// The nanoseconds from this duration to another.
  fileprivate func duration(to other: Duration) -> Int64 { (other - self).wholeNanoseconds }
}

extension String {
  fileprivate var withoutSpacesAtEnd: String {
    guard let end = lastIndex(where: { $0 != " " }) else { return "" }
    return String(self[...end])
  }
}
