import Testing

@testable import Terminal

@Suite struct WidgetTests {
  private let plain = Presentation(width: 60)

  // MARK: TextTable

  @Test("A table narrows its widest column before it wraps another")
  func tableNarrows() {
    let table = TextTable(
      columns: [.init("a"), .init("b")], rows: [["x", "one two three four five six"]])
    #expect(
      table.lines(plain.width(20)).map(\.text) == [
        "a  b", "x  one two three", "   four five six",
      ])
  }

  @Test("Missing cells are empty, and surplus ones are not shown")
  func tableRagged() {
    let table = TextTable(
      columns: [.init("a"), .init("b", .trailing)], rows: [["1"], ["1", "22", "3"]])
    #expect(table.lines(plain).map(\.text) == ["a   b", "1", "1  22"])
  }

  @Test("A table with no columns has no lines, one with no rows its header")
  func tableEmpty() {
    #expect(TextTable(columns: []).lines(plain).isEmpty)
    #expect(TextTable(columns: [.init("a")]).lines(plain).map(\.text) == ["a"])
  }

  @Test("Where words would be cut, rows become lists")
  func tableAsList() {
    let table = TextTable(
      columns: [.init("local"), .init("remote")], rows: [["10.0.0.2:5000", "203.0.113.7:40000"]])
    #expect(
      table.lines(plain.width(24)).map(\.text) == [
        "local: 10.0.0.2:5000", "remote:", "  203.0.113.7:40000",
      ])
  }

  // MARK: HexDump

  @Test("Ranges are put in order and clipped, and gaps are shown without a label")
  func dumpParts() {
    let dump = HexDump(
      [1, 2, 3, 4, 5, 6],
      ranges: [
        .init(4..<9, "last"), .init(1..<3, "first"), .init(2..<4, "overlap"),
        .init(7..<8, "beyond"),
      ])
    #expect(dump.parts.map(\.bytes) == [0..<1, 1..<3, 3..<4, 4..<6])
    #expect(dump.parts.map(\.label.text) == ["", "first", "overlap", "last"])
  }

  @Test("An empty range shows its label, and no bytes show nothing")
  func dumpEmpty() {
    let dump = HexDump([1], ranges: [.init(0..<0, "nothing here"), .init(0..<1, "one")])
    #expect(
      dump.lines(plain).map(\.text)
        == [
          "0000               nothing here", "0000  01           one",
        ])
    #expect(HexDump([]).lines(plain).isEmpty)
  }

  @Test(
    "Ranges outside the bytes are no error", arguments: [-5..<(-1), -5..<2, 3..<100, 100..<200])
  func dumpOutside(range: Range<Int>) {
    let lines = HexDump([1, 2, 3, 4], ranges: [.init(range, "x")]).lines(plain)
    let shown = lines.map(\.text).joined(separator: " ")
    #expect(["01", "02", "03", "04"].allSatisfy { shown.contains($0) })
  }

  // MARK: ProgressBar

  @Test("A bar is full only when all is done, and never out of range")
  func bar() {
    let rich = Presentation(plain: false, width: 30)
    func fill(_ done: Int, _ total: Int) -> Int {
      ProgressBar("", done: done, total: total).line(rich).text.count { $0 == "█" }
    }
    #expect(fill(0, 1000) == 0)
    #expect(fill(999, 1000) == 17)
    #expect(fill(1000, 1000) == 17)
    #expect(!ProgressBar("", done: 1000, total: 1000).line(rich).text.contains("░"))
    #expect(ProgressBar("", done: 999, total: 1000).line(rich).text.contains("░"))
    #expect(fill(5, 0) == 0)
    #expect(fill(-5, 10) == 0)
    #expect(ProgressBar("x", done: 50, total: 10).line(rich).text.hasSuffix("10 of 10"))
  }

  // MARK: Difference

  @Test("Equal texts have no difference, with or without the last line feed")
  func noDifference() {
    #expect(Difference(expected: "a\nb\n", actual: "a\nb").isEmpty)
    #expect(Difference(expected: "", actual: "").comparison.isEmpty)
    #expect(Difference(expected: "a\r\nb", actual: "a\nb").isEmpty)
  }

  @Test("A comparison applied to one text gives the other, over a small domain")
  func comparison() {
    let words = ["a", "b", "c"]
    var texts: [[String]] = [[]]
    for _ in 0..<4 { texts += texts.flatMap { text in words.map { text + [$0] } } }
    for old in Set(texts) {
      for new in Set(texts) {
        let lines = Difference(expected: old, actual: new).comparison
        var (before, after): ([String], [String]) = ([], [])
        for line in lines {
          switch line {
          case .same(let text):
            before.append(text)
            after.append(text)
          case .missing(let text): before.append(text)
          case .unexpected(let text): after.append(text)
          }
        }
        guard before == old, after == new else {
          Issue.record("\(old) against \(new) gave \(lines)")
          return
        }
      }
    }
  }

  @Test("The differing part is marked below where there are no styles")
  func carets() {
    let lines = Difference(expected: "port 40000 x", actual: "port 4711 x").lines(plain)
    #expect(
      lines.map(\.text) == [
        "- expected: port 40000 x", "+ actual:   port 4711 x", "                  ^^^",
      ])
  }

  @Test("The differing part has a style where there are styles")
  func highlight() {
    let rich = Presentation(colour: true, emphasis: true, plain: false)
    let lines = Difference(expected: "port 1", actual: "port 2").lines(rich)
    #expect(lines.map(\.text) == ["- expected  + actual", "- port 1", "+ port 2"])
    #expect(lines[1].spans.last == StyledSpan("1", .highlight))
  }

  @Test("Huge texts that share nothing are compared within bounds", .timeLimit(.minutes(1)))
  func huge() {
    let old = (0..<50_000).map { "old \($0)" }
    let new = (0..<50_000).map { "new \($0)" }
    let lines = Difference(expected: old, actual: new).comparison
    #expect(lines.count == 100_000)
  }

  @Test("Control characters in compared text are shown, not obeyed")
  func controls() {
    let lines = Difference(expected: "a", actual: "a\u{1B}[0m").lines(plain)
    #expect(lines[1].text == "+ actual:   a\\u{1B}[0m")
  }
}
