import Testing

@testable import Terminal

struct WidthCase: CustomTestStringConvertible, Sendable {
  let name: String
  let text: String
  let width: Int

  init(_ name: String, _ text: String, _ width: Int) {
    self.name = name
    self.text = text
    self.width = width
  }

  var testDescription: String { name }

  static let all: [WidthCase] = [
    .init("nothing", "", 0),
    .init("ASCII", "203.0.113.7:40000", 17),
    .init("a letter with its accent composed", "\u{E9}", 1),
    .init("a letter and a combining accent", "e\u{301}", 1),
    .init("a letter and ten combining accents", "e" + String(repeating: "\u{301}", count: 10), 1),
    .init("a combining accent alone", "\u{301}", 0),
    .init("ideographs", "漢字", 4),
    .init("kana", "かな", 4),
    .init("half-width kana", "\u{FF76}", 1),
    .init("a full-width letter", "\u{FF21}", 2),
    .init("a Hangul syllable", "한", 2),
    .init("the same syllable in jamo", "\u{1112}\u{1161}\u{11AB}", 2),
    .init("Devanagari with a vowel sign", "कि", 2),
    .init("an emoji", "😀", 2),
    .init("an emoji with a skin tone", "👍🏽", 2),
    .init("a family joined by zero-width joiners", "👨‍👩‍👧‍👦", 2),
    .init("a rainbow flag", "🏳️‍🌈", 2),
    .init("a flag of two regional indicators", "🇩🇪", 2),
    .init("two flags", "🇩🇪🇫🇷", 4),
    .init("a flag of tags", "\u{1F3F4}\u{E0067}\u{E0062}\u{E0073}\u{E0063}\u{E0074}\u{E007F}", 2),
    .init("a heart as text", "\u{2764}", 1),
    .init("a heart as emoji", "\u{2764}\u{FE0F}", 2),
    .init("a keycap", "1\u{FE0F}\u{20E3}", 2),
    .init("a zero-width space", "a\u{200B}b", 2),
    .init("a zero-width joiner between letters", "a\u{200D}b", 2),
    .init("a soft hyphen in a word", "a\u{AD}b", 3),
    .init("box drawing", "┌─┐│█░", 6),
    .init("arrows and marks", "→←✓✗…", 5),
    .init("a tab at the start", "\t", 8),
    .init("a tab after seven columns", "1234567\tx", 9),
    .init("a tab after eight columns", "12345678\tx", 17),
    .init("a tab after wide characters", "漢字\tx", 9),
    .init("escape, as its picture", "\u{1B}[0m", 4),
    .init("delete, as its picture", "\u{7F}", 1),
    .init("a C1 control, as its escape", "\u{9B}", 6),
    .init("a bidirectional override, as its escape", "\u{202E}", 8),
    .init("a scalar with no assigned character", "\u{378}", 0),
    .init("the last scalar", "\u{10FFFF}", 0),
  ]
}

@Suite struct WidthTests {
  @Test("Text takes the columns a terminal gives it", arguments: WidthCase.all)
  func width(of sample: WidthCase) {
    #expect(sample.text.displayWidth == sample.width)
  }

  @Test("Sanitising does not change the width that was measured", arguments: WidthCase.all)
  func sanitised(of sample: WidthCase) {
    #expect(sample.text.sanitised(.pictures).displayWidth == sample.width)
  }

  @Test("Cutting text into cells loses no width", arguments: WidthCase.all)
  func cells(of sample: WidthCase) {
    let expanded = StyledText(sample.text).expandingTabs()
    #expect(expanded.cells.reduce(0) { $0 + $1.width } == sample.width)
  }

  @Test("The approximation agrees with the C library on what lessons use")
  func approximation() {
    for scalar in "aé\u{301}漢か한😀→─█✓\u{200D}\u{FF21}".unicodeScalars {
      #expect(DisplayWidth.approximateWidth(of: scalar) == DisplayWidth.of(Character(scalar)))
    }
  }

  @Test("A cluster that reaches over a change of style is counted once")
  func acrossStyles() {
    let text = StyledText("e", .code) + StyledText("\u{301}x")
    #expect(text.displayWidth == 2)
    #expect(text.cells.map(\.character) == ["e\u{301}", "x"])
    #expect(text.cells.map(\.span.role) == [.code, .plain])
  }
}
