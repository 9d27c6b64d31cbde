import Foundation
import Testing

/// docs/field-reports.md and the tests that it names.
@Suite struct FieldReportPageTests {
  /// A row of one of the page's tables.
  struct Row {
    var id: String
    var place: String
    /// The tests that it names: suite and function.
    var tests: [(suite: String, function: String)]
    /// Whether it says that the part is not built, or that the report is not met.
    var isOpen: Bool
  }

  let rows: [Row]
  /// The functions of each test suite, by its name.
  let functions: [String: Set<String>]
  let files: [SourceFile]

  init() throws {
    files = try Repository.swiftFiles(in: "Tests")
    functions = files.reduce(into: [:]) { functions, file in
      let suites = file.lines.compactMap { $0.firstMatch(of: /\bstruct (\w+Tests)\b/)?.output.1 }
      let names = file.lines.compactMap { $0.firstMatch(of: /\bfunc (\w+)/)?.output.1 }
      for suite in suites {
        functions[String(suite), default: []].formUnion(names.map(String.init))
      }
    }
    let text = try Repository.text("docs/field-reports.md")
    rows = text.split(separator: "\n").compactMap { line in
      let cells = line.split(separator: "|", omittingEmptySubsequences: false)
        .map { $0.trimmingCharacters(in: .whitespaces) }
      guard cells.count == 7, cells[1].wholeMatch(of: /[TI]\d+|N\d+/) != nil else { return nil }
      let tests = cells[5].matches(of: /`(\w+)\.(\w+)`/).map {
        (suite: String($0.output.1), function: String($0.output.2))
      }
      let isOpen = ["Not built", "Not met"].contains { cells[4].contains($0) }
      return Row(id: cells[1], place: cells[2], tests: tests, isOpen: isOpen)
    }
    try #require(rows.count > 40)
  }

  @Test("No report has two rows, and each has a test or says that it is open")
  func complete() {
    #expect(Set(rows.map(\.id)).count == rows.count)
    let silent = rows.filter { $0.tests.isEmpty && !$0.isOpen }
    #expect(silent.map(\.id) == [])
  }

  @Test("Every test that a row names exists")
  func tests() {
    for row in rows {
      for test in row.tests {
        #expect(
          functions[test.suite]?.contains(test.function) == true,
          "\(row.id): \(test.suite).\(test.function)")
      }
    }
  }

  @Test("Every report that a test cites has a row, with the same place")
  func citations() {
    var cited: Set<String> = []
    for file in files {
      for line in file.lines {
        guard let match = line.firstMatch(of: /\.report\("(\w+)", "([^"]+)"\)/) else { continue }
        let (id, place) = (String(match.output.1), String(match.output.2))
        cited.insert(id)
        #expect(rows.first { $0.id == id }?.place == place, "\(file.path): \(id), \(place)")
      }
    }
    #expect(cited.count > 15)
  }
}
