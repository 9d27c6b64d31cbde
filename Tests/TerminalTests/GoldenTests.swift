import Foundation
import Terminal
import Testing

/// Compares screens with `Golden/*.txt`; `RECORD_GOLDEN=1 swift test` writes them anew.
@Suite struct GoldenTests {
  static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Golden")

  static let looks: [(name: String, presentation: Presentation)] = [
    ("plain", Presentation()),
    ("ansi", Presentation(colour: true, emphasis: true, plain: false)),
    ("ascii", Presentation(colour: false, emphasis: true, plain: false, unicode: false)),
  ]

  @Test(
    "The sampler looks as recorded", arguments: [40, 80, 120], ["plain", "ansi", "ascii"])
  func sampler(width: Int, look: String) throws {
    let presentation = try #require(Self.looks.first { $0.name == look }).presentation.width(width)
    // Escape characters are made visible, so that the files can be read and compared anywhere.
    let actual = presentation.render(TerminalTests.sampler(presentation))
      .replacing("\u{1B}", with: "␛")
    let file = Self.folder.appending(path: "sampler-\(width)-\(look).txt")
    if ProcessInfo.processInfo.environment["RECORD_GOLDEN"] == "1" {
      try FileManager.default.createDirectory(at: Self.folder, withIntermediateDirectories: true)
      try Data(actual.utf8).write(to: file)
    }
    let expected = String(decoding: try Data(contentsOf: file), as: UTF8.self)
    let difference = Difference(expected: expected, actual: actual)
    #expect(difference.isEmpty, "\(Presentation().render(difference.lines(Presentation())))")
  }

  @Test("No widget writes beyond the width it was given", arguments: 20...130)
  func width(width: Int) {
    for (name, presentation) in Self.looks {
      let presentation = presentation.width(width)
      for line in widgets(presentation) {
        #expect(line.displayWidth <= width, "\(name) at \(width): \(line.text)")
      }
    }
  }

  @Test("Plain output holds no escape sequence and no drawing")
  func plainIsPlain() {
    let presentation = Presentation(width: 80)
    let output = presentation.render(TerminalTests.sampler(presentation))
    #expect(!output.unicodeScalars.contains("\u{1B}"))
    #expect(!output.unicodeScalars.contains { (0x2500...0x25FF).contains($0.value) })
  }

  @Test("With a locale other than UTF-8, drawings and symbols are ASCII")
  func asciiFallback() {
    let presentation = Presentation(emphasis: true, plain: false, unicode: false)
    let output = presentation.render(TerminalTests.sampler(presentation))
    let others = output.unicodeScalars.filter { !$0.isASCII && !$0.properties.isAlphabetic }
    #expect(others.allSatisfy { $0 == "\u{301}" })
  }
}
