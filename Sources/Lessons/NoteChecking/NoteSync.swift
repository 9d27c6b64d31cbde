public import NoteFormat
public import ProgramSupport

/// Updates the generated parts of the notes: outputs, quotations and the digests of checks.
public struct NoteSync {
  /// The files that were changed, relative to the project's root.
  public private(set) var changedFiles: [String] = []
  /// The examples whose output could not be written because they failed.
  public private(set) var problems: [Problem] = []

  private let workspace: Workspace
  private let library: NoteLibrary
  private let executable: String

  /// Runs all examples and writes the files.
  ///
  /// - Throws: `WorkbookError.badData` if a note cannot be parsed or is newer than the program;
  ///   `missing` if a file cannot be read or written.
  public init(
    _ workspace: Workspace, library: NoteLibrary, executable: String
  ) throws(WorkbookError) {
    self.workspace = workspace
    self.library = library
    self.executable = executable
    let disk = try NotesOnDisk(workspace)
    for note in disk.course.notes {
      guard let text = disk.texts[note.file] else { continue }
      let edits = try edits(for: note, text: text)
      try save(TextEdit.apply(edits, to: text), over: text, to: note.file)
    }
    let digests = ChecksDigest.path(in: workspace)
    let old = (try? readFile(digests)).map { String(decoding: $0, as: UTF8.self) } ?? ""
    try save(ChecksDigest.text(for: workspace), over: old, to: workspace.display(digests))
  }

  private mutating func save(_ new: String, over old: String, to file: String) throws(WorkbookError)
  {
    guard new != old else { return }
    try writeFile("\(workspace.root)/\(file)", new)
    changedFiles.append(file)
  }

  private mutating func edits(for note: Note, text: String) throws(WorkbookError) -> [TextEdit] {
    guard let compiled = library.notes.first(where: { $0.file == note.file }), compiled.text == text
    else {
      throw .badData([
        Problem(
          file: note.file, position: SourcePosition(line: 1, column: 1),
          message: "the program was built before this note was changed; run ./workbook once more")
      ])
    }
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    var edits: [TextEdit] = []
    for example in note.examples {
      guard let printed = try printed(by: example, in: note) else { continue }
      if let output = example.output {
        let updated =
          example.mode == .fails ? printed : OutputPattern(output.text).updated(with: printed)
        if updated != output.text {
          edits.append(TextEdit(replacing: output, with: updated, lines))
        }
      } else if !printed.isEmpty {
        edits.append(TextEdit(insertingOutput: printed, after: example.code, lines))
      }
    }
    for quotation in note.quotations {
      // 'notes check' reports a missing region.
      if let source = try? SourceRegion.text(
        path: quotation.path, region: quotation.region, in: workspace),
        source != quotation.code.text
      {
        edits.append(TextEdit(replacing: quotation.code, with: source, lines))
      }
    }
    return edits
  }

  /// The new text of the example's output; nil if it needs no change or the example failed.
  private mutating func printed(
    by example: Example, in note: Note
  ) throws(WorkbookError) -> String? {
    switch example.mode {
    case .fails:
      let refused = try RefusedExample(example, in: note, workspace: workspace)
      return refused.isAsPromised && example.output != nil
        ? nil : refused.messages.map { $0 + "\n" }.joined()
    case .runs:
      let run = try ExampleRun(example, executable: executable)
      if let complaint = run.complaint {
        problems.append(
          Problem(
            file: note.file, position: example.code.range.start,
            message: "example '\(example.id)': \(complaint)"))
        return nil
      }
      return run.output
    }
  }
}

/// A replacement of whole lines of a note.
struct TextEdit {
  /// The lines to replace, counted from 1; empty for an insertion.
  var lines: Range<Int>
  var replacement: [String]

  /// Replaces the text of a fence.
  init(replacing fence: FencedText, with text: String, _ lines: [Substring]) {
    let closing = lines[fence.range.lines.upperBound - 1].drop { $0 == " " || $0 == ">" }
    let isClosed = closing.hasPrefix("```") || closing.hasPrefix("~~~")
    self.lines = fence.firstLine..<(isClosed ? fence.range.endLine : fence.range.endLine + 1)
    let prefix = Self.prefix(of: fence, lines)
    replacement = OutputPattern.lines(of: text).map {
      $0.isEmpty && prefix.allSatisfy { $0 == " " } ? "" : prefix + $0
    }
  }

  /// Inserts an output fence after an example.
  init(insertingOutput text: String, after fence: FencedText, _ lines: [Substring]) {
    self.lines = (fence.range.endLine + 1)..<(fence.range.endLine + 1)
    let prefix = Self.prefix(of: fence, lines)
    var mark = "```"
    while text.contains(mark) { mark += "`" }
    replacement = ["", mark + "output"] + OutputPattern.lines(of: text) + [mark]
    replacement = replacement.map { $0.isEmpty ? $0 : prefix + $0 }
  }

  /// The text before the opening fence, with spaces in place of a list marker.
  private static func prefix(of fence: FencedText, _ lines: [Substring]) -> String {
    String(
      lines[fence.range.start.line - 1].prefix(fence.indentation).map { $0 == ">" ? ">" : " " })
  }

  static func apply(_ edits: [TextEdit], to text: String) -> String {
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    // From the end, which keeps earlier line numbers valid.
    for edit in edits.sorted(by: { $0.lines.lowerBound > $1.lines.lowerBound }) {
      lines.replaceSubrange(
        (edit.lines.lowerBound - 1)..<(edit.lines.upperBound - 1), with: edit.replacement)
    }
    return lines.joined(separator: "\n")
  }
}
