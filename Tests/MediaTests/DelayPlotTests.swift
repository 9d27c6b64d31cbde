import Media
import Testing

@Suite struct DelayPlotTests {
  /// 120 packets: most take 20 ms, every tenth 4 ms more, one is late, four are lost.
  private static let plot = DelayPlot(
    (0..<120).map { index in
      switch index {
      case 30, 70, 71, 72: .init(delay: nil, isLate: false)
      case 50: .init(delay: .milliseconds(90), isLate: true)
      default: .init(delay: .milliseconds(index % 10 == 0 ? 24 : 20), isLate: false)
      }
    }, isRelative: false)

  @Test("The picture has delays upward, time to the right, and a row for what is lost")
  func text() {
    #expect(
      Self.plot.text(width: 44, height: 4) == """
          90 ms ┤              ○
                ┤
                ┤
          20 ms ┤•••••••••••••••••••••••••••••••••••
           lost ┤        x           2x
                └┬─────────────┬──────────────┬─────
                 0 s           1 s            2 s
                 ○ too late to be played
        """)
  }

  @Test("No line is wider than it may be", arguments: [1, 2, 3, 7, 49, 50, 51, 1000, 30_000])
  func widths(count: Int) {
    let plot = DelayPlot(
      (0..<count).map { .init(delay: .microseconds($0 % 7 * 1000), isLate: false) },
      isRelative: true)
    for width in [24, 42, 74, 200] {
      let lines = plot.text(width: width).split(separator: "\n")
      #expect(lines.allSatisfy { $0.count <= width && $0.last != " " })
    }
  }

  @Test("In words it says where packets are lost, and how each second was")
  func words() {
    #expect(
      Self.plot.words() == """
        120 packets in 2.40 s. Delay: at least 20.0 ms, on average 20.9 ms, at most 90.0 ms. 4 lost: at \
        0.60 s, 3 in a row at 1.40 s. 1 too late to be played: at 1.00 s.
        0 to 1 s: 49 of 50 packets came, after 20.0 to 24.0 ms
        1 to 2 s: 47 of 50 packets came, after 20.0 to 90.0 ms
        2 to 3 s: 20 of 20 packets came, after 20.0 to 24.0 ms
        """)
  }

  @Test("A long call has twelve lines at most, and places up to the sixth")
  func longWords() {
    let plot = DelayPlot(
      (0..<30_000).map { .init(delay: $0 % 100 == 9 ? nil : .milliseconds(5), isLate: false) },
      isRelative: true)
    let lines = plot.words().split(separator: "\n")
    #expect(lines.count <= 13)
    #expect(lines[0].hasPrefix("30000 packets in 600.00 s. Delay above the quickest packet's: "))
    #expect(lines[0].hasSuffix("at 10.18 s, and later."))
  }

  @Test("Without a packet there is nothing to draw")
  func empty() {
    for points in [[], [DelayPlot.Point(delay: nil, isLate: false)]] {
      let plot = DelayPlot(points, isRelative: true)
      #expect(plot.text() == "no packet has come" && plot.words() == "No packet has come.")
    }
  }
}
