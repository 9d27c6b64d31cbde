import Glibc
import NoteFormat
public import ProgramSupport

/// An exercise's files below `Exercises/ID/`.
public struct ExerciseFolder: Sendable {
  public let id: String
  public let workspace: Workspace

  /// - Throws: `WorkbookError.usage` where there is no such exercise, with the one probably meant.
  public init(_ id: String, in workspace: Workspace) throws(WorkbookError) {
    self.id = id
    self.workspace = workspace
    guard Self.ids(in: workspace).contains(id) else {
      let hint = Suggestion.phrase(for: id, among: Self.ids(in: workspace))
      throw .usage(
        "no exercise is called '\(id)'" + (hint.isEmpty ? "; 'workbook list' names them" : hint))
    }
  }

  /// Every exercise there is a folder for, sorted.
  public static func ids(in workspace: Workspace) -> [String] {
    names(in: workspace.exercisesFolder).filter {
      isFile("\(workspace.exercisesFolder)/\($0)/Exercise.swift")
    }
  }

  private var folder: String { "\(workspace.exercisesFolder)/\(id)" }
  public var skeleton: String { folder + "/Exercise.swift" }
  public var checks: String { folder + "/Checks.swift" }
  public var solution: String { folder + "/Solution.swift" }
  /// Where the learner's answer lies.
  public var answer: String { "\(workspace.answersFolder)/\(id).swift" }
  public var hasAnswer: Bool { isFile(answer) }

  /// Whether there is an answer to an exercise, without a look at the exercise itself.
  public static func hasAnswer(to id: String, in workspace: Workspace) -> Bool {
    isFile("\(workspace.answersFolder)/\(id).swift")
  }

  /// The mistakes that learners are known to make, by name.
  ///
  /// - Throws: `WorkbookError.badData` where a mistake's file does not open with its two comments.
  public func mistakes() throws(WorkbookError) -> [Mistake] {
    var mistakes: [Mistake] = []
    for name in names(in: folder + "/Mistakes") where name.hasSuffix(".swift") {
      mistakes.append(try Mistake("\(folder)/Mistakes/\(name)", in: workspace))
    }
    return mistakes
  }

  /// Gives the learner the skeleton to write in.
  ///
  /// - Returns: whether there was no answer yet; an answer that is there is never touched.
  @discardableResult
  public func start() throws(WorkbookError) -> Bool {
    guard !hasAnswer else { return false }
    try makeFolder(workspace.answersFolder)
    try writeNewFile(answer, try readFile(skeleton))
    return true
  }
}

/// A wrong answer that learners often give, with what to tell them.
public struct Mistake: Sendable {
  public let path: String
  /// The display name of the check that fails on it first.
  public let failingCheck: String
  public let sentence: String

  /// Reads the file's opening: `// Fails: <check>`, then comments that are the sentence.
  init(_ path: String, in workspace: Workspace) throws(WorkbookError) {
    self.path = path
    let lines = String(decoding: try readFile(path), as: UTF8.self)
      .split(separator: "\n", omittingEmptySubsequences: false)
    let sentence = lines.dropFirst().prefix { $0.hasPrefix("//") && !$0.hasPrefix("///") }
      .map { $0.drop { $0 == "/" || $0 == " " } }.joined(separator: " ")
    guard let first = lines.first, first.hasPrefix("// Fails: "), !sentence.isEmpty else {
      throw .badData([
        Problem(
          file: workspace.display(path), position: SourcePosition(line: 1, column: 1),
          message:
            "a mistake opens with '// Fails: <check>' and then '// <what to tell the learner>'")
      ])
    }
    failingCheck = String(first.dropFirst("// Fails: ".count))
    self.sentence = sentence
  }
}

extension ExerciseFolder {
  /// The exercises that have an answer, the one changed last first.
  public static func answered(in workspace: Workspace) throws(WorkbookError) -> [ExerciseFolder] {
    var answered: [(folder: ExerciseFolder, changed: timespec)] = []
    for id in ids(in: workspace) {
      let folder = try ExerciseFolder(id, in: workspace)
      var status = stat()
      if stat(folder.answer, &status) == 0 { answered.append((folder, status.st_mtim)) }
    }
    return answered.sorted {
      ($0.changed.tv_sec, $0.changed.tv_nsec) > ($1.changed.tv_sec, $1.changed.tv_nsec)
    }.map(\.folder)
  }
}

extension ExerciseFolder {
  /// One solution of many.
  ///
  /// - Throws: `WorkbookError.missing` where the file is gone.
  public func solutionText() throws(WorkbookError) -> String {
    String(decoding: try readFile(solution), as: UTF8.self)
  }
}
