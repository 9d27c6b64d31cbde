import Testing

@testable import NoteFormat

@Suite struct TableTests {
  /// The table of a text, and the blocks around it.
  func table(_ text: String) throws -> Table? {
    let (note, _) = try step(text)
    var tables: [Table] = []
    note.blocks.forEachNested { if case .table(let table) = $0.content { tables.append(table) } }
    return tables.first
  }

  func words(_ table: Table?) -> [[String]] {
    guard let table else { return [] }
    return [table.header.map(\.plainText)] + table.rows.map { $0.map(\.plainText) }
  }

  @Test("A header, a line of dashes and rows are a table with aligned columns")
  func plain() throws {
    let table = try table("| a | b | c |\n| :-- | :-: | --: |\n| 1 | 2 | 3 |\n")
    #expect(words(table) == [["a", "b", "c"], ["1", "2", "3"]])
    #expect(table?.alignments == [.leading, .center, .trailing])
  }

  @Test("The bars at both ends may be left out, and the text before the header is a paragraph")
  func bare() throws {
    let (note, _) = try step("Before.\na | b\n--- | ---\n1 | 2\n\nAfter.\n")
    let blocks = note.steps[0].blocks
    #expect(blocks.count == 3)
    #expect(blocks[0].inlines.plainText == "Before.")
    #expect(blocks[0].range.lines == 5...5)
    #expect(blocks[1].range.lines == 6...8)
    #expect(blocks[2].inlines.plainText == "After.")
  }

  @Test("An escaped bar belongs to its cell, also in code and in a wiki link")
  func escapedBars() throws {
    let table = try table("| a \\| b | c |\n| - | - |\n| `x \\| y` | [[Home\\|start]] |\n")
    #expect(words(table) == [["a | b", "c"], ["x | y", "start"]])
    #expect(table?.rows[0][0] == [.code("x | y")])
  }

  @Test("A row with fewer cells keeps those, and surplus cells are left out")
  func ragged() throws {
    let table = try table("| a | b |\n| - | - |\n| 1 |\n| 1 | 2 | 3 |\nwords\n")
    #expect(words(table) == [["a", "b"], ["1"], ["1", "2"], ["words"]])
  }

  @Test("Dashes that do not fit the header, or have none, are text")
  func noTables() throws {
    #expect(try table("| a | b |\n| - |\n") == nil)
    #expect(try table("| - | - |\n| a | b |\n") == nil)
    #expect(try table("a | b\nc | d\n") == nil)
  }

  @Test("A cell is a line of text, whatever it begins with")
  func noBlocks() throws {
    let table = try table("| # a | - b | > c | 1. d |\n| - | - | - | - |\n| --- | ``` | <b> | |\n")
    #expect(words(table).first == ["# a", "- b", "> c", "1. d"])
    #expect(words(table).last?.prefix(2) == ["---", "```"])
  }

  @Test("A table in a quote and in a list has no marks of them in its cells")
  func nested() throws {
    let quoted = try table("> | a | b |\n> | - | - |\n> | 1 | 2 |\n")
    #expect(words(quoted) == [["a", "b"], ["1", "2"]])
    let listed = try table("1. x\n\n   | a | b |\n   | - | - |\n   | 1 | 2 |\n")
    #expect(words(listed) == [["a", "b"], ["1", "2"]])
  }

  @Test("A link in a cell is defined anywhere in the note, and a wiki link has its place")
  func links() throws {
    let (note, _) = try step("| a |\n| - |\n| [x][r] [[Nobody]] |\n\n[r]: https://example.org/\n")
    var destinations: [String] = []
    note.blocks.forEachNested { $0.inlines.forEachLink { destinations.append($0.destination) } }
    #expect(destinations == ["https://example.org/"])
    var positions: [SourcePosition] = []
    note.forEachWikiLink { positions.append($0.position) }
    #expect(positions == [SourcePosition(line: 7, column: 10)])
  }

  @Test("A formula with a bar is one cell")
  func formulas() throws {
    let table = try table("| $|x|$ | b |\n| - | - |\n")
    #expect(table?.header[0] == [.math(Formula(text: "|x|", isDisplay: false))])
  }
}
