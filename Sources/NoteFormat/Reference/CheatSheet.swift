/// One page to keep of a note: its picture, its three sentences and its numbers.
public struct CheatSheet: Hashable, Sendable {
  /// The note's slug.
  public var note: String
  /// The id of the example whose output is the picture.
  public var example: String
  /// The three sentences.
  public var sentences: [[Inline]]
  /// The numbers: a table with a number and its meaning in each row.
  public var numbers: Table
  /// The same as blocks: a list and a table.
  public var text: [Block]
  /// The position of its heading.
  public var position: SourcePosition
}

/// The cheat sheets of a course, one for each note that has one.
public struct CheatSheets: Sendable {
  /// The sheets in the order of their file.
  public let sheets: [CheatSheet]
  /// The path of the file, for messages.
  public let file: String

  /// Creates the sheets of a course.
  public init(_ sheets: [CheatSheet] = [], file: String = "") {
    self.sheets = sheets
    self.file = file
  }

  /// Parses cheat sheets: a heading with a note's slug, an example's id, three sentences, a table.
  ///
  ///     ## nat-table
  ///
  ///     `nat-stranger`
  ///
  ///     1. First sentence.
  ///     2. Second sentence.
  ///     3. Third sentence.
  ///
  ///     | number | what it is |
  ///     | --- | --- |
  ///     | 300 s | how long a mapping lasts |
  ///
  /// - Returns: the sheets that could be read, and all violations in file order.
  /// - Throws: a `Problem` only if the text is no note at all (see `Note.parse`).
  public static func parse(
    _ bytes: [UInt8], file: String
  ) throws(Problem) -> (sheets: CheatSheets, problems: [Problem]) {
    let (note, found) = try Note.parse(bytes, file: file)
    var sheets: [CheatSheet] = []
    var problems = found
    for step in note.steps {
      do throws(Problem) {
        sheets.append(try sheet(of: step, file: file))
      } catch {
        problems.append(error)
      }
    }
    return (CheatSheets(sheets, file: file), problems.sorted { $0.position < $1.position })
  }

  private static func sheet(of step: Step, file: String) throws(Problem) -> CheatSheet {
    let name = step.title.plainText
    func problem(_ index: Int, _ message: String) -> Problem {
      let position =
        step.blocks.indices.contains(index) ? step.blocks[index].range.start : step.range.start
      return Problem(file: file, position: position, message: message)
    }
    guard step.blocks.count == 3 else {
      throw problem(
        -1, "the sheet of '\(name)' needs an example's name, three sentences and a table")
    }
    guard case .paragraph(let inlines) = step.blocks[0].content, inlines.count == 1,
      case .code(let example) = inlines[0]
    else { throw problem(0, "name the example whose output is the picture: `some-id`") }
    guard case .list(let list) = step.blocks[1].content, list.start == 1 else {
      throw problem(1, "the sentences are a list that counts from 1")
    }
    let sentences = list.items.compactMap { item -> [Inline]? in
      guard item.count == 1, case .paragraph(let inlines) = item[0].content else { return nil }
      return inlines
    }
    guard sentences.count == 3, list.items.count == 3 else {
      throw problem(1, "a sheet has three sentences, and this one \(list.items.count)")
    }
    guard case .table(let table) = step.blocks[2].content, table.header.count == 2,
      !table.rows.isEmpty, table.rows.allSatisfy({ $0.count == 2 })
    else { throw problem(2, "the numbers are a table of two columns") }
    return CheatSheet(
      note: name, example: example, sentences: sentences, numbers: table,
      text: Array(step.blocks.dropFirst()), position: step.range.start)
  }

  /// The sheet of a note; nil if it has none.
  public func sheet(of note: Note) -> CheatSheet? {
    sheets.first { $0.note == note.slug }
  }

  /// Problems between the sheets and a course: notes and examples that do not exist, or print nothing.
  public func problems(in course: Course) -> [Problem] {
    sheets.compactMap { sheet in
      func problem(_ message: String) -> Problem {
        Problem(file: file, position: sheet.position, message: message)
      }
      guard let note = course.notes.first(where: { $0.slug == sheet.note }) else {
        return problem(
          "no note is called '\(sheet.note)'"
            + Suggestion.phrase(for: sheet.note, among: course.notes.map(\.slug)))
      }
      guard let example = note.examples.first(where: { $0.id == sheet.example }) else {
        return problem(
          "note '\(note.slug)' has no example '\(sheet.example)'"
            + Suggestion.phrase(for: sheet.example, among: note.examples.map(\.id)))
      }
      return example.output == nil ? problem("example '\(example.id)' prints nothing") : nil
    }
  }
}
