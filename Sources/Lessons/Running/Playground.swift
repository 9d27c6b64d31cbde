public import NoteFormat
public import ProgramSupport

/// The learner's copy of an example, to be changed and run; nothing done with it is progress.
///
/// The copy is `answers/play/ID.swift`. It holds the code of the examples that are continued, then a
/// line of comment, then the example's own code, whose output is shown.
public struct Playground: Sendable {
  /// The example of the note.
  public let example: Example
  private let note: Note
  private let workspace: Workspace
  private let isOwn: Bool

  /// Creates the playground of an example of a note.
  ///
  /// - Parameter isOwn: whether the note is the user's own; ids of such notes are not unique.
  public init(_ example: Example, in note: Note, workspace: Workspace, isOwn: Bool = false) {
    self.isOwn = isOwn
    self.example = example
    self.note = note
    self.workspace = workspace
  }

  /// The path of the copy.
  public var path: String {
    let name = example.id.replacing("/", with: "-")
    let file = (try? absolutePath(note.file)) ?? note.file
    let owner = isOwn ? "own-" + sha256(Array(file.utf8)).prefix(8) + "-" : ""
    return "\(workspace.answersFolder)/play/\(owner)\(name).swift"
  }

  /// The comment after which the output is shown.
  static let mark = "// From here on the output is shown."

  /// The text of a fresh copy.
  var freshText: String {
    var text = """
      // A copy of the example \(example.id), to play with.
      // It is from \(note.slug). Nothing here is counted.


      """
    let chain = ExampleFunctions(of: note).chain(endingWith: example)
    for earlier in chain.dropLast() { text += earlier.code.text + "\n" }
    return text + Self.mark + "\n" + example.code.text
  }

  /// Makes the copy unless there is one.
  ///
  /// - Returns: whether it is new.
  /// - Throws: `WorkbookError.notWritten` if it cannot be written; there is no copy then.
  @discardableResult
  public func start() throws(WorkbookError) -> Bool {
    guard !isFile(path) else { return false }
    do {
      try makeFolder(workspace.answersFolder + "/play")
      try writeNewFile(path, Array(freshText.utf8))
    } catch {
      throw error.naming("WORKBOOK_ANSWERS")
    }
    return true
  }

  /// Makes a fresh copy, and keeps a changed one as a backup.
  ///
  /// - Returns: the path of the backup, `answers/play/ID.swift.1~` or the next free number; nil if there
  ///   was no copy, or nothing was changed in it.
  /// - Throws: `WorkbookError.notWritten` if files cannot be written; the copy is then unchanged.
  @discardableResult
  public func reset() throws(WorkbookError) -> String? {
    guard isFile(path) else {
      try start()
      return nil
    }
    return try replaceKeepingBackup(path, with: Array(freshText.utf8))
  }

  /// The state of the copy's file; it changes when the copy is saved.
  public var stamp: some Equatable { FileStamp(path) }

  /// The line of the copy that begins the example's own code.
  public var firstLine: Int {
    let lines = freshText.split(separator: "\n", omittingEmptySubsequences: false)
    return (lines.firstIndex { $0 == Self.mark[...] } ?? 0) + 2
  }

  /// Compiles and runs the copy.
  ///
  /// - Throws: `WorkbookError.missing` if there is no copy or no compiler, or `interrupted`. Code that
  ///   does not compile, or crashes, is a result.
  public func run(
    isUnwanted: () -> Bool = { false }, onOutput: (ArraySlice<UInt8>) -> Void = { _ in }
  ) throws(WorkbookError) -> ExampleRun {
    let (earlier, own) = examples(of: String(decoding: try readFile(path), as: UTF8.self))
    let program = OwnProgram(own, among: [earlier, own], file: workspace.display(path))
    let compilation = try program.compiled(in: workspace)
    guard let executable = compilation.executable else {
      return ExampleRun(own, doesNotCompile: compilation.messages)
    }
    let limit = example.timeLimit ?? ExampleRun.usualTimeLimit
    let outcome = try ChildProcess.run(
      executable, [], in: workspace.root, environment: ["SWIFT_BACKTRACE": "enable=no"],
      limits: .init(time: .seconds(limit)), side: ShownPictures.stream, isUnwanted: isUnwanted,
      onOutput: onOutput)
    if outcome.ending == .interrupted { throw .interrupted }
    return ExampleRun(own: own, outcome)
  }

  /// The code before the mark and the code after it, at their lines in the file.
  func examples(of text: String) -> (earlier: Example, own: Example) {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    let mark = lines.firstIndex { $0.trimmingSpaces == Self.mark[...] }
    var earlier = example
    (earlier.id, earlier.mode, earlier.after, earlier.output) = ("earlier", .runs, nil, nil)
    var own = example
    own.mode = .runs
    own.after = .init(name: earlier.id, position: SourcePosition(line: 2, column: 1))
    earlier.code = code(lines[..<(mark ?? 0)], firstLine: 1)
    own.code = code(lines[(mark.map { $0 + 1 } ?? 0)...], firstLine: (mark ?? -1) + 2)
    return (earlier, own)
  }

  private func code(_ lines: ArraySlice<Substring>, firstLine: Int) -> FencedText {
    var code = example.code
    code.text = lines.map { $0 + "\n" }.joined()
    code.indentation = 0
    code.range = SourceRange(
      start: SourcePosition(line: firstLine - 1, column: 1), endLine: firstLine + lines.count)
    return code
  }
}

extension Substring {
  fileprivate var trimmingSpaces: Substring {
    var text = drop { $0 == " " }
    while text.last == " " || text.last == "\r" { text.removeLast() }
    return text
  }
}
