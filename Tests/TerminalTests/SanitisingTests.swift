import Testing

@testable import Terminal

@Suite struct SanitisingTests {
  @Test("Every C0 and C1 control and DEL is made visible, save line feed and tab")
  func controls() {
    for value in Array(0x00...0x1F) + Array(0x7F...0x9F) {
      let text = "a" + String(Unicode.Scalar(UInt32(value))!) + "b"
      for style in [ControlStyle.pictures, .escapes] {
        let shown = text.sanitised(style)
        if value == 0x09 || value == 0x0A {
          #expect(shown == text)
        } else {
          #expect(
            !shown.unicodeScalars.contains { $0.value < 0x20 || (0x7F...0x9F).contains($0.value) })
          #expect(shown != "ab")
        }
      }
    }
  }

  @Test(
    "Controls have a picture, or an escape where there is none",
    arguments: [
      ("\u{1B}[31m", "␛[31m", "\\u{1B}[31m"), ("\u{7F}", "␡", "\\u{7F}"), ("\0", "␀", "\\u{0}"),
      ("\u{9B}2J", "\\u{9B}2J", "\\u{9B}2J"), ("\u{202E}abc", "\\u{202E}abc", "\\u{202E}abc"),
      ("\u{2066}x\u{2069}", "\\u{2066}x\\u{2069}", "\\u{2066}x\\u{2069}"),
      ("a\u{2028}b", "a\\u{2028}b", "a\\u{2028}b"), ("a\rb", "a␍b", "a\\u{D}b"),
    ])
  func pictures(text: String, picture: String, escape: String) {
    #expect(text.sanitised(.pictures) == picture)
    #expect(text.sanitised(.escapes) == escape)
  }

  @Test("A carriage return before a line feed goes, for the line feed says it all")
  func carriageReturn() {
    #expect("a\r\nb\r\n".sanitised(.pictures).unicodeScalars.elementsEqual("a\nb\n".unicodeScalars))
  }

  @Test("Letters, accents, joined emoji and flags stay as they are")
  func harmless() {
    for text in ["é", "e\u{301}", "漢字", "👨‍👩‍👧‍👦", "🏳️‍🌈", "שלום", "a\tb\nc", "…→─"] {
      #expect(text.sanitised(.pictures) == text)
      #expect(text.sanitised(.escapes) == text)
    }
  }

  @Test("Sanitising twice is sanitising once")
  func idempotent() {
    let everything = String(
      String.UnicodeScalarView((0...0x2100).compactMap(Unicode.Scalar.init(_:))))
    for style in [ControlStyle.pictures, .escapes] {
      let once = everything.sanitised(style)
      #expect(once.sanitised(style) == once)
    }
  }

  @Test("No back end lets a control through, and each keeps line feeds and fills tabs")
  func backEnds() {
    let text = StyledText("a\tb\u{1B}]0;title\u{7}\n\u{9B}2J", .code)
    #expect(Presentation().render(text) == "a       b\\u{1B}]0;title\\u{7}\n\\u{9B}2J")
    let ansi = Presentation(colour: true, emphasis: true, plain: false).render(text)
    #expect(
      ansi == "\u{1B}[32ma       b␛]0;title␇\u{1B}[0m\n\u{1B}[32m\\u{9B}2J\u{1B}[0m")
  }
}
