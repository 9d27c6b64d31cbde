import Lessons
import NoteFormat
import Terminal
import Testing

/// Code on a page: its frame stays, however wide the code and however narrow the screen.
@Suite struct CodeFrameTests {
  /// Code as wide as a note may have it, within a string and without.
  private static let code = [
    #"let name = "a text of several words that is far too long for a line of a narrow screen""#,
    "let total = firstNumber + secondNumber + thirdNumber + fourthNumber + fifthNumber",
    "if total > 1 {",
    "}",
  ]

  private func lines(
    _ code: [String], columns: Int, plain: Bool = false, unicode: Bool = true
  ) throws -> [String] {
    let text = "# First\n\n## One\n\n```swift\n\(code.joined(separator: "\n"))\n```\n\nWords.\n"
    let note = try Note.parse(Array(text.utf8), file: "notes/1-first.md").note
    let page = NotePage.lines(
      of: note, step: 0, Presentation(plain: plain, unicode: unicode, width: columns))
    return page.map(\.text)
  }

  @Test(
    "Each line of code stands in the frame, and what continues it is marked",
    arguments: [30, 40, 60, 76, 78, 80, 84, 86, 88, 90, 92, 120])
  func frame(columns: Int) throws {
    let all = try lines(Self.code, columns: columns)
    let start = try #require(all.firstIndex { $0.contains("let name") })
    let end = try #require(all.lastIndex { $0.hasSuffix("}") })
    let frame = all[start].prefix { $0 != "l" }
    #expect(["  │ ", "│ "].contains(frame))
    var continued = 0
    for line in all[start...end] {
      #expect(line.displayWidth <= columns)
      if line.hasPrefix(frame) { continue }
      continued += 1
      #expect(line.hasPrefix(frame.replacing("│", with: "┊") + "    "), "\(line)")
    }
    #expect((continued > 0) == (columns < Self.code.map(\.displayWidth).max()! + 2))
    // Nothing is lost.
    let words = all[start...end].joined().filter { !" │┊".contains($0) }
    #expect(words == Self.code.joined().filter { $0 != " " })
  }

  @Test("A text in code is broken only where it fits no line")
  func strings() throws {
    let all = try lines(
      [#"print("byte \(number), of", terminator: "of padding and more")"#], columns: 50)
    #expect(all.contains { $0.contains(#"┊     "of padding and more")"#) }, "\(all)")
  }

  @Test("In plain text and without Unicode the same holds")
  func plain() throws {
    let ascii = try lines(Self.code, columns: 60, unicode: false)
    #expect(ascii.contains { $0.hasPrefix("  | let name") })
    #expect(ascii.contains { $0.hasPrefix("  :     ") })
    #expect(
      try lines(Self.code, columns: 60, plain: true).contains { $0.hasPrefix("    let name") })
  }
}
