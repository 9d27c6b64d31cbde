import NoteFormat
import Testing

@Suite struct CheatSheetTests {
  static let file = "notes/reference/cheatsheets.md"
  static let sample = """
    ## table

    `picture`

    1. One.
    2. *Two*.
    3. Three.

    | number | what it is |
    | --- | --- |
    | 300 s | long |

    """

  private func parse(_ text: String) throws -> (sheets: CheatSheets, problems: [String]) {
    let (sheets, problems) = try CheatSheets.parse(
      Array(("# Sheets\n\n" + text).utf8), file: Self.file)
    return (sheets, problems.map(\.description))
  }

  @Test("A sheet has a note, an example, three sentences and numbers")
  func sheet() throws {
    let (sheets, problems) = try parse(Self.sample)
    #expect(problems == [])
    let sheet = try #require(sheets.sheets.first)
    #expect(sheet.note == "table")
    #expect(sheet.example == "picture")
    #expect(sheet.sentences.map(\.plainText) == ["One.", "Two.", "Three."])
    #expect(sheet.numbers.rows.map { $0.map(\.plainText) } == [["300 s", "long"]])
    #expect(sheet.text.count == 2)
  }

  @Test(
    "What breaks the format is told with its place",
    arguments: [
      ("`picture`", "picture", "5:1: name the example"),
      ("`picture`\n\n", "", "3:1: the sheet of 'table' needs"),
      ("3. Three.\n", "", "7:1: a sheet has three sentences, and this one 2"),
      ("1. One.\n", "4. One.\n", "7:1: the sentences are a list that counts from 1"),
      ("| 300 s | long |", "", "11:1: the numbers are a table of two columns"),
      ("| 300 s | long |", "| 300 s |", "11:1: the numbers are a table of two columns"),
    ])
  func problems(part: String, replacement: String, expected: String) throws {
    let (sheets, problems) = try parse(Self.sample.replacing(part, with: replacement))
    #expect(sheets.sheets.isEmpty)
    #expect(problems.count == 1)
    #expect(problems.first?.hasPrefix("\(Self.file):\(expected)") == true, "\(problems)")
  }

  @Test("A sheet names a note and an example of it that prints something")
  func besideCourse() throws {
    let sheets = try parse(Self.sample).sheets
    func problems(_ text: String, file: String = "notes/02-table.md") throws -> [String] {
      let note = try Note.parse(Array("# Table\n\n## One\n\n\(text)\n".utf8), file: file).note
      return sheets.problems(in: Course([note])).map(\.description)
    }
    let example = "```swift id=picture\nprint(1)\n```\n"
    #expect(try problems(example + "\n```output\n1\n```\n") == [])
    #expect(
      try problems(example) == ["\(Self.file):3:1: example 'picture' prints nothing"])
    #expect(
      try problems(example.replacing("picture", with: "pictures"))
        == [
          "\(Self.file):3:1: note 'table' has no example 'picture'; did you mean 'pictures'?"
        ])
    #expect(
      try problems(example, file: "notes/02-tables.md")
        == ["\(Self.file):3:1: no note is called 'table'; did you mean 'tables'?"])
  }
}
