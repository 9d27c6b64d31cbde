import Glibc
import NoteFormat
public import ProgramSupport

/// The files of an exercise in `Exercises/ID/`.
public struct ExerciseFolder: Sendable {
  /// The id of the exercise, which names its folder.
  public let id: String
  /// The workspace that contains the exercise.
  public let workspace: Workspace

  /// Finds an exercise by its id.
  ///
  /// - Throws: `WorkbookError.usage` if there is no such exercise, with a suggestion.
  public init(_ id: String, in workspace: Workspace) throws(WorkbookError) {
    self.id = id
    self.workspace = workspace
    guard Self.ids(in: workspace).contains(id) else {
      let hint = Suggestion.phrase(for: id, among: Self.ids(in: workspace))
      throw .usage(
        "no exercise is called '\(id)'" + (hint.isEmpty ? "; 'workbook list' names them" : hint))
    }
  }

  /// The ids of all exercises, sorted.
  public static func ids(in workspace: Workspace) -> [String] {
    names(in: workspace.exercisesFolder).filter {
      isFile("\(workspace.exercisesFolder)/\($0)/Exercise.swift")
    }
  }

  private var folder: String { "\(workspace.exercisesFolder)/\(id)" }
  /// The path of the file that the learner starts from.
  public var skeleton: String { folder + "/Exercise.swift" }
  /// The path of the checks.
  public var checks: String { folder + "/Checks.swift" }
  /// The path of the solution.
  public var solution: String { folder + "/Solution.swift" }
  /// The path of the learner's answer.
  public var answer: String { "\(workspace.answersFolder)/\(id).swift" }
  /// Whether the learner has an answer.
  public var hasAnswer: Bool { isFile(answer) }

  /// Whether an answer to an exercise exists, without checking that the exercise does.
  public static func hasAnswer(to id: String, in workspace: Workspace) -> Bool {
    isFile("\(workspace.answersFolder)/\(id).swift")
  }

  /// The known mistakes, sorted by file name.
  ///
  /// - Throws: `WorkbookError.badData` if a file does not start with its two comments.
  public func mistakes() throws(WorkbookError) -> [Mistake] {
    var mistakes: [Mistake] = []
    for name in names(in: folder + "/Mistakes") where name.hasSuffix(".swift") {
      mistakes.append(try Mistake("\(folder)/Mistakes/\(name)", in: workspace))
    }
    return mistakes
  }

  /// Copies the skeleton to the answer unless there is an answer.
  ///
  /// - Returns: whether the answer is new; an existing answer is never changed.
  /// - Throws: `WorkbookError.notWritten` if it cannot be written; there is no answer then.
  @discardableResult
  public func start() throws(WorkbookError) -> Bool {
    guard !hasAnswer else { return false }
    let fresh = try readFile(skeleton)
    do {
      try makeFolder(workspace.answersFolder)
      try writeNewFile(answer, fresh)
    } catch {
      throw error.naming("WORKBOOK_ANSWERS")
    }
    return true
  }
}

/// A known mistake: a common wrong answer with an explanation for the learner.
public struct Mistake: Sendable {
  /// The path of the file.
  public let path: String
  /// The display name of the first check that fails on it.
  public let failingCheck: String
  /// The explanation for the learner.
  public let sentence: String

  /// Parses the start of the file: `// Fails: <check>`, then comments with the explanation.
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
  /// The exercises that have an answer, most recently changed first.
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
  /// The text of the solution.
  ///
  /// - Throws: `WorkbookError.missing` if the file is missing.
  public func solutionText() throws(WorkbookError) -> String {
    String(decoding: try readFile(solution), as: UTF8.self)
  }
}
